"""The loop that delivers: in threads of the server, or in a command of its own."""

import logging
from threading import Event, Thread

from app.exchange.webhooks.delivering import Terms, deliver_due
from app.kernel.db import Database

log = logging.getLogger("factmark.webhooks")
IDLE, TROUBLED = 1.0, 10.0
"""Seconds to rest when nothing was due, and when the database did not answer."""

THREADS = 2
"""So that a receiver who takes its time does not hold up all others."""


def deliver_until(stop: Event, of: Database, terms: Terms) -> None:
    """Deliver what comes, until told to stop. Nothing that goes wrong ends the loop."""
    while not stop.is_set():
        try:
            rest = 0.0 if deliver_due(of, terms) else IDLE
        except Exception:  # the loop outlives a database that restarts
            log.exception("webhooks could not be delivered")
            rest = TROUBLED
        stop.wait(rest)


def start(of: Database, terms: Terms) -> Event:
    """Deliver in the background of this process; setting the event ends it."""
    stop = Event()
    for number in range(THREADS):
        name = f"webhooks-{number + 1}"
        Thread(target=deliver_until, args=(stop, of, terms), name=name, daemon=True).start()
    return stop
