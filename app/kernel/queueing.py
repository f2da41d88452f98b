"""SQLite has one writer at a time: let them take turns in order of arrival.

SQLite itself makes waiting writers sleep and try again, so that a newcomer may overtake one
who has waited long. Here the threads of a process draw tickets, and the processes of a server
share a lock file, held by the one whose ticket is served. Waiting is then short and fair.

Nobody waits for ever. A lock that another process holds cannot be waited for with a bound, so
a thread of its own waits for it, the porter: the lock is then for whoever stands first in the
line, and who gives up meanwhile has left the line.
"""

import fcntl
import os
import time
from collections import deque
from threading import Event, Lock, Semaphore, Thread

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
    """The queue before one SQLite file; a process has one of them for each of its engines.

    It is busy from the moment that someone may try the lock until nobody here has it or waits
    for it. While it is busy, whoever comes stands in the line.
    """

    def __init__(self, file: str) -> None:
        self._lock = _FileLock(f"{file}-writers")
        self._porter = _Porter(self)
        self._line: deque[Event] = deque()
        self._busy = False
        self._guard = Lock()

    def wait(self) -> Turn:
        """Block until it is the caller's turn; Unavailable after LONGEST_WAIT."""
        ends = time.monotonic() + LONGEST_WAIT
        with self._guard:
            mine = Event() if self._busy else None
            if mine:
                self._line.append(mine)
            self._busy = True
        if mine:
            self._stand(mine, ends)
        if not self._lock_out_other_processes():
            self._stand(self._send_the_porter(), ends)
        return Turn(self)

    def next(self) -> None:
        """Let other processes in, or serve the one who has waited longest in this one."""
        self._lock.leave()
        self._serve()

    def lock_came(self) -> None:
        """The porter has the lock: it is for the first in the line, or for other processes."""
        with self._guard:
            if self._line:
                self._line.popleft().set()
            else:
                self._lock.leave()
                self._busy = False

    def fetch_lock(self) -> None:
        """Wait for the lock, without a bound."""
        self._lock.take()

    def _serve(self) -> None:
        with self._guard:
            if self._line:
                self._line.popleft().set()
            else:
                self._busy = False

    def _lock_out_other_processes(self) -> bool:
        """Whether the lock was free."""
        try:
            return self._lock.try_to_take()
        except BaseException:
            self._serve()
            raise

    def _send_the_porter(self) -> Event:
        mine = Event()
        with self._guard:
            self._line.appendleft(mine)
        self._porter.go()
        return mine

    def _stand(self, mine: Event, ends: float) -> None:
        if mine.wait(max(0.0, ends - time.monotonic())):
            return
        with self._guard:
            if mine in self._line:  # else it was served at this very moment
                self._line.remove(mine)
                raise Unavailable("The database is busy with other writers. Try again.")


class _Porter:
    """A thread that fetches the lock, so that those for whom it does need not stay."""

    def __init__(self, queue: WriterQueue) -> None:
        self._queue = queue
        self._sent = Semaphore(0)
        self._thread: Thread | None = None

    def go(self) -> None:
        """Fetch the lock. It is sent by one caller at a time: the first in the line."""
        if self._thread is None:  # most queues never need one
            self._thread = Thread(target=self._work, name="porter", daemon=True)
            self._thread.start()
        self._sent.release()

    def _work(self) -> None:
        while True:
            self._sent.acquire()
            self._queue.fetch_lock()
            self._queue.lock_came()


class _FileLock:
    """The lock between processes. Threads of one process share it, so it is no lock for them."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._handle: int | None = None

    def try_to_take(self) -> bool:
        """Whether the lock was free; it is this process's now."""
        if self._handle is None:
            self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take(self) -> None:
        """Wait until it is this process's; only after `try_to_take` failed."""
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_EX)

    def leave(self) -> None:
        """Let another process have it."""
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)
