"""Seats: how many may hold a thread of the server for long at the same time."""

from threading import BoundedSemaphore


class Seats:
    """So many seats and no more, in this process."""

    def __init__(self, count: int) -> None:
        self._free = BoundedSemaphore(count)

    def take(self) -> bool:
        """Whether a seat was free; it is the caller's until `leave()`."""
        return self._free.acquire(blocking=False)

    def leave(self) -> None:
        """Give the seat back."""
        self._free.release()
