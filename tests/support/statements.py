"""Counting what is asked of the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.kernel.db import Database

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def count_statements(database: Database) -> Iterator[list[str]]:
    """The statements executed inside, on both doors; not those that only frame a transaction."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(_FRAME):
            seen.append(statement)

    with _before_each(database, note):
        yield seen


@contextmanager
def plans(database: Database, words: str) -> Iterator[list[str]]:
    """How the database goes about each statement inside that has these words.

    PostgreSQL is told not to read whole tables, as it otherwise does while they are small.
    """
    seen: list[str] = []
    lite = database.dialect == "sqlite"

    def note(_connection: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if words not in statement:
            return
        asked = cursor.connection.cursor()
        if not lite:
            asked.execute("SET enable_seqscan = off")
        asked.execute(f"{'EXPLAIN QUERY PLAN' if lite else 'EXPLAIN'} {statement}", given)
        seen.append("\n".join(str(row[-1]) for row in asked.fetchall()))
        if not lite:
            asked.execute("RESET enable_seqscan")

    with _before_each(database, note):
        yield seen


@contextmanager
def _before_each(database: Database, note: Callable[..., None]) -> Iterator[None]:
    doors = (database.writer, database.reader)
    for door in doors:
        event.listen(door, "before_cursor_execute", note)
    try:
        yield
    finally:
        for door in doors:
            event.remove(door, "before_cursor_execute", note)
