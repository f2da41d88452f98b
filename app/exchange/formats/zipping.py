"""Zip archives written as a stream: no seeking, no temporary file, always the same bytes."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.exchange.formats.chunks import CHUNK

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# The earliest moment a zip can name: the same dataset gives the same archive on any day.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. `large` allows more than 2 GiB, at 20 bytes more a member."""

    name: str
    chunks: Iterable[bytes]
    large: bool = False


class _Sink(io.RawIOBase):
    """What `ZipFile` writes to when nobody can seek: a list that is emptied into the response."""

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
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for member in members:
            with archive.open(_described(member.name), "w", force_zip64=member.large) as out:
                for chunk in member.chunks:
                    out.write(chunk)
                    if sink.size >= CHUNK:
                        yield sink.taken()
            if sink.size >= CHUNK:
                yield sink.taken()
    yield sink.taken()


def _described(name: str) -> ZipInfo:
    info = ZipInfo(name, _MOMENT)
    info.compress_type = ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = _PLAIN_FILE
    return info
