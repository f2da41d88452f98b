"""Putting the annotators' layers of an article side by side, links included."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.links import queries as link_queries
from app.links.queries import links
from app.reviews.adjudication import queries
from app.reviews.layers import Layers, by_author, layers_of, open_to, require_done
from app.reviews.link_matching import LinkGroup, compare_links
from app.reviews.matching import Group, compare


@dataclass(frozen=True, slots=True)
class Comparison:
    """An article's coders and who else made links, by id; the groups of both; and their rows.

    `decided` has the adjudicator's decisions by the id of what was decided on.
    """

    coders: dict[str, str]
    groups: list[Group]
    link_groups: list[LinkGroup]
    annotations: dict[str, Row[Any]]
    links: dict[str, Row[Any]]
    decided: dict[str, Row[Any]]


def comparison(
    actor: Actor, article_id: str, only: Collection[str] | None, kind: str | None, most: int
) -> Comparison:
    """The layers of the article, of all coders or only these, of all kinds or only one.

    Links are compared with those to other articles, whose layers are read to know which of
    their annotations are about the same thing. Six statements, however much there is, and one
    more for who works blind.
    """
    require_done(actor, article_id)
    rows = _links(actor, article_id, only)
    others = {article_id}.union(*map(_ends, rows))
    layers = layers_of(actor, sorted(others), only, whole=True)
    here = layers[article_id]
    if len(here.rows) > most:
        told = f"More than {most} annotations cannot be compared at once; name users."
        raise Invalid(told, code="too_many")
    groups = {id_: compare(each.marked()) for id_, each in layers.items()}
    shown = [group for group in groups[article_id] if kind in (None, group.kind)]
    ids = {marked.id for group in shown for marked in group.members.values()}
    if kind is not None:
        rows = [row for row in rows if ids & {row.from_id, row.to_id}]
    known = open_to(actor, layers.keys())
    linkers = {row.author_id: row.author_name for row in rows}
    return Comparison(
        coders=dict(sorted({**linkers, **here.coders}.items())),
        groups=shown,
        link_groups=_link_groups(article_id, rows, layers, groups),
        annotations={row.id: row for row in here.rows if row.id in ids},
        links={row.id: row for row in rows},
        decided=queries.decided(ids, [row.id for row in rows if _ends(row) <= known]),
    )


def _links(actor: Actor, article_id: str, only: Collection[str] | None) -> list[Row[Any]]:
    statement = link_queries.visible_to(actor).where(
        link_queries.touches(article_id), links.layer == "annotator"
    )
    if only is not None:
        statement = statement.where(links.author_id.in_(only))
    return list(session().execute(statement.order_by(links.id)))


def _ends(row: Row[Any]) -> set[str]:
    """The articles that a link leads to."""
    return {row.from_article_id, row.to_article_id}


def _link_groups(
    article_id: str,
    rows: list[Row[Any]],
    layers: dict[str, Layers],
    groups: dict[str, list[Group]],
) -> list[LinkGroup]:
    """Links to each article for themselves: only who worked on both could have linked them."""
    by_article: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        ends = _ends(row) - {article_id}
        by_article[ends.pop() if ends else article_id].append(row)
    found: list[LinkGroup] = []
    for other, theirs in sorted(by_article.items()):
        both = layers[article_id].coders.keys() & layers[other].coders.keys()
        made = by_author(theirs)
        everyone = {coder: made.get(coder, []) for coder in sorted(both | made.keys())}
        known = groups[article_id] if other == article_id else groups[article_id] + groups[other]
        found += compare_links(everyone, known)
    return found
