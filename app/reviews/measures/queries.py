"""Reading sheets, so many articles at a time, never a whole project.

Three statements for every `BATCH` articles, four for links. Whoever wants one moment of them all
asks within `one_moment`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, case, or_, select

from app.annotations.queries import annotations
from app.articles.models import Article, Revision
from app.kernel.actor import Actor
from app.kernel.db import session
from app.links import queries as link_queries
from app.links.queries import FROM, TO, links
from app.reviews.layers import Layers, by_author, layers_of
from app.reviews.matching import Group, compare
from app.reviews.measures.sheets import Sheet, link_sheet, span_sheet

BATCH = 50
articles, revisions = Article.__table__.c, Revision.__table__.c
Rows = Sequence[Row[Any]]
Only = Collection[str] | None


def span_sheets(
    actor: Actor, coders: Only, among: Only, kind: str | None, label: str
) -> Iterator[Sheet]:
    """A sheet of annotations for every article, in the order they came.

    Of these `coders` alone, `among` these articles alone, of one `kind`, or of all.
    """
    for batch in _batches(actor, among):
        layers = layers_of(actor, [row.id for row in batch], coders)
        for row in batch:
            marked = layers[row.id].marked(kind)
            yield span_sheet(row.id, row.title, row.codepoints, marked, label)


def link_sheets(actor: Actor, coders: Only, among: Only, kind: str | None) -> Iterator[Sheet]:
    """A sheet of links for every article, and for every two articles that are linked.

    With `kind`, of links with an end of that kind.
    """
    for batch in _batches(actor, among):
        ids = [row.id for row in batch]
        rows = _links(actor, ids, coders, among, kind)
        ends = {end for row in rows for end in (row.from_article_id, row.to_article_id)}
        layers = layers_of(actor, sorted(ends | set(ids)), coders)
        yield from _link_sheets(batch, rows, layers)


def _link_sheets(batch: Rows, rows: Rows, layers: dict[str, Layers]) -> Iterator[Sheet]:
    by_pair: dict[str, dict[str, list[Row[Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        low, high = sorted((row.from_article_id, row.to_article_id))
        by_pair[low][high].append(row)
    groups = {id_: compare(layers[id_].marked()) for id_ in _touched(by_pair)}
    for row in batch:
        for other, theirs in sorted(by_pair.get(row.id, {}).items()):
            both = layers[row.id].coders.keys() & layers[other].coders.keys()
            made = by_author(theirs)
            everyone = {coder: made.get(coder, []) for coder in sorted(both | made.keys())}
            known: list[Group] = groups[row.id] + (groups[other] if other != row.id else [])
            yield link_sheet(row.id, other if other != row.id else None, row.title, everyone, known)


def _touched(by_pair: dict[str, dict[str, list[Row[Any]]]]) -> set[str]:
    return by_pair.keys() | {other for others in by_pair.values() for other in others}


def _batches(actor: Actor, among: Only) -> Iterator[Rows]:
    """The project's articles, each with the length of its present text."""
    statement = (
        select(articles.id, articles.title, revisions.codepoints)
        .select_from(Article.__table__)
        .join(
            Revision.__table__,
            (revisions.article_id == articles.id) & (revisions.number == articles.revision),
        )
        .where(articles.project_id == actor.project.id)
        .order_by(articles.id)
        .limit(BATCH)
    )
    if among is not None:
        statement = statement.where(articles.id.in_(among))
    batch: Rows = list(session().execute(statement))
    while batch:
        yield batch
        if len(batch) < BATCH:
            return
        batch = list(session().execute(statement.where(articles.id > batch[-1].id)))


def _links(actor: Actor, ids: Sequence[str], coders: Only, among: Only, kind: str | None) -> Rows:
    """The annotators' links of which the lesser article is one of these."""
    inside = select(annotations.id).where(annotations.article_id.in_(ids))
    lesser = case((FROM.c.article_id < TO.c.article_id, FROM.c.article_id), else_=TO.c.article_id)
    conditions: list[ColumnElement[bool]] = [
        links.layer == "annotator",
        or_(links.from_id.in_(inside), links.to_id.in_(inside)),
        lesser.in_(ids),
    ]
    if coders is not None:
        conditions.append(links.author_id.in_(coders))
    if among is not None:
        conditions += [end.c.article_id.in_(among) for end in (FROM, TO)]
    if kind is not None:
        conditions.append(or_(FROM.c.kind == kind, TO.c.kind == kind))
    statement = link_queries.visible_to(actor).where(*conditions)
    return list(session().execute(statement.order_by(links.id)))
