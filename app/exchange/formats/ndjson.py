"""Native NDJSON: one JSON object a line, nothing lost that a project holds now.

The export of a project is written by the database itself (`exchange.native`), and an import
reads lines without making rows of them; writer and reader here serve everybody else.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from app.exchange.formats.base import Format, Options, Read, Unreadable
from app.exchange.formats.chunks import chunked
from app.exchange.formats.lines import lines
from app.exchange.formats.ndjson_reading import Rows
from app.exchange.formats.ndjson_writing import written
from app.exchange.rows import Dataset


class NativeLines(Format):
    """Every thing a line, by its `type`: project, source, article, revision, annotation, link."""

    name, title = "ndjson", "Factmark NDJSON (lossless)"
    media_type, suffix = "application/x-ndjson", "ndjson"
    reads = True
    keeps = (
        "Everything that stands: the project's guidelines and settings, sources with their "
        "aliases, articles with all their texts, annotations with verdicts and how sure their "
        "places are, links; authors, states, layers, versions and times. Importing it into an "
        "empty project and exporting that gives the same bytes."
    )
    loses = "History, decisions with their reasons, comments, assignments, members."

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """A dataset that knows its own lines gives them; of another they are made from rows."""
        native = getattr(dataset, "native", None)
        return native() if native else chunked(written(dataset))

    def read(self, stream: BinaryIO, options: Options) -> Iterable[Read | Unreadable]:
        """Rows of well-formed lines; annotations follow their article.

        A link names its ends only: where they lie is told as "".
        """
        rows = Rows()
        try:
            for number, raw in lines(stream, options):
                if raw.strip():
                    yield from rows.read(raw, number)
        except Unreadable as error:
            yield error
