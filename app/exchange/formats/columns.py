"""Attributes and rows as flat columns, one order for every table."""

from collections.abc import Iterable

from app.annotations.kinds import KINDS
from app.exchange.formats.jsons import text_of
from app.exchange.rows import AnnotationRow, ArticleRow, Json, LinkRow, SourceRow

Cell = str | int | float | None

ATTRIBUTES = tuple(dict.fromkeys(c.name for kind in KINDS.values() for c in kind.columns))
"""The attributes of every kind, each name once; a kind without it leaves the cell empty."""

_PLACES = {
    kind.name: [(ATTRIBUTES.index(column.name), column.path[0], column) for column in kind.columns]
    for kind in KINDS.values()
}

PUBLISHED = ("publisher", "author", "url", "published_on", "published_precision", "credited_source")
DOCUMENT = (
    "id", "external_id", "title", "language", *PUBLISHED, "revision", "version",
    "created_at", "updated_at", "regions", "meta", "text_sha256", "text",
)  # fmt: skip
SPAN = (
    "id", "article_id", "kind", "start", "end", "exact", "fragments", "layer", "state",
    "author_id", "author_name", *ATTRIBUTES, "attributes", "tags", "note",
    "confidence", "origin", "score", "reported_by", "verdict", "verdict_justification",
    "external_id", "version", "created_at", "updated_at",
)  # fmt: skip
FRAGMENT = ("annotation_id", "article_id", "number", "start", "end", "exact")
PART = ("annotation_id", "article_id", "role", "number", "start", "end", "exact")
LINK = (
    "id", "from_id", "from_article_id", "to_id", "to_article_id", "relation", "basis",
    "independence", "confidence", "rationale", "group", "state", "layer", "author_id",
    "author_name", "external_id", "version", "created_at", "updated_at",
)  # fmt: skip
SOURCE = ("id", "name", "type", "aliases")


def document_cells(article: ArticleRow) -> list[Cell]:
    """One row of documents, in the order of `DOCUMENT`."""
    source = article.source
    return [
        article.id, article.external_id, article.title, article.language,
        *(source.get(name) for name in PUBLISHED), article.revision, article.version,
        article.created_at, article.updated_at, text_of(article.regions),
        text_of(article.meta), article.text_sha256, article.text,
    ]  # fmt: skip


def span_cells(row: AnnotationRow, text: str) -> list[Cell]:
    """One row of spans, in the order of `SPAN`; `exact` is the whole envelope's text."""
    start, end, verdict = row.start, row.end, row.verdict or {}
    return [
        row.id, row.article_id, row.kind, start, end, text[start:end], len(row.fragments),
        row.layer, row.state, row.author.id, row.author.name,
        *cells_of_attributes(row.kind, row.attributes),
        text_of(row.attributes), text_of(row.tags), row.note,
        row.confidence, row.origin, row.score, row.reported_by, verdict.get("label"),
        verdict.get("justification"), row.external_id, row.version, row.created_at,
        row.updated_at,
    ]  # fmt: skip


def cells_of_attributes(kind: str, attributes: Json) -> list[str | None]:
    """The cells of `ATTRIBUTES` for one annotation of a kind."""
    cells: list[str | None] = [None] * len(ATTRIBUTES)
    for place, first, column in _PLACES.get(kind, ()):
        if first in attributes:
            cells[place] = column.take(attributes)
    return cells


def fragment_rows(row: AnnotationRow) -> Iterable[list[Cell]]:
    """The unbroken stretches of one span, numbered from 1."""
    for number, piece in enumerate(row.fragments, 1):
        yield [row.id, row.article_id, number, piece.start, piece.end, piece.exact]


def part_rows(row: AnnotationRow) -> Iterable[list[Cell]]:
    """Source, cue, content and antecedent of an attribution, numbered from 1 within a role."""
    for role, pieces in row.parts.items():
        for number, piece in enumerate(pieces, 1):
            yield [row.id, row.article_id, role, number, piece.start, piece.end, piece.exact]


def link_cells(link: LinkRow) -> list[Cell]:
    """One row of links, in the order of `LINK`."""
    return [
        link.id, link.from_id, link.from_article_id, link.to_id, link.to_article_id,
        link.relation, link.basis, link.independence, link.confidence, link.rationale,
        link.group, link.state, link.layer, link.author.id, link.author.name,
        link.external_id, link.version, link.created_at, link.updated_at,
    ]  # fmt: skip


def source_cells(source: SourceRow) -> list[Cell]:
    """One row of sources, in the order of `SOURCE`."""
    return [source.id, source.name, source.type, text_of(source.aliases)]
