"""What every format test needs: run a writer, unpack a zip, compare bytes."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from app.exchange.formats.base import Format, Read, Unreadable
from app.exchange.rows import AnnotationRow, ArticleRow, Dataset, LinkRow, SourceRow


def written(form: Format, dataset: Dataset, **options: Any) -> bytes:
    """All bytes of one export, made twice to see that they do not differ."""
    first = b"".join(form.write(dataset, options))
    assert first == b"".join(form.write(dataset, options))
    return first


def unzipped(data: bytes) -> dict[str, bytes]:
    """File name to bytes; the archive is tested as a whole first."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} <= {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def zip_of(files: dict[str, bytes]) -> bytes:
    """An archive as some other program makes it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


class Taken:
    """A reader's result sorted by what it is."""

    def __init__(self, found: Iterable[Read | Unreadable]) -> None:
        self.errors: list[Unreadable] = []
        self.reads: list[Read] = []
        for item in found:
            if isinstance(item, Unreadable):
                self.errors.append(item)
            else:
                self.reads.append(item)
        rows = [read.row for read in self.reads]
        self.articles = [row for row in rows if isinstance(row, ArticleRow)]
        self.annotations = [row for row in rows if isinstance(row, AnnotationRow)]
        self.links = [row for row in rows if isinstance(row, LinkRow)]
        self.sources = [row for row in rows if isinstance(row, SourceRow)]

    @property
    def codes(self) -> list[str]:
        """The rules that were broken, in order."""
        return [error.code for error in self.errors]


def taken(form: Format, data: bytes, **options: Any) -> Taken:
    """Everything a reader yields for these bytes; it must never raise."""
    return Taken(form.read(io.BytesIO(data), options))


class Pipe(io.RawIOBase):
    """A stream that cannot seek and gives a few bytes at a time, as a socket does."""

    def __init__(self, data: bytes, step: int = 7) -> None:
        self._data, self._step = data, step

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        cut = min(self._step, size) if size >= 0 else len(self._data)
        head, self._data = self._data[:cut], self._data[cut:]
        return head

    def readline(self, size: int | None = -1) -> bytes:
        end = self._data.find(b"\n") + 1 or len(self._data)
        cut = end if size is None or size < 0 else min(end, size)
        head, self._data = self._data[:cut], self._data[cut:]
        return head
