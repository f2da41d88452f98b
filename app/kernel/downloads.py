"""What goes out piece by piece, and what is held as long as it does."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack


class Download:
    """The chunks of a file; `close` must be called, and may be called twice.

    Who reads to the end has it closed: not every caller of WSGI keeps that promise.
    """

    def __init__(self, chunks: Iterable[bytes], held: ExitStack) -> None:
        self.chunks, self._held = self._to_the_end(chunks), held

    def _to_the_end(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        try:
            yield from chunks
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the snapshot and of whatever else was held."""
        self._held.close()
