"""Waiting for changes without keeping a database connection, and without taking every thread.

Who waits holds a thread of the server. Seats bound how many may; a look at the database is
short, and between looks nothing is held.
"""

import time
from collections.abc import Callable, Iterator

from app.exchange.feed.queries import Batch
from app.kernel import stopping

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
"""Seconds between two looks: short at first, when an answer is likely, then longer."""


def pauses() -> Iterator[float]:
    """The seconds to pause before each next look, without end."""
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 1.5, LONGEST_PAUSE)


def wait_for(look: Callable[[], Batch], seconds: float) -> Batch:
    """Look again and again until something is there, the time is over or the server stops."""
    ends = time.monotonic() + seconds
    for pause in pauses():
        stops = stopping.rest(max(0.0, min(pause, ends - time.monotonic())))
        batch = look()
        if batch.rows or stops or time.monotonic() >= ends:
            return batch
    raise AssertionError  # pauses() never ends
