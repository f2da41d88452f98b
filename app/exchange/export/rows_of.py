"""From columns to the rows that formats receive."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Dialect, String, func, type_coerce

from app.annotations.presenting import content_of, target_of
from app.annotations.reported import innermost_of_each
from app.exchange.rows import AnnotationRow, ArticleRow, Fragment, Json, LinkRow, Person

_SOURCE = (
    "publisher",
    "author",
    "url",
    "published_on",
    "published_precision",
    "credited_source",
)


def moment(column: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """A moment as the text that rows have; the database writes it quicker than we would."""
    if dialect.name == "sqlite":
        return type_coerce(column, String).label(column.key)
    return func.to_char(column, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"').label(column.key)


def article_of(row: Any) -> ArticleRow:
    """An article from a row of `statements.articles`."""
    known = {name: row[name] for name in _SOURCE if row[name] is not None}
    return ArticleRow(
        id=row["key"],
        title=row["title"],
        text=row["text"],
        text_sha256=row["sha256"],
        external_id=row["external_id"],
        language=row["language"],
        source=known,
        regions=row["regions"],
        meta=row["meta"],
        revision=row["revision"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def annotations_of(article: ArticleRow, rows: Sequence[Any]) -> list[AnnotationRow]:
    """An article's annotations, in the order given, each told who reports it."""
    inside = [(row["key"], target_of(row)) for row in rows]
    reported = {}
    if contents := [(row["key"], found) for row in rows if (found := content_of(row["parts"]))]:
        reported = innermost_of_each(inside, contents)
    return [_annotation(article.id, row, reported.get(row["key"])) for row in rows]


def _annotation(article_id: str, row: Any, reported_by: str | None) -> AnnotationRow:
    whole = Fragment(row["start_offset"], row["end_offset"], row["exact"])
    return AnnotationRow(
        id=row["key"],
        article_id=article_id,
        kind=row["kind"],
        fragments=_fragments(row["fragments"]) if row["fragments"] else (whole,),
        author=Person(row["author_id"], row["author_name"]),
        attributes=row["attributes"],
        parts={name: _fragments(pieces) for name, pieces in (row["parts"] or {}).items()},
        tags=tuple(row["tags"]),
        note=row["note"],
        confidence=row["confidence"],
        origin=row["origin"],
        score=row["score"],
        state=row["state"],
        external_id=row["external_id"],
        layer=row["layer"],
        reported_by=reported_by,
        verdict=_verdict(row),
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _fragments(pieces: Sequence[Json]) -> tuple[Fragment, ...]:
    return tuple(Fragment(piece["start"], piece["end"], piece["exact"]) for piece in pieces)


def _verdict(row: Any) -> Json | None:
    if row["label"] is None:
        return None
    return {"label": row["label"], "justification": row["justification"]}


def link_of(row: Any) -> LinkRow:
    """A link from a row of `statements.links`."""
    return LinkRow(
        id=row["key"],
        from_id=row["from_key"],
        from_article_id=row["from_article"],
        to_id=row["to_key"],
        to_article_id=row["to_article"],
        relation=row["relation"],
        author=Person(row["author_id"], row["author_name"]),
        basis=row["basis"],
        independence=row["independence"],
        rationale=row["rationale"],
        confidence=row["confidence"],
        group=row["group_name"],
        state=row["state"],
        external_id=row["external_id"],
        layer=row["layer"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
