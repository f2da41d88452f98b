"""Adjudicating links: what is said of them, and what is carried over."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from app.kernel.actor import Actor
from app.kernel.db import session
from app.links import queries as link_queries
from app.links import service as link_service
from app.links.queries import links
from app.reviews.adjudication import queries
from app.reviews.adjudication.carrying import Pair, Ready, carry, check_pairs
from app.reviews.adjudication.rulings import Docket, Ruling, check_own_work, only_own, rulings
from app.reviews.adjudication.writing import Entry, add_origins, write

Json = dict[str, Any]
Rows = dict[str, Row[Any]]
KEPT = ("relation", "basis", "independence", "rationale", "confidence", "group")


def adjudicate_links(
    actor: Actor, article_id: str, items: Sequence[Json], *, own_work: bool
) -> list[str]:
    """Decide on links as `items` say, then carry over what nobody disagrees on.

    Answers with the ids of the decisions made or added to. `own_work` says whether the actor may
    decide on what only the actor made.
    """
    rows = {row.id: row for row in queries.carriable(actor, article_id)}
    ready = [Ready(row.id, _pair(row), row.relation) for row in rows.values()]
    settled = queries.settled_pairs(actor, sorted({end for link in ready for end in link.pair}))
    named = _named(actor, article_id, items)
    decided = _decided(actor, items, named, own_work)
    check_pairs(decided, ready, settled)
    everything = named | rows
    authors = {id_: row.author_id for id_, row in everything.items()}
    found = carry(
        ready,
        decided,
        {pair: row.relation for pair, row in settled.items()},
        lambda ids: own_work or not only_own(ids, authors, actor.id),
    )
    made = _make(actor, article_id, found.rulings, everything)
    return made + _join(actor, article_id, found.joining, settled, everything)


def _named(actor: Actor, article_id: str, items: Sequence[Json]) -> Rows:
    """The annotators' links that the request names, of those with an end in the article."""
    ids = [id_ for item in items for id_ in (*item.get("accept", ()), *item.get("reject", ()))]
    if not ids:
        return {}
    statement = link_queries.visible_to(actor).where(
        links.id.in_(ids), link_queries.touches(article_id), links.layer == "annotator"
    )
    return {row.id: row for row in session().execute(statement)}


def _decided(actor: Actor, items: Sequence[Json], named: Rows, own_work: bool) -> list[Ruling]:
    if not items:
        return []
    stand = {id_: row.id for id_, row in queries.decided((), named).items()}
    docket = Docket({id_: row.author_id for id_, row in named.items()}, stand)
    found = rulings(items, docket, "/links")
    if not own_work:
        check_own_work(found, docket, actor.id)
    return found


def _make(actor: Actor, article_id: str, found: list[Ruling], rows: Rows) -> list[str]:
    accepted = [ruling for ruling in found if ruling.action == "accept"]
    made = link_service.create_adjudicated(
        actor, [_body(rows[ruling.ids[0]], ruling.changes) for ruling in accepted]
    )
    results = dict(zip((ruling.ids for ruling in accepted), made, strict=True))
    entries = [
        Entry("link", ruling, results.get(ruling.ids), _versions(ruling.ids, rows))
        for ruling in found
    ]
    return write(actor, article_id, entries)


def _join(
    actor: Actor,
    article_id: str,
    joining: dict[Pair, tuple[str, ...]],
    settled: dict[Pair, Row[Any]],
    rows: Rows,
) -> list[str]:
    joined = []
    for pair, ids in joining.items():
        there = settled[pair]
        if there.adjudication_id is not None:
            entry = Entry("link", Ruling("/links", "accept", ids), there.id, _versions(ids, rows))
            add_origins(actor, article_id, there.adjudication_id, there.last_place, entry)
            joined.append(there.adjudication_id)
    return joined


def _pair(row: Row[Any]) -> Pair:
    low, high = sorted((row.result_from, row.result_to))
    return low, high


def _body(row: Row[Any], changes: Json) -> Json:
    """What the first of the links says, between the adjudicated ends, with what was changed."""
    said = {name: row._mapping["group_name" if name == "group" else name] for name in KEPT}
    ends = {"from_id": row.result_from, "to_id": row.result_to}
    return {**said, **changes, **ends, "state": "approved"}


def _versions(ids: Sequence[str], rows: Rows) -> dict[str, int]:
    return {id_: rows[id_].version for id_ in ids}
