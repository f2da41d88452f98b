"""Two threads that work for each other: how often the interpreter lets the other one run.

The thread that talks to the database needs the interpreter some dozens of times a batch, for
microseconds each. While the other thread works, it would wait the interpreter's usual 5 ms for
each of them, and the database with it: a fifth of the time of an import.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_SHORT = 0.0002
"""Seconds; shorter ones cost more in turns than they save in waiting."""

_lock = Lock()
_under_way = 0
_usual = 0.0


@contextmanager
def short_turns() -> Iterator[None]:
    """Short turns for all threads of the process, until the last of these contexts ends."""
    global _under_way, _usual  # the interpreter has one interval for the whole process
    with _lock:
        if not _under_way:
            _usual = sys.getswitchinterval()
            sys.setswitchinterval(_SHORT)
        _under_way += 1
    try:
        yield
    finally:
        with _lock:
            _under_way -= 1
            if not _under_way:
                sys.setswitchinterval(_usual)
