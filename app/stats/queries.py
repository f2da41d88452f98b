"""Counting what the actor may see: five statements, however much there is."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from app.accounts.models import User
from app.annotations import queries as annotation_queries
from app.annotations.models import Annotation, AnnotationTag
from app.articles.models import Article
from app.kernel.actor import Actor
from app.kernel.db import dialect, session
from app.links import queries as link_queries
from app.links.models import Link

Filters = dict[str, Any]
Rows = list[Row[Any]]
annotations, links = annotation_queries.annotations, link_queries.links
articles, users, tags = Article.__table__.c, User.__table__.c, AnnotationTag.__table__.c


def annotation_groups(actor: Actor, filters: Filters) -> Rows:
    """How many annotations of each kind, state, origin, layer and author."""
    by = (annotations.kind, annotations.state, annotations.origin, annotations.layer)
    return _grouped(_annotations(actor, filters), annotations.author_id, by)


def link_groups(actor: Actor, filters: Filters) -> Rows:
    """How many links of each relation, state, layer and author."""
    by = (links.relation, links.state, links.layer)
    return _grouped(_links(actor, filters), links.author_id, by)


def places(actor: Actor, filters: Filters, top: int) -> Rows:
    """The articles and the tags with most annotations: (what, id or tag, title, count)."""
    here = _annotations(actor, filters)
    busiest = (
        here.with_only_columns(annotations.article_id, func.count().label("n"))
        .group_by(annotations.article_id)
        .order_by(func.count().desc(), annotations.article_id)
        .limit(top)
        .subquery()
    )
    named = select(
        literal("article").label("what"),
        cast(busiest.c.article_id, Text).label("key"),
        articles.title.label("title"),
        busiest.c.n,
    ).join(Article.__table__, articles.id == busiest.c.article_id)
    commonest = (
        here.join(AnnotationTag.__table__, tags.annotation_id == annotations.id)
        .with_only_columns(tags.tag, func.count().label("n"))
        .group_by(tags.tag)
        .order_by(func.count().desc(), tags.tag)
        .limit(top)
        .subquery()
    )
    tagged = select(literal("tag"), commonest.c.tag, cast(null(), Text), commonest.c.n)
    return list(session().execute(union_all(named, tagged)))


def totals(actor: Actor, filters: Filters) -> Row[*tuple[Any, ...]]:
    """How many articles there are, and how many of them have an annotation."""
    all_of_them = select(func.count()).where(articles.project_id == actor.project.id)
    annotated = _annotations(actor, filters).with_only_columns(
        func.count(annotations.article_id.distinct())
    )
    return (
        session()
        .execute(
            select(
                all_of_them.scalar_subquery().label("total"),
                annotated.scalar_subquery().label("annotated"),
            )
        )
        .one()
    )


def days(actor: Actor, filters: Filters) -> Rows:
    """How many annotations of each kind and links of each relation were made on each day."""
    each = []
    for statement, made_at, what in (
        (_annotations(actor, filters), annotations.created_at, annotations.kind),
        (_links(actor, filters), links.created_at, links.relation),
    ):
        day = _day(made_at)
        each.append(
            statement.with_only_columns(
                day.label("day"), what.label("what"), func.count().label("n")
            ).group_by(day, what)
        )
    both = union_all(*each).subquery()
    return list(session().execute(select(both).order_by(both.c.day, both.c.what)))


def _grouped(
    statement: Select[*tuple[Any, ...]],
    author_id: ColumnElement[Any],
    by: tuple[ColumnElement[Any], ...],
) -> Rows:
    return list(
        session().execute(
            statement.join(User.__table__, users.id == author_id)
            .with_only_columns(
                *by, author_id.label("author_id"), users.name, func.count().label("n")
            )
            .group_by(*by, author_id, users.name)
        )
    )


def _annotations(actor: Actor, filters: Filters) -> Select[*tuple[Any, ...]]:
    statement = (
        select(annotations.id)
        .select_from(Annotation.__table__)
        .where(annotation_queries.seen_by(actor))
    )
    return _within(statement, annotations.created_at, filters)


def _links(actor: Actor, filters: Filters) -> Select[*tuple[Any, ...]]:
    statement = (
        select(links.id)
        .select_from(Link.__table__)
        .join(link_queries.FROM, link_queries.FROM.c.id == links.from_id)
        .join(link_queries.TO, link_queries.TO.c.id == links.to_id)
        .where(link_queries.seen_by(actor))
    )
    return _within(statement, links.created_at, filters)


def _within(
    statement: Select[*tuple[Any, ...]], made_at: ColumnElement[Any], filters: Filters
) -> Select[*tuple[Any, ...]]:
    if since := filters.get("since"):
        statement = statement.where(made_at >= since)
    if until := filters.get("until"):
        statement = statement.where(made_at < until)
    return statement


def _day(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """The day of a moment in UTC, as 2015-10-13."""
    if dialect() == "sqlite":
        return func.substr(cast(moment, String), 1, 10)
    return func.to_char(moment, literal("YYYY-MM-DD", literal_execute=True))
