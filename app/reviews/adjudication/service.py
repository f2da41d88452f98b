"""Adjudicating: making the layer that a team settles on, and keeping what it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.annotations import queries as annotation_queries
from app.annotations import removing
from app.annotations import service as annotation_service
from app.articles import queries as article_queries
from app.articles.models import Article
from app.articles.service import record_article
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Conflict, TooLarge, fault, refused
from app.kernel.offsets import Unit
from app.kernel.permissions import require
from app.links import service as link_service
from app.links.models import Link
from app.projects.settings import bars_own_work
from app.reviews.adjudication import queries
from app.reviews.adjudication.bodies import accepted_body
from app.reviews.adjudication.links import adjudicate_links
from app.reviews.adjudication.policy import RULES
from app.reviews.adjudication.rulings import (
    Docket,
    Ruling,
    by_strategy,
    check_own_work,
    only_own,
    rulings,
)
from app.reviews.adjudication.writing import Entry, withdraw, write
from app.reviews.layers import Layers, layers_of
from app.reviews.matching import compare, exactly_alike

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What an adjudicator wants: a body that its schema admitted, and how many ids it may name."""

    data: Json
    most: int

    def items(self, name: str) -> list[Json]:
        """The decisions on annotations (`decisions`), or those on `links`."""
        return list(self.data.get(name, ()))


def adjudicate(actor: Actor, article_id: str, request: Request) -> tuple[Article, list[str]]:
    """Decide on what annotators marked and linked, all of it or nothing.

    In order: decisions are withdrawn, annotations decided on, then links, then the article is
    done if that is asked for. Answers with the article and the ids of the decisions.
    """
    require(RULES, "adjudicate", actor)
    _check_size(request)
    article = _held(actor, article_id, "open")
    own_work = not bars_own_work(actor)
    _withdraw(actor, article_id, request.data.get("withdraw", ()))
    made = _adjudicate_annotations(actor, article, request, own_work=own_work)
    made += adjudicate_links(actor, article_id, request.items("links"), own_work=own_work)
    if request.data["done"]:
        _turn(actor, article, "adjudicated", "adjudicated")
    return article, made


def reopen(actor: Actor, article_id: str) -> Article:
    """Open an adjudicated article again. The adjudicated layer stays, and can be changed."""
    require(RULES, "adjudicate", actor)
    article = _held(actor, article_id, "adjudicated")
    _turn(actor, article, "open", "reopened")
    return article


def _held(actor: Actor, article_id: str, state: str) -> Article:
    """The article in this state; others who would adjudicate it wait until this is done."""
    article = article_queries.get_for_tagging(actor, article_id)
    if article.state != state:
        told = "It is adjudicated; reopen it first." if state == "open" else "It is open already."
        legal = ["reopen"] if state == "open" else ["adjudicate"]
        raise Conflict(told, code="illegal_move", state=article.state, legal=legal)
    return article


def _turn(actor: Actor, article: Article, state: str, action: str) -> None:
    before = article.state
    article.state, article.updated_at = state, now()
    session().flush()  # counts the version
    record_article(
        actor,
        action,
        article,
        before={"state": before},
        after={"state": state},
    )


def _check_size(request: Request) -> None:
    items = request.items("decisions") + request.items("links")
    named = sum(len(item.get("accept", ())) + len(item.get("reject", ())) for item in items)
    if named > request.most:
        told = f"At most {request.most} ids are decided on at once (MAX_ITEMS_PER_REQUEST)."
        raise TooLarge(told)


def _adjudicate_annotations(
    actor: Actor, article: Article, request: Request, *, own_work: bool
) -> list[str]:
    layers = layers_of(actor, [article.id], None, whole=True)[article.id]
    rows = {row.id: row for row in layers.rows}
    stand = {id_: row.id for id_, row in queries.decided(rows).items()}
    docket = Docket({id_: row.author_id for id_, row in rows.items()}, stand)
    found = rulings(request.items("decisions"), docket, "/decisions")
    if not own_work:
        check_own_work(found, docket, actor.id)
    if strategy := request.data.get("strategy"):
        taken = docket.decided.keys() | {id_ for ruling in found for id_ in ruling.ids}
        found += by_strategy(
            _alike(layers, strategy),
            set(taken),
            lambda ids: own_work or not only_own(ids, docket.authors, actor.id),
        )
    results = _tag(actor, article, [ruling for ruling in found if ruling.action == "accept"])
    entries = [
        Entry(
            "annotation",
            ruling,
            results.get(ruling.ids),
            {id_: rows[id_].version for id_ in ruling.ids},
        )
        for ruling in found
    ]
    return write(actor, article.id, entries)


def _alike(layers: Layers, strategy: Json) -> list[tuple[str, ...]]:
    groups = compare(layers.marked())
    return exactly_alike(groups, strategy["accept_exact"], attributes=strategy["attributes"])


def _tag(actor: Actor, article: Article, accepted: Sequence[Ruling]) -> dict[tuple[str, ...], str]:
    """The adjudicated annotations, by what they were made of."""
    if not accepted:
        return {}
    first = {ruling.ids[0] for ruling in accepted}
    bases = queries.bases(list(first))
    if first - bases.keys():
        raise Conflict("What was to be accepted has just been deleted. Look at the article again.")
    made = annotation_service.create(
        actor,
        article.id,
        article.revision,
        [accepted_body(bases[ruling.ids[0]], ruling.changes) for ruling in accepted],
        Unit.CODEPOINT,
        pointers=[ruling.pointer for ruling in accepted],
        layer="adjudicated",
    )
    return {ruling.ids: one["id"] for ruling, one in zip(accepted, made, strict=True)}


def _withdraw(actor: Actor, article_id: str, ids: Sequence[str]) -> None:
    """Take decisions back, with the annotations and links that they made."""
    if not ids:
        return
    rows = {row.id: row for row in queries.these(article_id, ids)}
    told = "There is no such decision on this article."
    if missing := [place for place, id_ in enumerate(ids) if id_ not in rows]:
        raise refused([fault(f"/withdraw/{place}", "not_of_article", told) for place in missing])
    origins: dict[str, list[str]] = {}
    for row in queries.origins_of(ids):
        origins.setdefault(row.adjudication_id, []).append(row.id)
    withdraw(actor, rows.values(), origins)
    annotation_ids = [row.annotation_id for row in rows.values() if row.annotation_id]
    link_ids = [row.link_id for row in rows.values() if row.link_id]
    links = session().execute(select(Link.__table__).where(Link.id.in_(link_ids)))
    link_service.remove_rows(actor, list(links))
    removing.remove_rows(actor, annotation_queries.get_many(actor, annotation_ids))
