"""Joining small pieces into chunks that are worth a system call each."""

from collections.abc import Iterable, Iterator

CHUNK = 64 * 1024


def chunked(pieces: Iterable[memoryview | bytes], size: int = CHUNK) -> Iterator[bytes]:
    """The same bytes in chunks of at least `size` (the last may be smaller, none is empty)."""
    held: list[memoryview | bytes] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= size:
            yield b"".join(held)
            held.clear()
            length = 0
    if length:
        yield b"".join(held)


def encoded(pieces: Iterable[str], size: int = CHUNK) -> Iterator[bytes]:
    """Pieces of text as UTF-8 chunks of about `size` characters."""
    held: list[str] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= size:
            yield "".join(held).encode()
            held.clear()
            length = 0
    if length:
        yield "".join(held).encode()
