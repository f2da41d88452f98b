"""The verb of importing: a transaction of its own around everything that comes in.

It is not the request's unit of work. On SQLite that would hold the one writer's turn while
lines are still being read.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from sqlalchemy import Connection, text

from app.annotations.queries import works_blind
from app.exchange.imports.entries import Entry
from app.exchange.imports.lite import SqliteStore
from app.exchange.imports.postgres import PostgresStore
from app.exchange.imports.reporting import Report
from app.exchange.imports.running import Advance, run
from app.exchange.imports.stores import Store
from app.exchange.policy import RULES
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.errors import Conflict, Invalid, Unavailable
from app.kernel.offsets import Unit
from app.kernel.permissions import allows, require


@dataclass(frozen=True, slots=True)
class Asked:
    """How to import: `abort` leaves nothing behind when something is wrong, `dry_run` never
    writes. `longest` is how many code points a text may have, `seconds` how long PostgreSQL
    works on one statement, or lets one wait.
    """

    abort: bool = True
    dry_run: bool = False
    unit: Unit = Unit.CODEPOINT
    longest: int = 1_000_000
    seconds: int = 3600


def bring_in(
    database: Database,
    actor: Actor,
    entries: Iterable[Entry],
    asked: Asked,
    advance: Advance = lambda _count: None,
) -> Report:
    """Import the entries into the project that the actor stands in.

    Raises Invalid with every error (the first thousand in full) where one aborts it, and
    Conflict where somebody else brought in the same things meanwhile.
    """
    require(RULES, "import", actor)
    with _store(database, actor, asked) as store:
        report = run(
            actor,
            store,
            entries,
            keeps=allows(RULES, "restore", actor),
            unit=asked.unit,
            longest=asked.longest,
            advance=advance,
        )
        if report.failed and asked.abort:
            raise _aborted(report, asked)
        if not asked.dry_run:
            store.finish(together=asked.abort)
    return report


@contextmanager
def _store(database: Database, actor: Actor, asked: Asked) -> Iterator[Store]:
    """A store on a connection of its own; what was written stands if nothing is raised."""
    with database.writer.connect() as connection, _in_our_words():
        store = _opened(connection, actor, asked)
        try:
            yield store
            if asked.dry_run:
                connection.rollback()
            else:
                connection.commit()
        finally:
            connection.rollback()
            store.close()


def _opened(connection: Connection, actor: Actor, asked: Asked) -> Store:
    blind = actor.id if works_blind(actor) else None
    if connection.dialect.name == "sqlite":
        return SqliteStore(connection, actor.project.id, blind)
    connection.begin()
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(_SET, {"name": name, "value": f"{asked.seconds}s"})
    return PostgresStore(connection, actor.project.id, blind)


_SET = text("SELECT set_config(:name, :value, true)")


def _aborted(report: Report, asked: Asked) -> Invalid:
    document = report.document(dry_run=asked.dry_run)
    many = f"{report.failed} thing{'s are' if report.failed > 1 else ' is'}"
    return Invalid(
        f"{many} wrong, so nothing was imported. `on_error=skip` keeps the rest.",
        code="import_failed",
        errors=document.pop("errors"),
        failed=report.failed,
        dry_run=asked.dry_run,
    )


@contextmanager
def _in_our_words() -> Iterator[None]:
    """The drivers' errors as refusals: they were asked without SQLAlchemy between."""
    try:
        yield
    except (psycopg.errors.IntegrityError, sqlite3.IntegrityError):
        told = "Somebody brought in the same, or took away what this refers to. Repeat the import."
        raise Conflict(told, code="changed_meanwhile") from None
    except sqlite3.OperationalError as error:
        full = "full" in str(error)
        told = "There is no room left on the server's disk." if full else "The database is busy."
        raise Unavailable(told, code="disk_full" if full else "unavailable") from None
    except psycopg.errors.DiskFull:
        raise Unavailable("The database's disk is full.", code="disk_full") from None
    except psycopg.OperationalError:
        raise Unavailable("The database is busy or away. Try again.") from None
