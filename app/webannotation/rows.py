"""Rows of a page as formats take them. (An export makes its own by place, for speed.)"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.exchange.rows import AnnotationRow, Fragment, Person

Json = dict[str, Any]
_SAME = (
    *("id", "article_id", "kind", "attributes", "note", "confidence", "origin", "score"),
    *("state", "external_id", "layer", "version", "created_at", "updated_at"),
)


def annotation_of(row: Mapping[Any, Any], reported_by: str | None) -> AnnotationRow:
    """An annotation from a row of `queries.rows_of_page`, told who reports it."""
    whole = {"start": row["start_offset"], "end": row["end_offset"], "exact": row["exact"]}
    verdict = {"label": row["label"], "justification": row["justification"]}
    return AnnotationRow(
        **{name: row[name] for name in _SAME},
        fragments=_fragments(row["fragments"] or [whole]),
        author=Person(row["author_id"], row["author_name"]),
        parts={name: _fragments(pieces) for name, pieces in (row["parts"] or {}).items()},
        tags=tuple(row["tags"]),
        reported_by=reported_by,
        verdict=verdict if row["label"] is not None else None,
    )


def _fragments(pieces: Sequence[Json]) -> tuple[Fragment, ...]:
    return tuple(Fragment(piece["start"], piece["end"], piece["exact"]) for piece in pieces)
