"""What waits for review, ordered by how much annotators differ on its article.

Disagreement of an article is the share of its annotations that nobody else marked with the same
kind and envelope, as long as two people or more worked on it: cheap enough to be asked of the
whole project in one statement, whose cost is that of reading its annotations once. The article's
comparison tells it exactly.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    select,
    union,
)

from app.annotations import queries as annotation_queries
from app.annotations.models import Annotation
from app.annotations.queries import annotations
from app.articles.models import Article
from app.kernel.actor import Actor
from app.kernel.db import dialect, session
from app.kernel.paging import Page, PageAsk, page_of
from app.reviews.assignments.models import Assignment

articles, assignments = Article.__table__.c, Assignment.__table__.c
IS_DONE = (assignments.task == "annotate", assignments.state == "done")


def waiting(actor: Actor, kind: str | None, ask: PageAsk) -> Page[Any]:
    """A page of ids that the actor can decide on, each with its article and disagreement.

    Those of adjudicated articles wait no more; under the own-work rule one's own are others' to
    decide.
    """
    disputed, done = _disputed(actor), _done(actor)
    least = func.min if dialect() == "sqlite" else func.least
    most = func.max if dialect() == "sqlite" else func.greatest
    first = least(disputed.c.first, func.coalesce(done.c.first, disputed.c.first))
    last = most(disputed.c.last, func.coalesce(done.c.last, disputed.c.last))
    # What was marked in an earlier text alone counts as undisputed.
    share = disputed.c.alone * 1000 // disputed.c.everything
    permille = case((first != last, func.coalesce(share, 0)), else_=0)
    backward = cast(-permille, Integer).label("backward")
    # Ids alone are put in order; the rows of one page are read once it is known.
    statement = (
        select(annotations.id, annotations.article_id, articles.title, backward)
        .select_from(Annotation.__table__)
        .join(Article.__table__, articles.id == annotations.article_id)
        .outerjoin(disputed, disputed.c.article_id == annotations.article_id)
        .outerjoin(done, done.c.article_id == annotations.article_id)
        .where(
            annotation_queries.seen_by(actor),
            annotations.state == "submitted",
            annotations.layer == "annotator",
            articles.state == "open",
        )
    )
    if actor.project.settings.get("own_work_rule", True):
        statement = statement.where(annotations.author_id != actor.id)
    if kind is not None:
        statement = statement.where(annotations.kind == kind)
    by: list[tuple[ColumnElement[Any], type]] = [
        (backward, int),
        (annotations.article_id, str),
        (annotations.id, str),
    ]
    return page_of(statement, by, ask, name="review-queue")


def _present(actor: Actor, *columns: Any) -> Select[*tuple[Any, ...]]:
    """What annotators marked in the present texts of the project."""
    return (
        select(*columns)
        .select_from(Annotation.__table__)
        .join(
            Article.__table__,
            and_(articles.id == annotations.article_id, articles.revision == annotations.revision),
        )
        .where(annotations.project_id == actor.project.id, annotations.layer == "annotator")
    )


def coders(actor: Actor, article_ids: Sequence[str]) -> dict[str, int]:
    """Of each of these articles, how many people annotated it or are done with doing so."""
    done = select(assignments.article_id, assignments.user_id.label("author_id")).where(*IS_DONE)
    marked = _present(actor, annotations.article_id, annotations.author_id)
    people = union(
        marked.where(annotations.article_id.in_(article_ids)),
        done.where(assignments.article_id.in_(article_ids)),
    ).subquery("each")
    statement = select(people.c.article_id, func.count()).group_by(people.c.article_id)
    return {row[0]: row[1] for row in session().execute(statement)}


def _disputed(actor: Actor) -> Subquery:
    """Of each article, how many annotations there are, how many stand alone, and whose they are.

    `first` and `last` of those who made them are enough to tell one person from several, and
    are found in the one pass; to count people would take a second.
    """
    place = (
        annotations.article_id,
        annotations.kind,
        annotations.start_offset,
        annotations.end_offset,
    )
    author = cast(annotations.author_id, Text)
    first, last = func.min(author).label("first"), func.max(author).label("last")
    marked = _present(actor, annotations.article_id, func.count().label("n"), first, last)
    places = marked.group_by(*place).subquery("places")
    alone = case((places.c.first == places.c.last, places.c.n), else_=0)
    return (
        select(
            places.c.article_id,
            cast(func.sum(places.c.n), Integer).label("everything"),
            cast(func.sum(alone), Integer).label("alone"),
            func.min(places.c.first).label("first"),
            func.max(places.c.last).label("last"),
        )
        .group_by(places.c.article_id)
        .subquery("disputed")
    )


def _done(actor: Actor) -> Subquery:
    """Of each article, the first and the last of those who are done with annotating it."""
    person = cast(assignments.user_id, Text)
    return (
        select(
            assignments.article_id,
            func.min(person).label("first"),
            func.max(person).label("last"),
        )
        .where(assignments.project_id == actor.project.id, *IS_DONE)
        .group_by(assignments.article_id)
        .subquery("done")
    )
