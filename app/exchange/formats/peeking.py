"""Looking at the first bytes of a stream that cannot go back."""

import io
from typing import BinaryIO, cast


class Peeked:
    """A stream of which the head has been seen; reading it still gives every byte."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._head = stream, b""

    def head(self, size: int) -> bytes:
        """The first `size` bytes, fewer at the end of the stream; before any reading."""
        while len(self._head) < size and (more := self._stream.read(size - len(self._head))):
            self._head += more
        return self._head[:size]

    def read(self, size: int = -1) -> bytes:
        """As of any stream, the seen bytes first."""
        if not self._head:
            return self._stream.read(size)
        head, self._head = self._head, b""
        if 0 <= size < len(head):
            self._head = head[size:]
            return head[:size]
        return head if size >= 0 else head + self._stream.read()

    def whole(self) -> BinaryIO:
        """The stream itself, rewound, where that can be done; else this one."""
        seekable = getattr(self._stream, "seekable", None)
        if seekable and seekable():
            self._stream.seek(-len(self._head), io.SEEK_CUR)
            self._head = b""
            return self._stream
        return cast(BinaryIO, self)
