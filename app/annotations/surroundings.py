"""What stands around a new annotation, in one statement.

Two things must be known: the attributions near it, to tell who reports it, and which of the
names it brings are known already. They are asked together, since every statement of a create
is a round trip.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Text, cast, literal, null, select, union_all

from app.annotations.models import SourceName
from app.annotations.queries import annotations, seen_by
from app.kernel.actor import Actor
from app.kernel.db import session


@dataclass(slots=True)
class Around:
    """Attributions near, as (id, article_id, parts), and the keys that have a source."""

    contents: list[dict[str, Any]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)


def look_around(actor: Actor, article_id: str, start: int, end: int, keys: Sequence[str]) -> Around:
    """The attributions that meet start…end in the article, and which of the keys are known."""
    near = select(
        cast(annotations.id, Text).label("key"), cast(annotations.parts, Text).label("parts")
    ).where(
        seen_by(actor),
        annotations.article_id == article_id,
        annotations.kind == "attribution",
        annotations.start_offset < end,
        annotations.end_offset > start,
    )
    statement: Any = near
    if keys:
        names = SourceName.__table__.c
        known = select(names.key, cast(null(), Text)).where(
            names.project_id == literal(actor.project.id, names.project_id.type),
            names.key.in_(keys),
        )
        statement = union_all(near, known)
    around = Around()
    for key, parts in session().execute(statement):
        if parts is None:
            around.known.add(key)
        else:
            around.contents.append(
                {"id": key, "article_id": article_id, "parts": orjson.loads(parts)}
            )
    return around
