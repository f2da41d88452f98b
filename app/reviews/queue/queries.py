"""What waits for review, ordered by how much annotators differ on its article.

Disagreement of an article is the share of its annotations that nobody else marked with the same
kind and envelope, as long as two people or more worked on it: cheap enough to be asked of all
articles where something waits, in one statement. It reads their annotations once, from an index
alone; then the rows of the page. The article's comparison tells it exactly.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    tuple_,
    union,
    union_all,
)

from app.annotations import queries as annotation_queries
from app.annotations.models import Annotation
from app.annotations.queries import annotations
from app.articles.models import Article
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.paging import Page, PageAsk, key_of, page_of
from app.projects.settings import bars_own_work
from app.reviews.assignments.models import Assignment

articles, assignments = Article.__table__.c, Assignment.__table__.c
IS_DONE = (assignments.task == "annotate", assignments.state == "done")
NAME, KEY = "review-queue", (int, str, str)


def waiting(actor: Actor, kind: str | None, ask: PageAsk) -> Page[Any]:
    """A page of ids that the actor can decide on, each with its article and disagreement.

    Those of adjudicated articles wait no more; under the own-work rule one's own are others' to
    decide.
    """
    waits = _waits(actor, kind)
    first = _first_articles(actor, waits, ask)
    statement = (
        select(annotations.id, annotations.article_id, first.c.title, first.c.backward)
        .select_from(Annotation.__table__)
        .join(first, first.c.id == annotations.article_id)
        .where(waits)
    )
    by: list[tuple[ColumnElement[Any], type]] = list(
        zip((first.c.backward, annotations.article_id, annotations.id), KEY, strict=True)
    )
    return page_of(statement, by, ask, name=NAME)


def _waits(actor: Actor, kind: str | None) -> ColumnElement[bool]:
    """The condition that an annotation waits for the actor."""
    conditions = [
        annotation_queries.seen_by(actor),
        annotations.state == "submitted",
        annotations.layer == "annotator",
    ]
    if bars_own_work(actor):
        conditions.append(annotations.author_id != actor.id)
    if kind is not None:
        conditions.append(annotations.kind == kind)
    return and_(*conditions)


def _first_articles(actor: Actor, waits: ColumnElement[bool], ask: PageAsk) -> Subquery:
    """The articles that a page can reach, the most disputed and then the oldest first.

    In each something waits, though in the one where the page before ended maybe no more.
    """
    here = (
        select(annotations.article_id)
        .where(waits, annotations.article_id == articles.id)
        .correlate(Article)
    )
    backward = cast(-_disagreement(actor), Integer).label("backward")
    each = (
        select(articles.id, articles.title, backward)
        .where(articles.project_id == actor.project.id, articles.state == "open", here.exists())
        .cte("each")
        .prefix_with("MATERIALIZED")  # or SQLite works it out again at each comparison
    )
    statement = select(each).order_by(each.c.backward, each.c.id).limit(ask.limit + 2)
    if ask.after is not None:
        disputed, article_id, _ = key_of(NAME, ask.after, KEY)
        start = tuple_(literal(disputed), literal(article_id, articles.id.type))
        statement = statement.where(tuple_(each.c.backward, each.c.id) >= start)
    return statement.subquery("first")


def _disagreement(actor: Actor) -> ColumnElement[int]:
    """Of an article, how many of a thousand annotations stand alone; 0 with fewer than two people.

    `first` and `last` of those at a place are enough to tell one person from several, and are
    found in passing; to count people would take a sort.
    """
    author, done = cast(annotations.author_id, Text), cast(assignments.user_id, Text)
    place = (annotations.kind, annotations.start_offset, annotations.end_offset)
    marked = (
        select(
            func.count().label("n"), func.min(author).label("first"), func.max(author).label("last")
        )
        .where(_present(actor), annotations.article_id == articles.id)
        .group_by(*place)
    )
    idle = select(literal(0), done, done).where(assignments.article_id == articles.id, *IS_DONE)
    places = union_all(marked.correlate(Article), idle.correlate(Article)).subquery("places")
    alone = func.sum(case((places.c.first == places.c.last, places.c.n), else_=0))
    # What was marked in an earlier text alone counts as undisputed.
    share = func.coalesce(alone * 1000 // func.nullif(func.sum(places.c.n), 0), 0)
    several = func.min(places.c.first) != func.max(places.c.last)
    return select(case((several, share), else_=0)).select_from(places).scalar_subquery()


def _present(actor: Actor) -> ColumnElement[bool]:
    """The condition that annotators marked it in a present text of the project."""
    return and_(
        annotations.project_id == actor.project.id,
        annotations.layer == "annotator",
        annotations.anchoring != "orphaned",
    )


def coders(actor: Actor, article_ids: Sequence[str]) -> dict[str, int]:
    """Of each of these articles, how many people annotated it or are done with doing so."""
    marked = select(annotations.article_id, annotations.author_id).where(
        _present(actor), annotations.article_id.in_(article_ids)
    )
    done = select(assignments.article_id, assignments.user_id).where(
        assignments.article_id.in_(article_ids), *IS_DONE
    )
    people = union(marked, done).subquery("each")
    statement = select(people.c.article_id, func.count()).group_by(people.c.article_id)
    return {row[0]: row[1] for row in session().execute(statement)}
