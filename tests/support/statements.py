"""Counting what is asked of the database."""

from collections.abc import Iterator
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

    doors = (database.writer, database.reader)
    for door in doors:
        event.listen(door, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for door in doors:
            event.remove(door, "before_cursor_execute", note)
