"""CSV: a zip of tables (RFC 4180, UTF-8 without byte order mark, CR LF between rows)."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

from app.exchange.formats import columns, csv_cells
from app.exchange.formats.base import Format, Options, Unreadable
from app.exchange.formats.cells import is_tabular
from app.exchange.formats.chunks import chunked
from app.exchange.formats.columns import Cell
from app.exchange.formats.zipping import Member, zipped
from app.exchange.rows import Dataset

Rows = Iterable[list[Cell]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BATCH = 200

_README = """# {name}

Tables of one export, in UTF-8, comma separated, one header row, quotes doubled.
Offsets count Unicode code points from 0; the end is exclusive.

- documents: the articles with their whole text
- spans: one row an annotation; `exact` is `text[start:end]` of the article. Frequent attributes
  have columns of their own, `attributes` holds all of them as JSON
- fragments: the unbroken stretches that a span is made of; more than one where it has gaps
- parts: source, cue, content and antecedent of attributions
- links: corroborates and contradicts, between two spans; both are symmetric
- sources: who is quoted, with other names as a JSON list

An empty cell means that nothing is known, or that a text is empty.
{variant}
"""
_RAW = "Variant: raw. Cells are exactly what is stored; a spreadsheet may take some for formulas."
_GUARDED = (
    "Variant: formula-guarded. A cell that begins with = + - @, TAB or CR has an apostrophe before "
    "it,\nso that no spreadsheet runs it. Do not compare or compute with such cells; ask for the "
    "raw variant."
)


class CsvTables(Format):
    """A zip of documents, spans, fragments, parts, links and sources as CSV."""

    name, title = "csv", "CSV tables (zip)"
    media_type, suffix = "application/zip", "csv.zip"
    keeps = (
        "Everything: texts, spans with gaps, attributes, parts, verdicts, links within and across "
        "articles, sources. `guard=formula` makes it safe to open in a spreadsheet."
    )
    loses = (
        "The difference between empty and absent; with `guard=formula` cells that look like "
        "formulas are changed by an apostrophe."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The zip; option `guard` is `raw` (default) or `formula`, named in every file's name."""
        guarded = guard_of(options)
        suffix = ".guarded.csv" if guarded else ".csv"
        readme = _README.format(name=dataset.project.name, variant=_GUARDED if guarded else _RAW)
        members = [Member("README.md", [readme.encode()])]
        for table, (header, rows) in _tables(dataset).items():
            # A document's row holds a whole text, so no two are held at once.
            batch = 1 if table == "documents" else _BATCH
            chunks = _table(header, rows, guarded, batch)
            members.append(Member(table + suffix, chunks, large=True))
        return zipped(members)


def guard_of(options: Options) -> bool:
    """Whether formulas are to be guarded; raises `Unreadable` for a word it does not know."""
    guard = options.get("guard", "raw")
    if guard not in ("raw", "formula"):
        raise Unreadable("`guard` is raw or formula.", code="bad_option")
    return bool(guard == "formula")


def _tables(dataset: Dataset) -> dict[str, tuple[tuple[str, ...], Callable[[], Rows]]]:
    """The header and the rows of each table; where it can, the database writes them."""
    made: dict[str, tuple[tuple[str, ...], Callable[[], Rows]]] = {
        "documents": (columns.DOCUMENT, lambda: _documents(dataset)),
        "spans": (columns.SPAN, lambda: _spans(dataset)),
        "fragments": (columns.FRAGMENT, lambda: _per_span(dataset, columns.fragment_rows)),
        "parts": (columns.PART, lambda: _per_span(dataset, columns.part_rows)),
        "links": (columns.LINK, lambda: map(columns.link_cells, dataset.links())),
        "sources": (columns.SOURCE, lambda: map(columns.source_cells, dataset.sources())),
    }
    if is_tabular(dataset):
        for name, rows in csv_cells.ROWS.items():
            made[name] = (made[name][0], partial(rows, dataset))
    return made


def _documents(dataset: Dataset) -> Rows:
    return (columns.document_cells(document.article) for document in dataset.documents())


def _spans(dataset: Dataset) -> Rows:
    for document in dataset.documents():
        text = document.article.text
        for row in document.annotations:
            yield columns.span_cells(row, text)


def _per_span(dataset: Dataset, rows_of: Callable[..., Rows]) -> Rows:
    for document in dataset.documents():
        for row in document.annotations:
            yield from rows_of(row)


def _table(
    header: tuple[str, ...], rows: Callable[[], Rows], guarded: bool, batch: int
) -> Iterator[bytes]:
    # A generator, so that rows are asked for only when their member's turn has come.
    yield from chunked(_lines(header, rows(), guarded, batch))


def _lines(header: tuple[str, ...], rows: Rows, guarded: bool, size: int) -> Iterator[bytes]:
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(header)
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        writer.writerows([list(map(_guarded, row)) for row in batch] if guarded else batch)
        yield _emptied(page)
    yield _emptied(page)


def _emptied(page: io.StringIO) -> bytes:
    data = page.getvalue().encode()
    page.seek(0)
    page.truncate()
    return data


def _guarded(cell: Cell) -> Cell:
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
