"""The rows of CSV tables from cells as a database writes them."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import orjson

from app.exchange.formats.cells import DOCUMENTS, LINKS, SPANS, Block, Tabular, moment, rows_in
from app.exchange.formats.columns import Cell, cells_of_attributes
from app.exchange.formats.jsons import on_one_line
from app.exchange.formats.reporting import reporters

Rows = Iterator[list[Cell]]
Cells = list[str]

_FRAGMENTS, _PARTS = SPANS.index("fragments"), SPANS.index("parts")
_ATTRIBUTES, _SCORE = SPANS.index("attributes"), SPANS.index("score")
_TOLD = itemgetter(*(SPANS.index(n) for n in ("id", "start", "end", "fragments", "parts")))
_ARTICLE = itemgetter(SPANS.index("article_id"))


def document_rows(dataset: Tabular) -> Rows:
    """Rows in the order of `columns.DOCUMENT`."""
    json = [DOCUMENTS.index(name) for name in ("regions", "meta")]
    times = [DOCUMENTS.index(name) for name in ("created_at", "updated_at")]
    for row in _rows(dataset.table("documents")):
        for place in json:
            row[place] = _on_one_line(row[place])
        for place in times:
            row[place] = moment(row[place])
        yield [*row]


def span_rows(dataset: Tabular) -> Rows:
    """Rows in the order of `columns.SPAN`."""
    for block in dataset.table("spans"):
        for _, article in groupby(rows_in(block), _ARTICLE):
            rows = list(article)
            said = _reported(rows)
            for row in rows:
                yield _span(row, said.get(row[0]))


def _span(row: Cells, reported_by: str | None) -> list[Cell]:
    kind, fragments, attributes, score = row[2], row[_FRAGMENTS], row[_ATTRIBUTES], row[_SCORE]
    return [
        *row[:_FRAGMENTS],
        len(orjson.loads(fragments)) if fragments else 1,
        *row[_PARTS + 1 : _ATTRIBUTES],
        *cells_of_attributes(kind, orjson.loads(attributes)),
        _on_one_line(attributes),
        _on_one_line(row[_ATTRIBUTES + 1]),
        *row[_ATTRIBUTES + 2 : _SCORE],
        float(score) if score else score,
        reported_by,
        *row[_SCORE + 1 : -2],
        moment(row[-2]),
        moment(row[-1] or row[-2]),
    ]


def _reported(rows: list[Cells]) -> dict[str, str | None]:
    if not any(row[_PARTS] for row in rows):
        return {}
    told = map(_TOLD, rows)
    return reporters([(id_, int(start), int(end), *json) for id_, start, end, *json in told])


def fragment_rows(dataset: Tabular) -> Rows:
    """Rows in the order of `columns.FRAGMENT`."""
    for id_, article, start, end, exact, fragments in _rows(dataset.table("fragments")):
        if not fragments:
            yield [id_, article, 1, start, end, exact]
            continue
        for number, piece in enumerate(orjson.loads(fragments), 1):
            yield [id_, article, number, piece["start"], piece["end"], piece["exact"]]


def part_rows(dataset: Tabular) -> Rows:
    """Rows in the order of `columns.PART`."""
    for id_, article, parts in _rows(dataset.table("parts")):
        for role, pieces in orjson.loads(parts).items():
            for number, piece in enumerate(pieces, 1):
                place = (piece["start"], piece["end"], piece["exact"])
                yield [id_, article, role, number, *place]


def link_rows(dataset: Tabular) -> Rows:
    """Rows in the order of `columns.LINK`."""
    times = [LINKS.index(name) for name in ("created_at", "updated_at")]
    for row in _rows(dataset.table("links")):
        for place in times:
            row[place] = moment(row[place])
        yield [*row]


def _rows(blocks: Iterable[Block]) -> Iterator[Cells]:
    for block in blocks:
        yield from rows_in(block)


def _on_one_line(json: str) -> str:
    return json if json.isascii() else on_one_line(json.encode()).decode()


ROWS: dict[str, Callable[[Tabular], Rows]] = {
    "documents": document_rows,
    "spans": span_rows,
    "fragments": fragment_rows,
    "parts": part_rows,
    "links": link_rows,
}
"""The rows of each table that the database writes."""
