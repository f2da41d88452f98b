"""From columns to the rows that formats receive."""

from collections.abc import Sequence
from typing import Any

from orjson import loads
from sqlalchemy import ColumnElement, Dialect, String, func, type_coerce

from app.annotations.presenting import content_of
from app.annotations.reported import innermost_of_each
from app.annotations.spans import Span, Target
from app.articles.presenting import SOURCE
from app.exchange.rows import AnnotationRow, ArticleRow, Fragment, Json, LinkRow, Person


def moment(column: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """A moment as the text that rows have; the database writes it quicker than we would."""
    if dialect.name == "sqlite":
        return type_coerce(column, String).label(column.key)
    return func.to_char(column, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"').label(column.key)


def article_of(row: Any) -> ArticleRow:
    """An article from a row of `statements.articles`."""
    known = {name: row[name] for name in SOURCE if row[name] is not None}
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
    """An article's annotations, in the order given, each told who reports it.

    `rows` have the columns of `statements.inside` after the article's id.
    """
    with_parts = [(row[0], loads(row[_PARTS])) for row in rows if row[_PARTS]]
    contents = [(id_, found) for id_, parts in with_parts if (found := content_of(parts))]
    reported = innermost_of_each(map(_target, rows), contents) if contents else {}
    return [_annotation(article.id, row, reported.get(row[0])) for row in rows]


_FRAGMENTS, _PARTS = 5, 6


def _target(row: Any) -> tuple[str, Target]:
    id_, _, start, end, *_ = row
    if not row[_FRAGMENTS]:
        return id_, Target.single(start, end)
    return id_, Target.of(Span(p["start"], p["end"]) for p in loads(row[_FRAGMENTS]))


def _annotation(article_id: str, row: Any, reported_by: str | None) -> AnnotationRow:
    # Taken apart by place, and JSON only where there is some: a hundred thousand times a download.
    (
        id_, kind, start, end, exact, fragments, parts, attributes, tags, note, confidence, origin,
        score, state, layer, external_id, author_id, author_name, version, created_at, updated_at,
        label, justification,
    ) = row  # fmt: skip
    whole = _fragments(loads(fragments)) if fragments else (Fragment(start, end, exact),)
    return AnnotationRow(
        id=id_,
        article_id=article_id,
        kind=kind,
        fragments=whole,
        author=Person(author_id, author_name),
        attributes=loads(attributes),
        parts={n: _fragments(pieces) for n, pieces in loads(parts).items()} if parts else {},
        tags=() if tags == "[]" else tuple(loads(tags)),
        note=note,
        confidence=confidence,
        origin=origin,
        score=score,
        state=state,
        external_id=external_id,
        layer=layer,
        reported_by=reported_by,
        verdict=None if label is None else {"label": label, "justification": justification},
        version=version,
        created_at=created_at,
        updated_at=updated_at,
    )


def _fragments(pieces: Sequence[Json]) -> tuple[Fragment, ...]:
    return tuple(Fragment(piece["start"], piece["end"], piece["exact"]) for piece in pieces)


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
