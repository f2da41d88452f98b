"""Zip archives written as a stream: no seeking, no temporary file, always the same bytes."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app.exchange.formats.chunks import CHUNK

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# The earliest moment a zip can name: the same dataset gives the same archive on any day.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
# A fifth larger than the default level of 6, at a third of its time.
_FAST = 2
_PLAIN_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. `large` allows more than 2 GiB, at 20 bytes more a member.

    `packed` says that the bytes are compressed already and are stored as they are.
    """

    name: str
    chunks: Iterable[bytes]
    large: bool = False
    packed: bool = False


class Sink(io.RawIOBase):
    """What a writer writes to when nobody can seek: a list that is emptied into the response."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self.size += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        self.size = 0
        return data


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """The archive of `members`, chunk by chunk, deflated.

    Memory holds one chunk and the directory of what was written (about 0.5 kB a member),
    which the format wants at the end. Members are consumed in order, one at a time.
    """
    sink = Sink()
    enough = 1  # the first bytes go out at once: who waits for them sees that it has begun
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for member in members:
            with archive.open(_described(member), "w", force_zip64=member.large) as out:
                for chunk in member.chunks:
                    out.write(chunk)
                    if sink.size >= enough:
                        yield sink.taken()
                        enough = CHUNK
            if sink.size >= CHUNK:
                yield sink.taken()
    yield sink.taken()


def _described(member: Member) -> ZipInfo:
    info = ZipInfo(member.name, _MOMENT)
    info.compress_type = ZIP_STORED if member.packed else ZIP_DEFLATED
    # The stubs know only `compress_level`, which comes with Python 3.13; this name stays.
    info._compresslevel = _FAST  # type: ignore[attr-defined]
    info.create_system = _UNIX
    info.external_attr = _PLAIN_FILE
    return info
