"""Decisions of adjudicators as the wire has them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from app.kernel.actor import Actor
from app.reviews.adjudication import queries

Json = dict[str, Any]


def present_all(rows: Sequence[Row[Any]]) -> list[Json]:
    """Decisions from rows of `queries.listed` or `queries.these`, with what they are about."""
    origins: dict[str, list[Json]] = defaultdict(list)
    for origin in queries.origins_of([row.id for row in rows]):
        author = {"id": origin.author_id, "name": origin.author_name}
        document = {"id": origin.id, "version": origin.version, "author": author}
        origins[origin.adjudication_id].append(document)
    return [_present(row, origins[row.id]) for row in rows]


def present_undecided(actor: Actor, article_id: str) -> Json:
    """What is left to be decided on."""
    return {
        "annotations": queries.undecided(article_id),
        "links": queries.undecided_links(actor, article_id),
    }


def _present(row: Row[Any], origins: list[Json]) -> Json:
    return {
        "id": row.id,
        "about": row.about,
        "action": row.action,
        "how": row.how,
        "from": origins,
        "result": row.annotation_id or row.link_id,
        "changed": row.changed,
        "reason": row.reason,
        "by": {"id": row.user_id, "name": row.user_name},
        "at": row.created_at,
    }
