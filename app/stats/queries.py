"""Counting what the actor may see: three statements, however much there is.

Each passes over what it counts once, where an index will do without its rows, and joins names
to groups.
"""

from typing import Any

from sqlalchemy import (
    CTE,
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
Statement = Select[*tuple[Any, ...]]
annotations, links = annotation_queries.annotations, link_queries.links
articles, users, tags = Article.__table__.c, User.__table__.c, AnnotationTag.__table__.c


def annotation_groups(actor: Actor, filters: Filters) -> Rows:
    """How many annotations of each kind, state, origin, layer, author and day."""
    by = (annotations.kind, annotations.state, annotations.origin, annotations.layer)
    return _grouped(_annotations(actor, filters), annotations, by)


def link_groups(actor: Actor, filters: Filters) -> Rows:
    """How many links of each relation, state, layer, author and day."""
    by = (links.relation, links.state, links.layer)
    return _grouped(_links(actor, filters), links, by)


def places(actor: Actor, filters: Filters, top: int) -> Rows:
    """Where the annotations are, as rows (what, key, title, n).

    `article` and `tag` are those with most annotations, by id or tag; `articles` and `annotated`
    say how many articles there are, and how many of them have an annotation.
    """
    here = _annotations(actor, filters)
    tagged = (
        here.with_only_columns(annotations.article_id, func.count().label("n"))
        .group_by(annotations.article_id)
        .cte("tagged")
    )
    everything = union_all(
        _busiest(tagged, top),
        _commonest(_tags(actor, here, filters), top),
        _one("articles", select(func.count()).where(articles.project_id == actor.project.id)),
        _one("annotated", select(func.count()).select_from(tagged)),
    )
    return list(session().execute(everything))


def _busiest(tagged: CTE, top: int) -> Statement:
    most = select(tagged).order_by(tagged.c.n.desc(), tagged.c.article_id).limit(top).subquery()
    return select(
        literal("article").label("what"),
        cast(most.c.article_id, Text).label("key"),
        articles.title.label("title"),
        most.c.n,
    ).join(Article.__table__, articles.id == most.c.article_id)


def _tags(actor: Actor, here: Statement, filters: Filters) -> Statement:
    """The tags of the annotations here; of all that there are, without looking these up."""
    if annotation_queries.works_blind(actor) or filters.keys() & {"since", "until"}:
        return here.join(AnnotationTag.__table__, tags.annotation_id == annotations.id)
    return select(tags.tag).where(tags.project_id == actor.project.id)


def _commonest(tagged: Statement, top: int) -> Statement:
    most = (
        tagged.with_only_columns(tags.tag, func.count().label("n"))
        .group_by(tags.tag)
        .order_by(func.count().desc(), tags.tag)
        .limit(top)
        .subquery()
    )
    return select(literal("tag"), most.c.tag, cast(null(), Text), most.c.n)


def _one(what: str, number: Statement) -> Statement:
    return select(literal(what), cast(null(), Text), cast(null(), Text), number.scalar_subquery())


def _grouped(statement: Statement, things: Any, by: tuple[ColumnElement[Any], ...]) -> Rows:
    # What differs most goes first: it decides most comparisons of SQLite's sort.
    keys = (things.author_id.label("author_id"), *by, day_of(things.created_at).label("day"))
    groups = statement.with_only_columns(*keys, func.count().label("n")).group_by(*keys).subquery()
    named = select(groups, users.name).join(User.__table__, users.id == groups.c.author_id)
    return list(session().execute(named))


def _annotations(actor: Actor, filters: Filters) -> Statement:
    statement = (
        select(annotations.id)
        .select_from(Annotation.__table__)
        .where(annotation_queries.seen_by(actor))
    )
    return _within(statement, annotations.created_at, filters)


def _links(actor: Actor, filters: Filters) -> Statement:
    statement = link_queries.those_seen(actor, select(links.id).select_from(Link.__table__))
    return _within(statement, links.created_at, filters)


def _within(statement: Statement, made_at: ColumnElement[Any], filters: Filters) -> Statement:
    if since := filters.get("since"):
        statement = statement.where(made_at >= since)
    if until := filters.get("until"):
        statement = statement.where(made_at < until)
    return statement


def day_of(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """The day of a moment in UTC, as 2015-10-13."""
    if dialect() == "sqlite":
        return func.substr(cast(moment, String), 1, 10)
    return func.to_char(moment, literal("YYYY-MM-DD", literal_execute=True))
