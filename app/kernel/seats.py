"""Seats: how many may hold a thread of the server for long at the same time."""

from threading import BoundedSemaphore


class Seats:
    """So many seats and no more, in this process."""

    def __init__(self, count: int) -> None:
        self._free, self._line = BoundedSemaphore(count), BoundedSemaphore(1)
        self._any = count > 0

    def take(self, patience: float = 0) -> bool:
        """Whether a seat was free, or became so in time; it is the caller's until `leave()`.

        Whoever is patient holds a thread too, so only one at a time may stand in line.
        """
        if self._free.acquire(blocking=False):
            return True
        if not (patience and self._any and self._line.acquire(blocking=False)):
            return False
        try:
            return self._free.acquire(timeout=patience)
        finally:
            self._line.release()

    def leave(self) -> None:
        """Give the seat back."""
        self._free.release()
