"""SQLite has one writer at a time: let them take turns in order of arrival.

SQLite itself makes waiting writers sleep and try again, so that a newcomer may overtake one
who has waited long. Here the threads of a process draw tickets, and the processes of a server
share a lock file, held by the one whose ticket is served. Waiting is then short and fair.
"""

import fcntl
import os
from collections import deque
from threading import Event, Lock

from app.kernel.errors import Unavailable

LONGEST_WAIT = 30.0
"""Seconds after which a writer gives up with 503 rather than hang for ever."""


class Turn:
    """The right to write, until `leave()`."""

    def __init__(self, queue: "WriterQueue") -> None:
        self._queue = queue

    def leave(self) -> None:
        """Let the next one write."""
        self._queue.next()


class WriterQueue:
    """The queue before one SQLite file; a process has one of them for each of its engines."""

    def __init__(self, file: str) -> None:
        self._lock_file = f"{file}-writers"
        self._handle: int | None = None
        self._waiting: deque[Event] = deque()
        self._busy = False
        self._guard = Lock()

    def wait(self) -> Turn:
        """Block until it is the caller's turn; Unavailable after LONGEST_WAIT."""
        with self._guard:
            if not self._busy:
                self._busy = True
                mine = None
            else:
                mine = Event()
                self._waiting.append(mine)
        if mine and not mine.wait(LONGEST_WAIT):
            self._give_up(mine)
        self._lock_out_other_processes()
        return Turn(self)

    def next(self) -> None:
        """Serve the one who has waited longest in this process, or let other processes in."""
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False

    def _give_up(self, mine: Event) -> None:
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise Unavailable("The database is busy with other writers. Try again.")

    def _lock_out_other_processes(self) -> None:
        if self._handle is None:
            self._handle = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)
