"""What stands around a new annotation, in one statement.

Two things must be known: the attributions near it, to tell who reports it, and which of the
names it brings are known already. They are asked together, since every statement of a create
is a round trip.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Text, bindparam, cast, null, select, union_all

from app.annotations.models import SourceName
from app.annotations.queries import IS_ATTRIBUTION, PROJECT, annotations, seen, works_blind
from app.kernel.actor import Actor
from app.kernel.db import ask


@dataclass(slots=True)
class Around:
    """Attributions near, as (id, article_id, revision, parts), and the keys that have a source."""

    contents: list[dict[str, Any]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)


def look_around(
    actor: Actor, article_id: str, revision: int, start: int, end: int, keys: Sequence[str]
) -> Around:
    """The attributions that meet start…end in a text of the article, and which keys are known."""
    given = {
        "project": actor.project.id,
        "me": actor.id,
        "article": article_id,
        "revision": revision,
        "start": start,
        "end": end,
        "keys": list(keys),
    }
    around, there = Around(), {"article_id": article_id, "revision": revision}
    for row in ask(_statement(works_blind(actor), bool(keys)), given):
        if row.parts is None:
            around.known.add(row.key)
        else:
            said = orjson.loads(row.parts)
            around.contents.append({"id": row.key, **there, "parts": said})
    return around


@cache
def _statement(blind: bool, with_names: bool) -> Any:
    near = select(
        cast(annotations.id, Text).label("key"), cast(annotations.parts, Text).label("parts")
    ).where(
        seen(blind),
        annotations.article_id == bindparam("article", type_=annotations.article_id.type),
        annotations.revision == bindparam("revision"),
        IS_ATTRIBUTION,
        annotations.start_offset < bindparam("end"),
        annotations.end_offset > bindparam("start"),
    )
    if not with_names:
        return near
    names = SourceName.__table__.c
    known = select(names.key, cast(null(), Text)).where(
        names.project_id == PROJECT, names.key.in_(bindparam("keys", expanding=True))
    )
    return union_all(near, known)
