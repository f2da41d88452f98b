"""What a format is: one class, one file, reading and writing beside each other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar

from app.exchange.rows import AnnotationRow, ArticleRow, Dataset, LinkRow, SourceRow

Row = ArticleRow | AnnotationRow | LinkRow | SourceRow
Options = dict[str, Any]


class MissingExtra(Exception):
    """A heavy library that this format needs is not installed; names the extra to install."""

    def __init__(self, extra: str) -> None:
        super().__init__(f"Install the extra: pip install 'factmark[{extra}]'")
        self.extra = extra


class Unreadable(Exception):
    """A line or file that cannot be read: where (1-based line, file name), which rule, and why."""

    def __init__(
        self, detail: str, *, code: str, line: int | None = None, name: str | None = None
    ) -> None:
        super().__init__(detail)
        self.detail, self.code, self.line, self.name = detail, code, line, name


@dataclass(frozen=True, slots=True)
class Read:
    """One row as a reader gives it, with the place it came from for the error report."""

    row: Row
    line: int | None = None
    name: str | None = None


class Format:
    """A way out of, and perhaps into, a project.

    `keeps` and `loses` are sentences for `GET /formats`; `extra` is the optional extra of
    the package that carries its library, loaded only when asked for. `write` is a generator
    of byte chunks in constant memory. `read` yields rows in file order; a bad line is
    yielded as `Unreadable` (not raised), so that the importer may skip it and go on.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    media_type: ClassVar[str]
    suffix: ClassVar[str]
    keeps: ClassVar[str]
    loses: ClassVar[str]
    extra: ClassVar[str | None] = None
    reads: ClassVar[bool] = False

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The dataset in this format, chunk by chunk."""
        raise NotImplementedError

    def read(self, stream: BinaryIO, options: Options) -> Iterable[Read | Unreadable]:
        """The rows of a file in this format; only where `reads` is true."""
        raise NotImplementedError
