"""SQLite's connections for those who write.

A transaction takes its turn among the writers as late as it can, when its first statement that
counts stands ready, and leaves it as soon as what it wrote is safe. Between the two nobody else
writes, so all that can be asked and made ready before is kept out of it.
"""

import sqlite3
from functools import partial
from typing import Any

from app.kernel.queueing import Turn, WriterQueue


class Writer(sqlite3.Connection):
    """A connection whose transactions stand in the writers' queue of its file."""

    def __init__(self, queue: WriterQueue, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._queue = queue
        self._turn: Turn | None = None

    def take_turn(self) -> None:
        """Begin a transaction unless one is open; Unavailable if others write for too long."""
        if self._turn is None:
            self._turn = self._queue.wait()
            try:
                self.execute("BEGIN IMMEDIATE")
            except BaseException:
                self._leave()
                raise

    def commit(self) -> None:
        """Make what was written safe and let the next one write."""
        super().commit()
        self._leave()

    def rollback(self) -> None:
        """Undo what was written and let the next one write."""
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        try:
            super().close()
        finally:
            self._leave()

    def _leave(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.leave()


def writers(file: str) -> partial[Writer]:
    """What makes a process's connections to this file: they share one queue."""
    return partial(Writer, WriterQueue(file))
