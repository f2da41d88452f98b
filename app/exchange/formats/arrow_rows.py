"""Rows as Arrow columns, a batch at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from app.annotations.kinds import Column
from app.exchange.formats import arrow_schemas
from app.exchange.formats.columns import PUBLISHED
from app.exchange.formats.jsons import text_of
from app.exchange.rows import AnnotationRow, ArticleRow, Document, Fragment, LinkRow, SourceRow

T = TypeVar("T")
Batch = dict[str, list[Any]]

ROWS_A_BATCH = 8_192
"""Rows of a batch: a few MB in memory."""

_TEXT_A_BATCH = 1024 * 1024
_NOTHING: dict[str, Any] = {}


def batches(
    rows: Iterable[T], columns: Callable[[Sequence[T]], Batch], size: Callable[[T], int]
) -> Iterator[Batch]:
    """The rows as batches of columns, closed when many rows or about 1 Mi characters are in.

    `size` is the number of characters a row brings, so that long articles cost no memory.
    """
    held: list[T] = []
    length = 0
    for row in rows:
        held.append(row)
        length += size(row)
        if length >= _TEXT_A_BATCH or len(held) >= ROWS_A_BATCH:
            yield columns(held)
            held, length = [], 0
    if held:
        yield columns(held)


def document_columns(articles: Sequence[ArticleRow]) -> Batch:
    """The columns of `arrow_schemas.documents`."""
    return {
        **_plain(articles, "id", "external_id", "title", "language"),
        **{n: [a.source.get(n) for a in articles] for n in PUBLISHED},
        **_plain(articles, "revision", "version", "created_at", "updated_at", "regions"),
        "meta": [text_of(a.meta) if a.meta else None for a in articles],
        **_plain(articles, "text_sha256", "text"),
    }


def spans_of(documents: Iterable[Document]) -> Iterator[tuple[AnnotationRow, str]]:
    """Every annotation with the text of its envelope."""
    for document in documents:
        text = document.article.text
        for row in document.annotations:
            yield row, text[row.start : row.end]


def span_columns(pairs: Sequence[tuple[AnnotationRow, str]]) -> Batch:
    """The columns of `arrow_schemas.spans`."""
    rows = [row for row, _ in pairs]
    verdicts = [row.verdict or _NOTHING for row in rows]
    return {
        **_plain(rows, "id", "article_id", "kind", "start", "end"),
        "exact": [exact for _, exact in pairs],
        "fragments": [[fragment_struct(f) for f in row.fragments] for row in rows],
        "parts": [part_structs(row) for row in rows],
        **_plain(rows, "layer", "state"),
        **_authors(rows),
        **{c.name: attribute_column(rows, c) for c in arrow_schemas.COLUMNS},
        "attributes": [text_of(row.attributes) for row in rows],
        **_plain(rows, "tags", "note", "confidence", "origin", "score", "reported_by"),
        "verdict": [verdict.get("label") for verdict in verdicts],
        "verdict_justification": [verdict.get("justification") for verdict in verdicts],
        **_plain(rows, "external_id", "version", "created_at", "updated_at"),
    }


def attribute_column(rows: Sequence[AnnotationRow], column: Column) -> list[str | None]:
    """One attribute of many annotations, by the quickest way that its path allows."""
    first, *rest = column.path
    if column.type == "json" or len(rest) > 1:
        return [column.take(r.attributes) if first in r.attributes else None for r in rows]
    if rest:
        return [r.attributes.get(first, _NOTHING).get(rest[0]) for r in rows]
    return [r.attributes.get(first) for r in rows]


def fragment_struct(piece: Fragment) -> dict[str, Any]:
    """One unbroken stretch."""
    return {"start": piece.start, "end": piece.end, "exact": piece.exact}


def part_structs(row: AnnotationRow) -> list[dict[str, Any]]:
    """Source, cue, content and antecedent of an attribution, each stretch with its role."""
    return [
        {**fragment_struct(piece), "role": role}
        for role, pieces in row.parts.items()
        for piece in pieces
    ]


def link_columns(links: Sequence[LinkRow]) -> Batch:
    """The columns of `arrow_schemas.links`."""
    ends = _plain(links, "id", "from_id", "from_article_id", "to_id", "to_article_id", "relation")
    told = _plain(links, "basis", "independence", "confidence", "rationale", "group", "state")
    rest = _plain(links, "layer", "external_id", "version", "created_at", "updated_at")
    return {**ends, **told, **_authors(links), **rest}


def source_columns(sources: Sequence[SourceRow]) -> Batch:
    """The columns of `arrow_schemas.sources`."""
    return _plain(sources, "id", "name", "type", "aliases")


def _plain(rows: Sequence[Any], *names: str) -> Batch:
    return {name: [getattr(row, name) for row in rows] for name in names}


def _authors(rows: Sequence[AnnotationRow] | Sequence[LinkRow]) -> Batch:
    people = [row.author for row in rows]
    return {"author_id": [p.id for p in people], "author_name": [p.name for p in people]}
