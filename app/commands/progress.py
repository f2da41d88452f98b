"""Bars on standard error: how far, how fast, how long yet. Silent where nobody watches."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import click

from app.exchange.export.dataset import ProjectDataset
from app.exchange.formats.cells import Block
from app.exchange.rows import Document

Advance = Callable[[int], object]


@contextmanager
def bar(label: str, length: int, noun: str) -> Iterator[tuple[Advance, Advance]]:
    """Two functions: one moves the bar, the other counts things for the rate beside it."""
    began, counted = time.monotonic(), 0

    def rate(_item: object) -> str:
        seconds = max(time.monotonic() - began, 0.001)
        return f"{counted} {noun}, {counted / seconds:.0f}/s"

    shown = click.progressbar(
        length=max(length, 1), label=label, file=sys.stderr, item_show_func=rate, show_percent=True
    )

    def count(things: int) -> None:
        nonlocal counted
        counted += things

    with shown as drawn:

        def move(steps: int) -> None:
            drawn.update(steps, label)

        yield move, count


class Counted:
    """A stream that moves a bar as it is read."""

    def __init__(self, stream: BinaryIO, move: Advance) -> None:
        self._stream, self._move = stream, move

    def read(self, size: int = -1) -> bytes:
        """As of any stream."""
        piece = self._stream.read(size)
        self._move(len(piece))
        return piece

    def seekable(self) -> bool:
        """Archives are read from their end; then the bar says little."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of any stream."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As of any stream."""
        return self._stream.tell()

    def stream(self) -> BinaryIO:
        """Itself, as what readers ask for."""
        return cast(BinaryIO, self)


class Watched(ProjectDataset):
    """A dataset that moves a bar, article by article; every pass begins at the start."""

    @classmethod
    def over(cls, plain: ProjectDataset, move: Advance, count: Advance) -> "Watched":
        """The same dataset, watched."""
        made = cls.__new__(cls)
        made.__dict__.update(plain.__dict__)
        made._move, made._count, made._moved = move, count, 0
        return made

    _move: Advance
    _count: Advance
    _moved: int

    def documents(self) -> Iterator[Document]:
        """As of any dataset."""
        return self._passed(super().documents())

    def judged_documents(self) -> Iterator[Document]:
        """As of any dataset; the bar stops where the last of them is."""
        return self._passed(super().judged_documents())

    def table(self, name: str) -> Iterator[Block]:
        """As of any dataset; the articles' own table moves the bar, that of spans counts."""
        if name == "documents":
            self._again()
        for block in super().table(name):
            yield block
            self._on(block.rows * (name == "documents"), block.rows * (name == "spans"))

    def native(self) -> Iterator[bytes]:
        """As of any dataset."""
        for chunk in super().native():
            yield chunk
            # No string in a line holds this: there the quotation marks are escaped.
            self._on(chunk.count(b'{"type":"article"'), chunk.count(b'{"type":"annotation"'))

    def _passed(self, documents: Iterator[Document]) -> Iterator[Document]:
        self._again()
        for document in documents:
            yield document
            self._on(1, len(document.annotations))

    def _on(self, articles: int, annotations: int) -> None:
        self._moved += articles
        self._count(annotations)
        self._move(articles)

    def _again(self) -> None:
        self._move(-self._moved)
        self._moved = 0
