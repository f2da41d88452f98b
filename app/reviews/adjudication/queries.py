"""Selects about adjudication. Who may read it is asked before: see `layers.require_done`."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select

from app.accounts.models import User
from app.annotations.models import Annotation
from app.annotations.queries import annotations, works_blind
from app.articles.models import Article
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.paging import Page, PageAsk, page_of
from app.links.models import Link
from app.links.queries import is_done_with_both, links, touches, visible_to
from app.reviews.adjudication.models import Adjudication, Origin

adjudications, origins = Adjudication.__table__.c, Origin.__table__.c
articles, users = Article.__table__.c, User.__table__.c
Rows = list[Row[Any]]
Statement = Select[*tuple[Any, ...]]


def decided(annotation_ids: Collection[str], link_ids: Collection[str] = ()) -> dict[str, Row[Any]]:
    """The decisions on these annotations and links, by the id of what was decided on."""
    statement: Statement = (
        select(
            func.coalesce(origins.annotation_id, origins.link_id).label("origin"),
            adjudications.id,
            adjudications.action,
            func.coalesce(adjudications.annotation_id, adjudications.link_id).label("result"),
        )
        .join(Adjudication.__table__, adjudications.id == origins.adjudication_id)
        .where(or_(origins.annotation_id.in_(annotation_ids), origins.link_id.in_(link_ids)))
    )
    return {row.origin: row for row in session().execute(statement)}


def listed(actor: Actor, article_id: str, ask: PageAsk) -> Page[Row[Any]]:
    """A page of the decisions on an article, oldest first, with the names of those who decided.

    Who works blind reads of those on links to another article only once done there as well.
    """
    statement = (
        select(Adjudication.__table__, users.name.label("user_name"))
        .select_from(Adjudication.__table__)
        .join(User.__table__, users.id == adjudications.user_id)
        .where(adjudications.article_id == article_id)
    )
    if works_blind(actor):
        seen = (
            visible_to(actor)
            .with_only_columns(origins.adjudication_id)
            .join(Origin.__table__, origins.link_id == links.id)
            .where(is_done_with_both(actor.id))
        )
        statement = statement.where(
            or_(adjudications.about == "annotation", adjudications.id.in_(seen))
        )
    return page_of(statement, [(adjudications.id, str)], ask, name="adjudications")


def these(article_id: str, ids: Sequence[str]) -> Rows:
    """Those of these decisions that are about the article."""
    statement = select(Adjudication.__table__, users.name.label("user_name")).join(
        User.__table__, users.id == adjudications.user_id
    )
    found = statement.where(adjudications.article_id == article_id, adjudications.id.in_(ids))
    return list(session().execute(found.order_by(adjudications.id)))


def origins_of(ids: Sequence[str]) -> Rows:
    """What these decisions are about, in order, with the authors' names."""
    author_id = func.coalesce(annotations.author_id, links.author_id)
    statement = (
        select(
            origins.adjudication_id,
            func.coalesce(origins.annotation_id, origins.link_id).label("id"),
            origins.version,
            author_id.label("author_id"),
            users.name.label("author_name"),
        )
        .select_from(Origin.__table__)
        .outerjoin(Annotation.__table__, annotations.id == origins.annotation_id)
        .outerjoin(Link.__table__, links.id == origins.link_id)
        .join(User.__table__, users.id == author_id)
        .where(origins.adjudication_id.in_(ids))
        .order_by(origins.adjudication_id, origins.place)
    )
    return list(session().execute(statement))


def bases(ids: Sequence[str]) -> dict[str, Annotation]:
    """The annotations that decisions begin from, by id."""
    found = session().scalars(select(Annotation).where(annotations.id.in_(ids)))
    return {annotation.id: annotation for annotation in found}


def carriable(actor: Actor, article_id: str) -> Rows:
    """The annotators' undecided links of which both ends were accepted, one end in the article.

    Each comes with the adjudicated annotations that its ends went into, `result_from` and
    `result_to`. Ends may be of articles adjudicated before.
    """
    start, end = Origin.__table__.alias("start"), Origin.__table__.alias("end_")
    one, other = Adjudication.__table__.alias("one"), Adjudication.__table__.alias("other")
    own = Origin.__table__.alias("own")
    here = or_(one.c.article_id == article_id, other.c.article_id == article_id)
    statement = (
        select(
            Link.__table__,
            one.c.annotation_id.label("result_from"),
            other.c.annotation_id.label("result_to"),
        )
        .select_from(Link.__table__)
        .join(start, start.c.annotation_id == links.from_id)
        .join(one, and_(one.c.id == start.c.adjudication_id, one.c.annotation_id.is_not(None)))
        .join(end, end.c.annotation_id == links.to_id)
        .join(other, and_(other.c.id == end.c.adjudication_id, other.c.annotation_id.is_not(None)))
        .outerjoin(own, own.c.link_id == links.id)
        .where(
            links.project_id == actor.project.id,
            links.layer == "annotator",
            own.c.link_id.is_(None),
            one.c.annotation_id != other.c.annotation_id,
            here,
        )
        .order_by(links.id)
    )
    return list(session().execute(statement))


def settled_pairs(actor: Actor, ids: Sequence[str]) -> dict[tuple[str, str], Row[Any]]:
    """The adjudicated links between these adjudicated annotations, by their ordered pair.

    Each has the decision that made it, and how many origins that has.
    """
    place = select(func.max(origins.place)).where(origins.adjudication_id == adjudications.id)
    statement: Statement = (
        select(
            links.id,
            links.pair_low,
            links.pair_high,
            links.relation,
            adjudications.id.label("adjudication_id"),
            place.scalar_subquery().label("last_place"),
        )
        .select_from(Link.__table__)
        .outerjoin(Adjudication.__table__, adjudications.link_id == links.id)
        .where(
            links.project_id == actor.project.id,
            links.layer == "adjudicated",
            links.pair_low.in_(ids),
            links.pair_high.in_(ids),
        )
    )
    return {(row.pair_low, row.pair_high): row for row in session().execute(statement)}


def undecided(article_id: str) -> list[str]:
    """The annotators' annotations of an article's present text that nothing is decided on."""
    statement = (
        select(annotations.id)
        .select_from(Annotation.__table__)
        .join(Article.__table__, articles.id == annotations.article_id)
        .outerjoin(Origin.__table__, origins.annotation_id == annotations.id)
        .where(
            annotations.article_id == article_id,
            annotations.layer == "annotator",
            annotations.revision == articles.revision,
            origins.adjudication_id.is_(None),
        )
        .order_by(annotations.start_offset, annotations.id)
    )
    return list(session().scalars(statement))


def undecided_links(actor: Actor, article_id: str) -> list[str]:
    """The annotators' links of an article that nothing is decided on, and that could still be.

    A link of which an end was rejected, or both ends went into one result, is out of question.
    Who works blind reads only of those to articles that they are done with, as in `listed`.
    """
    own = Origin.__table__.alias("own")
    first, one = Origin.__table__.alias("first"), Adjudication.__table__.alias("one")
    second, other = Origin.__table__.alias("second"), Adjudication.__table__.alias("other")
    neither_rejected = and_(
        or_(one.c.id.is_(None), one.c.annotation_id.is_not(None)),
        or_(other.c.id.is_(None), other.c.annotation_id.is_not(None)),
    )
    apart = or_(
        one.c.annotation_id.is_(None),
        other.c.annotation_id.is_(None),
        one.c.annotation_id != other.c.annotation_id,
    )
    statement = (
        visible_to(actor)
        .with_only_columns(links.id)
        .outerjoin(own, own.c.link_id == links.id)
        .outerjoin(first, first.c.annotation_id == links.from_id)
        .outerjoin(one, one.c.id == first.c.adjudication_id)
        .outerjoin(second, second.c.annotation_id == links.to_id)
        .outerjoin(other, other.c.id == second.c.adjudication_id)
        .where(
            touches(article_id),
            links.layer == "annotator",
            own.c.link_id.is_(None),
            neither_rejected,
            apart,
        )
        .order_by(links.id)
    )
    if works_blind(actor):
        statement = statement.where(is_done_with_both(actor.id))
    return list(session().scalars(statement))
