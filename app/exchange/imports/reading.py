"""A stream as things with their places, in batches that memory can hold."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from app.annotations.queries import works_blind
from app.exchange.formats import Format, Unreadable
from app.exchange.formats.base import Options
from app.exchange.formats.lines import lines
from app.exchange.imports.entries import Entry, read_line
from app.exchange.imports.foreign import Foreign
from app.exchange.imports.reporting import Place, fault
from app.kernel.actor import Actor
from app.kernel.offsets import Unit

_MOST_BYTES = 2 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


def entries(
    actor: Actor, chosen: Format, stream: BinaryIO, unit: Unit, options: Options
) -> Iterator[Entry]:
    """The things in a stream of this format, as the actor brings them in."""
    if chosen.name == "ndjson":
        return native(stream, options)
    foreign = Foreign(chosen.name, options.get("language"), actor.id, blind=works_blind(actor))
    return foreign.entries(chosen.read(stream, {**options, "unit": unit.value}))


def native(stream: BinaryIO, options: Options) -> Iterator[Entry]:
    """The lines of a native file; blank ones are passed over."""
    try:
        for number, raw in lines(stream, options):
            if number == 1:
                raw = raw.removeprefix(_BOM)
            if raw and not raw.isspace():
                yield Entry(Place(number), read_line(raw), len(raw))
    except Unreadable as error:
        # A line past its limit ends the reading: where the next begins is not known.
        yield Entry(Place(error.line), [fault("", error.code, error.detail)])


def batched(entries: Iterable[Entry], most: int) -> Iterator[list[Entry]]:
    """The entries in batches, each of at most so many, and bounded in bytes."""
    held: list[Entry] = []
    size = 0
    for entry in entries:
        held.append(entry)
        size += entry.size
        if len(held) == most or size > _MOST_BYTES:
            yield held
            held, size = [], 0
    if held:
        yield held
