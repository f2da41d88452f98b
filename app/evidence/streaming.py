"""The signed graph on its way: from a snapshot of its own, in flat memory."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from app.annotations.models import Annotation
from app.articles.models import Article
from app.evidence import queries
from app.evidence.counting import Counting
from app.evidence.files import WRITERS, chunks
from app.evidence.policy import RULES
from app.evidence.queries import SHOWN, annotations, articles
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.downloads import Download
from app.kernel.permissions import require
from app.kernel.snapshots import open_snapshot

Json = dict[str, Any]


def begin(
    database: Database, actor: Actor, query: Json, *, seconds: int, held: ExitStack
) -> Download:
    """The graph with its first chunk made, so that faults come while they can be told.

    `held` is emptied into the download. Three statements; memory does not grow with the project.
    """
    require(RULES, "read", actor)
    writer = WRITERS[query.pop("format")]
    with held as stack:
        connection = open_snapshot(database, seconds)
        stack.callback(connection.close)
        links = _links(connection, actor, query)
        made = chunks(writer.write(_nodes(connection, links), _told(connection, links)))
        first = next(made)
        return Download(chain([first], made), stack.pop_all())


def _links(connection: Connection, actor: Actor, query: Json) -> Select[*tuple[Any, ...]]:
    """The links that count and pass the filters."""
    counting = Counting(actor, query.pop("state"), query.pop("layer"))
    relation, one = query.pop("relation", None), query.pop("annotation", None)
    edges = counting.edges().order_by(None).cte("edges")
    statement: Select[*tuple[Any, ...]] = select(edges)
    if relation is not None:
        statement = statement.where(edges.c.relation == relation)
    if one is not None:
        counted = queries.counted_as(connection, counting, one)
        statement = statement.where(or_(edges.c.one == counted, edges.c.other == counted))
    if query:
        passing = queries.touching(actor, query)
        statement = statement.where(or_(edges.c.one.in_(passing), edges.c.other.in_(passing)))
    return statement


def _nodes(connection: Connection, links: Select[*tuple[Any, ...]]) -> Iterator[Json]:
    """The annotations that the links join, in the order of ids."""
    found = links.cte("found")
    ends = select(found.c.one).union(select(found.c.other))
    statement = (
        select(*SHOWN)
        .select_from(Annotation.__table__)
        .join(Article.__table__, articles.id == annotations.article_id)
        .where(annotations.id.in_(ends))
        .order_by(annotations.id)
    )
    for row in queries.streamed(connection, statement):
        yield {**row._mapping, "article": row.title}


def _told(connection: Connection, links: Select[*tuple[Any, ...]]) -> Iterator[Json]:
    """The links in the order of ids."""
    ordered = links.order_by(links.selected_columns.id)
    for row in queries.streamed(connection, ordered):
        yield _link(row)


def _link(row: Row[Any]) -> Json:
    return {
        "key": row.id,
        "source": row.one,
        "target": row.other,
        "relation": row.relation,
        "sign": 1 if row.relation == "corroborates" else -1,
        "independence": row.independence,
    }
