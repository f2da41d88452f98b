"""What every command stands in: the application, one unit of work, and plain words on failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import click
from flask import current_app
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.kernel.db import Database, reading, unit_of_work
from app.kernel.engines import Tuning
from app.kernel.errors import Refused
from app.kernel.migrations import newest_migration, present_migration
from app.web.application import Application

EVER = 7 * 86_400
"""Seconds that a statement of a long command may take: nobody waits for an answer."""


def application() -> Application:
    """The application whose command runs."""
    return cast(Application, current_app)


@contextmanager
def plainly() -> Iterator[None]:
    """What was refused or broken inside is told in a sentence, with exit code 1."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(_sentences(refusal)) from None
    except DBAPIError as error:
        where = make_url(application().config["DATABASE_URL"]).render_as_string()
        reason = str(error.orig).strip().splitlines() or [type(error).__name__]
        raise click.ClickException(f"The database {where} says: {reason[0]}") from None


@contextmanager
def working() -> Iterator[Session]:
    """One unit of work on a database that has every migration."""
    with plainly():
        require_migrated()
        with unit_of_work(application().database) as session:
            yield session


@contextmanager
def patiently() -> Iterator[Database]:
    """The database for what may take long: PostgreSQL stops none of its statements."""
    url = application().config["DATABASE_URL"]
    opened = Database(url, Tuning(pool_size=1, statement_timeout=0))
    try:
        with plainly():
            yield opened
    finally:
        opened.dispose()


@contextmanager
def snapshot() -> Iterator[Session]:
    """A patient session that sees one moment of the database, however long it reads."""
    with patiently() as database, database.reader.connect() as connection:
        if database.dialect == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with Session(connection) as session:
            yield session


def require_migrated() -> None:
    """Refuse to go on with a database that is not at this version's newest migration."""
    with reading(application().database) as session:
        have = present_migration(session.connection())
    if have != newest_migration():
        raise click.ClickException(
            f"The database is at migration {have or 'none'}, this version needs "
            f"{newest_migration()}: run `flask --app wsgi db upgrade` first."
        )


def pairs(given: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE arguments as parameters; a usage error where one is not of this shape."""
    found = [one.partition("=") for one in given]
    for name, equals, _ in found:
        if not (name and equals):
            raise click.UsageError(f"Write --where as NAME=VALUE, not {name!r}.")
    return {name: value for name, _, value in found}


def _sentences(refusal: Refused) -> str:
    if not refusal.errors:
        return refusal.detail
    return "\n".join(
        f"{error['pointer'].lstrip('/') or 'input'}: {error['detail']}" for error in refusal.errors
    )
