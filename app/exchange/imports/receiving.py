"""A request's body, received whole before the database is touched.

A slow or broken upload then holds no transaction, and on SQLite not the one writer's turn.
What is received lies in a file without a name, which ends with whoever holds it open.
"""

import errno
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Protocol, cast

from app.kernel.errors import LengthRequired, Malformed, TooLarge, Unavailable, WrongMediaType

_STEP = 256 * 1024
_IN_MEMORY = 1024 * 1024
# Text of this kind shrinks to a tenth or so; deflate's own limit is about 1:1000.
_BOMB_RATIO = 200
_BOMB_FROM = 32 * 1024 * 1024
PLAIN = ("", "identity")
"""The encodings of a body that is as it is."""


class Readable(Protocol):
    """All that is asked of a body."""

    def read(self, size: int = -1, /) -> bytes: ...


class Promised:
    """A stream that was said to have so many bytes.

    Where a client hung up, what came may look like all of it.
    """

    def __init__(self, stream: Readable, length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int = -1) -> bytes:
        """As of any stream. Malformed where it ends too early."""
        piece = self._stream.read(size)
        self._left -= len(piece)
        if not piece and self._left:
            raise Malformed("The body ends before its Content-Length.", code="truncated_body")
        return piece


class Unmeasured:
    """A stream that nobody said the length of: who sent it must be there when it ends.

    `is_there` tells, or gives None where it cannot.
    """

    def __init__(self, stream: Readable, is_there: Callable[[], bool | None]) -> None:
        self._stream, self._is_there = stream, is_there
        self._empty = True

    def read(self, size: int = -1) -> bytes:
        """As of any stream. Malformed where the sender went away, LengthRequired if unknown."""
        piece = self._stream.read(size)
        if piece:
            self._empty = False
        elif not self._empty and not (there := self._is_there()):
            if there is None:
                raise LengthRequired("Send a Content-Length, or compress the body with gzip.")
            raise Malformed("The body ends before its last chunk.", code="truncated_body")
        return piece


def receive(stream: Readable, encoding: str, *, most: int, folder: Path) -> BinaryIO:
    """The body, decoded, in a temporary file at its start.

    Raises WrongMediaType for another encoding than gzip, Malformed for broken gzip, TooLarge
    past `most` bytes, Unavailable where the disk is full.
    """
    kept = SpooledTemporaryFile(_IN_MEMORY, "w+b", dir=str(folder))  # noqa: SIM115 - handed on open
    try:
        size = 0
        for piece in _decoded(stream, encoding):
            size += len(piece)
            if size > most:
                told = f"An import has at most {most} bytes (MAX_IMPORT_BYTES)."
                raise TooLarge(told)
            kept.write(piece)
        kept.seek(0)
    except OSError as error:
        kept.close()
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        told = "There is no room left on the server's disk."
        raise Unavailable(told, code="disk_full") from None
    except BaseException:
        kept.close()
        raise
    return cast(BinaryIO, kept)


def _decoded(stream: Readable, encoding: str) -> Iterator[bytes]:
    if encoding in PLAIN:
        return _pieces(stream)
    if encoding in ("gzip", "x-gzip"):
        return gunzipped(stream)
    told = "Send the body as it is, or with Content-Encoding: gzip."
    raise WrongMediaType(told, headers={"Accept-Encoding": "gzip"})


def _pieces(stream: Readable) -> Iterator[bytes]:
    while piece := stream.read(_STEP):
        yield piece


def gunzipped(stream: Readable) -> Iterator[bytes]:
    """The bytes of a gzip file of one or more members, a bounded piece at a time."""
    unpacker = _unpacker()
    taken = given = 0
    begun = False
    for packed in _pieces(stream):
        taken += len(packed)
        while packed:
            if unpacker.eof:
                unpacker, begun = _unpacker(), False
            begun = True
            piece = _unpacked(unpacker, packed)
            given += len(piece)
            if given > _BOMB_FROM and given > taken * _BOMB_RATIO:
                raise TooLarge(f"The body unpacks to more than {_BOMB_RATIO} times its size.")
            if piece:
                yield piece
            packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if taken and not (begun and unpacker.eof):
        raise Malformed("The gzip stream ends before its end.", code="truncated_gzip")


def _unpacker() -> "zlib._Decompress":
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


def _unpacked(unpacker: "zlib._Decompress", packed: bytes) -> bytes:
    try:
        return unpacker.decompress(packed, _STEP)
    except zlib.error as error:
        raise Malformed(f"This is not gzip: {error}.", code="bad_gzip") from None
