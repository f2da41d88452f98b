"""The stamp of a reader page: which versions of what it is made of, told in one small row.

A version of an annotation or a link never changes, nor does the text that it speaks of. So two
pages of an article with the same stamp are the same page, and what was written for one serves
the other. The stamp also names what a page shows and what changes without a new version: the
names of the authors, and the verdicts.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Integer, Row, Select, Text, bindparam, cast, select

from app.accounts.models import User
from app.annotations.beside import beside
from app.annotations.queries import ARTICLE, TEXT_ORDER, annotations, works_blind
from app.annotations.queries import seen as annotation_seen
from app.kernel.actor import Actor
from app.kernel.db import run
from app.kernel.documents import JsonTable
from app.kernel.jsons import dumps
from app.links.models import Link
from app.links.queries import FROM, TO, links, seen, touches, with_ends

users = User.__table__.c


class Stamp(NamedTuple):
    """JSON arrays: of each annotation and of each link its id, version, author's name, …"""

    tagged: str
    linked: str


def stamp_of(actor: Actor, article_id: str, most: int) -> Stamp:
    """The stamp of an article's annotations, one more than `most`, and of all its links."""
    given = {"project": actor.project.id, "me": actor.id, "article": article_id, "most": most + 1}
    return Stamp(*run(_statement(works_blind(actor)), given).one())


def tells_of(stamp: Stamp, tagged: Sequence[Row[Any]], linked: Sequence[Row[Any]]) -> bool:
    """Whether these rows, asked for after the stamp, are still those that it tells of."""
    return [row[:4] for row in orjson.loads(stamp.tagged)] == [
        [row.id, row.version, row.author_name, dumps(row.verdict).decode()] for row in tagged
    ] and [row[:3] for row in orjson.loads(stamp.linked)] == [
        [row.id, row.version, row.author_name] for row in linked
    ]


@cache
def _statement(blind: bool) -> Select[*tuple[Any, ...]]:
    # The moments are for a database put back from a backup, whose versions count on anew.
    tagged = (
        select(
            annotations.id,
            annotations.version,
            users.name,
            cast(beside.verdict, Text).label("verdict"),
            annotations.updated_at,
        )
        .join(User.__table__, users.id == annotations.author_id)
        .where(annotation_seen(blind), annotations.article_id == ARTICLE)
        .order_by(*TEXT_ORDER)
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    linked = (
        with_ends(
            select(
                links.id,
                links.version,
                users.name,
                links.updated_at,
                FROM.c.version.label("from_version"),
                TO.c.version.label("to_version"),
            ).select_from(Link.__table__)
        )
        .join(User.__table__, users.id == links.author_id)
        .where(seen(blind), touches(ARTICLE))
        .order_by(links.id)
        .subquery()
    )
    return select(*(select(JsonTable(*each.c)).scalar_subquery() for each in (tagged, linked)))
