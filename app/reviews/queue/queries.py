"""What waits for review, ordered by how much annotators differ on its article.

Disagreement of an article is the share of its annotations that nobody else marked with the same
kind and envelope, as long as two people or more worked on it: cheap enough to be asked of the
whole project in one statement, whose cost is that of reading its annotations once. The article's
comparison tells it exactly.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
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
from app.kernel.paging import Page, PageAsk, page_of
from app.reviews.assignments.models import Assignment

articles, assignments = Article.__table__.c, Assignment.__table__.c


def waiting(actor: Actor, kind: str | None, ask: PageAsk) -> Page[Any]:
    """A page of annotations that the actor can decide on, each with its article and `permille`.

    Those of adjudicated articles wait no more; under the own-work rule one's own are others' to
    decide.
    """
    disputed, people = _disputed(actor), _people(actor)
    # What was marked in an earlier text alone counts as undisputed.
    share = disputed.c.alone * 1000 // disputed.c.everything
    permille = case((people.c.n > 1, func.coalesce(share, 0)), else_=0)
    n_coders = func.coalesce(people.c.n, 0).label("n_coders")
    backward = cast(-permille, Integer).label("backward")
    statement = (
        annotation_queries.visible_to(actor)
        .add_columns(articles.title.label("article_title"), n_coders, backward)
        .join(Article.__table__, articles.id == annotations.article_id)
        .outerjoin(disputed, disputed.c.article_id == annotations.article_id)
        .outerjoin(people, people.c.article_id == annotations.article_id)
        .where(
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


def _disputed(actor: Actor) -> Subquery:
    """Of each article, how many annotations there are, and how many stand alone."""
    place = (
        annotations.article_id,
        annotations.kind,
        annotations.start_offset,
        annotations.end_offset,
    )
    marked = _present(
        actor,
        annotations.article_id,
        func.count().label("n"),
        func.count(annotations.author_id.distinct()).label("by"),
    )
    places = marked.group_by(*place).subquery("places")
    alone = case((places.c.by == 1, places.c.n), else_=0)
    return (
        select(
            places.c.article_id,
            cast(func.sum(places.c.n), Integer).label("everything"),
            cast(func.sum(alone), Integer).label("alone"),
        )
        .group_by(places.c.article_id)
        .subquery("disputed")
    )


def _people(actor: Actor) -> Subquery:
    """Of each article, how many people annotated it or are done with doing so."""
    done = select(assignments.article_id, assignments.user_id.label("author_id")).where(
        assignments.project_id == actor.project.id,
        assignments.task == "annotate",
        assignments.state == "done",
    )
    marked = _present(actor, annotations.article_id, annotations.author_id)
    people = union(marked, done).subquery("each")
    return (
        select(people.c.article_id, func.count().label("n"))
        .group_by(people.c.article_id)
        .subquery("people")
    )
