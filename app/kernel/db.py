"""The database: one unit of work a request, on either engine.

`session()` is the session of the unit of work that is open in this context. A unit of work
that writes commits once, at its end; one that only reads is refused writes by the database
itself. What must survive a refusal, such as a count of failed sign-ins, is written `apart()`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable, MetaData, Row
from sqlalchemy.orm import DeclarativeBase, Session

from app.kernel.engines import ASKS, Tuning, make_engines

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table; constraints have names, so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMES)


class Database:
    """One database with two doors: `writer` for units of work, `reader` for what only reads."""

    def __init__(self, url: str, tuning: Tuning | None = None) -> None:
        self.writer, self.reader = make_engines(url, tuning or Tuning())

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.writer.dialect.name

    def dispose(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


_current: ContextVar[Session] = ContextVar("session")
_database: ContextVar[Database] = ContextVar("database")


def session() -> Session:
    """The session of the unit of work that is open here."""
    return _current.get()


def run(
    statement: Executable,
    given: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    options: Mapping[str, Any] | None = None,
) -> CursorResult[*tuple[Any, ...]]:
    """The result of a statement about tables, in the unit of work that is open here.

    The session is asked for its connection once and not at each statement, as `execute` does
    for the sake of the things that it keeps; the busiest paths keep none.
    """
    info = session().info
    connection: Connection | None = info.get("connection")
    if connection is None or connection.closed:
        connection = info["connection"] = session().connection()
    return connection.execute(statement, given, execution_options=options)


def ask(statement: Executable, given: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """The rows of a question that comes before anything is written, or changed on the strength
    of it without a look of its own.

    On SQLite a unit of work takes its turn among the writers with its first other statement. So
    nobody waits to learn that they may not write, and others write while it checks. PostgreSQL
    sees what is committed at each statement anyhow.
    """
    return run(statement, given, ASKS).all()


def database() -> Database:
    """The database of the unit of work that is open here."""
    return _database.get()


def dialect() -> str:
    """The engine in use, where a statement must differ: `sqlite` or `postgresql`."""
    return _database.get().dialect


@contextmanager
def _open(of: Database, engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False, autoflush=False) as opened:
        tokens = _current.set(opened), _database.set(of)
        try:
            yield opened
        finally:
            _current.reset(tokens[0])
            _database.reset(tokens[1])


@contextmanager
def unit_of_work(of: Database) -> Iterator[Session]:
    """Everything inside happens together or not at all."""
    with _open(of, of.writer) as opened:
        try:
            yield opened
            for step in opened.info.pop("before_commit", ()):
                step()
            opened.commit()
        except BaseException:
            opened.rollback()
            for step in opened.info.pop("after_rollback", ()):
                step()
            raise
        for step in opened.info.pop("after_commit", ()):
            step()


@contextmanager
def reading(of: Database) -> Iterator[Session]:
    """A session that only reads; the database refuses it writes."""
    with _open(of, of.reader) as opened:
        yield opened


@contextmanager
def apart(of: Database) -> Iterator[Session]:
    """A unit of work of its own, for what must stay whatever becomes of the request's.

    The request's own unit must not have begun to write: on SQLite there is one writer.
    """
    with unit_of_work(of) as opened:
        yield opened


def before_commit(step: Callable[[], Any]) -> None:
    """Do this as the last thing inside the transaction."""
    session().info.setdefault("before_commit", []).append(step)


def after_commit(step: Callable[[], Any]) -> None:
    """Do this once the transaction stands; never, if it is rolled back."""
    session().info.setdefault("after_commit", []).append(step)


def after_rollback(step: Callable[[], Any]) -> None:
    """Do this if the transaction fails, at its commit even; the session is free by then."""
    session().info.setdefault("after_rollback", []).append(step)
