"""A cache for what is made from things that never change, so that it need not be made again.

What lies here can never be wrong; it can only be forgotten. Each process has its own.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """Values by key, as many as fit into `room`; those not asked for the longest make way."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """The value under this key, or None where there is none (any more)."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep a value that takes `size` of the room; one that takes all of it is not kept."""
        if size > self.room:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key] = value, size
                self.used += size
            while self.used > self.room:
                _, (_, freed) = self._kept.popitem(last=False)
                self.used -= freed
