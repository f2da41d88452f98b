"""What planning has to know: the team, the articles meant, and how they are seated already."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, exists, func, or_, select

from app.accounts.models import User
from app.annotations.models import Annotation
from app.articles import queries as article_queries
from app.articles.search import matches
from app.kernel.actor import Actor
from app.kernel.db import session
from app.projects.models import Membership, Project
from app.projects.settings import bars_own_work
from app.reviews.assignments.models import Assignment
from app.reviews.assignments.planning import Standing

assignments, articles = Assignment.__table__.c, article_queries.articles
Json = dict[str, Any]
Member = Row[str, int, str, bool]


def hold(actor: Actor) -> None:
    """Let those who plan in one project wait for each other, so that nothing is seated twice."""
    statement = select(Project.id).where(Project.id == actor.project.id)
    session().execute(statement.with_for_update(key_share=True))


def team(actor: Actor) -> dict[str, Member]:
    """The members by id, each with role and name, and whether their account is disabled."""
    disabled = User.disabled_at.is_not(None)
    statement = (
        select(Membership.user_id, Membership.role, User.name, disabled.label("disabled"))
        .join(User, User.id == Membership.user_id)
        .where(Membership.project_id == actor.project.id)
    )
    return {row.user_id: row for row in session().execute(statement)}


def find_articles(actor: Actor, ids: Sequence[str]) -> set[str]:
    """Those of the ids that are articles of the project."""
    statement = select(articles.id).where(
        articles.project_id == actor.project.id, articles.id.in_(ids)
    )
    return set(session().scalars(statement))


def matching(
    actor: Actor, task: str, filters: Json, limit: int, able: Collection[str]
) -> list[str]:
    """The articles that the filters let through, in the order they came, at most `limit`.

    Assigned is what somebody did, or may take, or is one of the `able` to do.
    """
    statement = select(articles.id).where(articles.project_id == actor.project.id)
    for name, value in filters.items():
        if name == "q":
            statement = statement.where(matches(value))
        elif name == "assigned":
            there = exists().where(
                assignments.article_id == articles.id,
                assignments.task == task,
                assignments.state != "skipped",
                or_(
                    assignments.state == "done",
                    assignments.user_id.is_(None),
                    assignments.user_id.in_(able),
                ),
            )
            statement = statement.where(there if value else ~there)
        else:
            statement = statement.where(articles[name] == value)
    return list(session().scalars(statement.order_by(articles.id).limit(limit)))


def standing(actor: Actor, task: str, ids: Sequence[str], able: Collection[str]) -> Standing:
    """How these articles are seated for the task.

    Who skipped an article, and who annotated what is to be reviewed while the own-work rule
    holds, is barred from it. Who is not `able` to do the task any more, as who left, holds no
    seat but of what is done.
    """
    seated: dict[str, set[str]] = defaultdict(set)
    barred: dict[str, set[str]] = defaultdict(set)
    vacant: Counter[str] = Counter()
    statement = select(assignments.article_id, assignments.user_id, assignments.state)
    for article_id, user_id, state in session().execute(
        statement.where(assignments.task == task, assignments.article_id.in_(ids))
    ):
        if user_id is None:
            vacant[article_id] += state == "open"
        elif state == "skipped":
            barred[article_id].add(user_id)
        elif state == "done" or user_id in able:
            seated[article_id].add(user_id)
    if task == "review" and bars_own_work(actor):
        for article_id, author_id in _authors(ids):
            barred[article_id].add(author_id)
    return Standing(seated, vacant, barred, _load(actor, task))


def _load(actor: Actor, task: str) -> dict[str, int]:
    statement = (
        select(assignments.user_id, func.count())
        .where(
            assignments.project_id == actor.project.id,
            assignments.task == task,
            assignments.state != "skipped",
            assignments.user_id.is_not(None),
        )
        .group_by(assignments.user_id)
    )
    return {row[0]: row[1] for row in session().execute(statement) if row[0]}


def _authors(ids: Sequence[str]) -> list[tuple[str, str]]:
    annotations = Annotation.__table__.c
    statement = select(annotations.article_id, annotations.author_id).distinct()
    there = statement.where(annotations.article_id.in_(ids), annotations.layer == "annotator")
    return [(row.article_id, row.author_id) for row in session().execute(there)]
