"""The feed as server-sent events (WHATWG HTML, section 9.2).

A stream ends by itself after a while and says when to come back; the listener goes on from
the last event's id. So no connection lives for ever, and a server can be stopped.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.exchange.feed.listening import pauses
from app.kernel import stopping
from app.kernel.errors import Refused
from app.kernel.jsons import dumps

Json = dict[str, Any]
RETRY = 1
"""Seconds after which a listener comes back."""

HEARTBEAT = 0.5
"""Seconds of silence after which a comment shows that the line still stands. Who hung up in
silence is found out by it, and keeps a thread until then."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one look found: changes as the wire has them, and the cursor to go on from."""

    items: list[Json]
    cursor: str


Look = Callable[[str], Told]


def events(look: Look, after: str, seconds: float, retry: int = RETRY) -> Iterator[bytes]:
    """Server-sent events from the cursor on, for about this many seconds or until the server stops.

    The listener is told to come back `retry` seconds after the end. `look` opens and closes what
    it needs of the database, and refuses who may listen no longer: the stream then says why and
    ends.
    """
    ends = time.monotonic() + seconds
    try:
        told = look(after)
        yield _opening(told, retry)
        spoke, rests = time.monotonic(), pauses()
        while True:
            pause = 0.0
            if told.items:
                yield b"".join(map(_event, told.items))
                spoke, rests = time.monotonic(), pauses()
            else:
                pause = next(rests)
            if stopping.rest(pause) or time.monotonic() >= ends:
                return
            if time.monotonic() - spoke > HEARTBEAT:
                yield b": still here\n\n"
                spoke = time.monotonic()
            told = look(told.cursor)
    except Refused as refusal:
        yield _farewell(refusal)


def _opening(told: Told, retry: int) -> bytes:
    """When to come back, and where from in case nothing happens before the stream ends."""
    place = "" if told.items else f"id: {told.cursor}\n"
    return f"retry: {retry * 1000}\n{place}\n".encode()


def _event(item: Json) -> bytes:
    head = f"id: {item['cursor']}\nevent: {item['action']}\ndata: ".encode()
    return head + dumps(item) + b"\n\n"


def _farewell(refusal: Refused) -> bytes:
    told = dumps({"code": refusal.word, "detail": refusal.detail})
    return b"event: refused\ndata: " + told + b"\n\n"
