"""One thing of a stream, as a typed line, or why it is none."""

import msgspec

from app.exchange.imports.explaining import explained, unstorable
from app.exchange.imports.reporting import FromWords, Json, Place
from app.exchange.native.lines import DECODER, Line

Pairs = tuple[tuple[str, str], ...]


class Entry(msgspec.Struct):
    """A line with its place, or what is wrong with it; `size` is its length in bytes.

    `from_words` says of a figure without attributes how it was read from its own words. `once`
    has ids of the line, each with another that it may have come in by, if it is the importer's.
    """

    place: Place
    thing: Line | list[Json]
    size: int = 0
    from_words: FromWords | None = None
    once: Pairs = ()


def read_line(raw: bytes) -> Line | list[Json]:
    """The line, or what is wrong with it."""
    # The decoder lets an escaped NUL pass, which no database takes.
    if b"\\u0000" in raw and (wrong := unstorable(raw)):
        return wrong
    try:
        return DECODER.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        return explained(raw, error)
