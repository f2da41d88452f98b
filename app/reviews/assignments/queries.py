"""Selects about assignments. Each starts from what the actor may see."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, or_, select

from app.accounts.models import User
from app.annotations.queries import is_done, works_blind
from app.articles.models import Article
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.ids import is_id
from app.kernel.paging import Page, PageAsk, page_of
from app.projects.doors import Door
from app.projects.models import Membership, Project
from app.reviews.assignments.models import Assignment

assignments, users, articles = Assignment.__table__.c, User.__table__.c, Article.__table__.c
DOOR = Door(
    select(assignments.project_id).where(
        assignments.id == bindparam("thing", type_=assignments.id.type)
    ),
    "assignment",
)


def lapsed(moment: datetime) -> ColumnElement[bool]:
    """The condition that a claim ran out before the moment, so that the seat is anybody's."""
    return and_(assignments.claim_expires_at.is_not(None), assignments.claim_expires_at <= moment)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may see an assignment.

    While a project is blind, an annotator sees the others' only on articles that the annotator
    is done with: that someone is done tells that there is something to find.
    """
    here = assignments.project_id == actor.project.id
    if not works_blind(actor):
        return here
    free, done = assignments.user_id.is_(None), is_done(actor.id, assignments.article_id)
    return and_(here, or_(assignments.user_id == actor.id, free, done))


def _shown(moment: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Assignment.__table__,
            users.name.label("user_name"),
            articles.title.label("article_title"),
            lapsed(moment).label("lapsed"),
        )
        .select_from(Assignment.__table__)
        .join(Article.__table__, articles.id == assignments.article_id)
        .outerjoin(User.__table__, users.id == assignments.user_id)
    )


def get(actor: Actor, assignment_id: str) -> Row[Any]:
    """One assignment as a row."""
    statement = _shown(now()).where(seen_by(actor), assignments.id == assignment_id)
    if row := session().execute(statement).one_or_none():
        return row
    raise NotFound("There is no such assignment.")


def get_for_change(actor: Actor, assignment_id: str) -> Assignment:
    """One assignment as the thing to change; others who would change it wait."""
    statement = select(Assignment).where(seen_by(actor), Assignment.id == assignment_id)
    if found := session().scalar(statement.with_for_update(key_share=True)):
        return found
    raise NotFound("There is no such assignment.")


def listed(actor: Actor, filters: dict[str, Any], ask: PageAsk) -> Page[Row[Any]]:
    """A page of the project's assignments in the order they were made."""
    moment = now()
    statement = _filtered(_shown(moment).where(seen_by(actor)), filters, moment)
    return page_of(statement, [(assignments.id, str)], ask, name="assignments")


def mine(actor: Actor, filters: dict[str, Any], ask: PageAsk) -> Page[Row[Any]]:
    """A page of one's own assignments in every project one is a member of, due soonest first."""
    moment = now()
    members, projects = Membership.__table__.c, Project.__table__.c
    statement = (
        _shown(moment)
        .add_columns(projects.slug.label("project_slug"), projects.name.label("project_name"))
        .join(Project.__table__, projects.id == assignments.project_id)
        .join(
            Membership.__table__,
            and_(
                members.project_id == assignments.project_id,
                members.user_id == assignments.user_id,
            ),
        )
        .where(assignments.user_id == actor.id, ~lapsed(moment))
    )
    filters = dict(filters)
    if project := filters.pop("project", "").lower():
        called = projects.id if is_id(project) else projects.slug
        statement = statement.where(called == project)
    by: list[tuple[ColumnElement[Any], type]] = [(assignments.due_on, str), (assignments.id, str)]
    return page_of(_filtered(statement, filters, moment), by, ask, name="my-assignments")


def _filtered(
    statement: Select[*tuple[Any, ...]], filters: dict[str, Any], moment: datetime
) -> Select[*tuple[Any, ...]]:
    columns = {
        "user": assignments.user_id,
        "task": assignments.task,
        "article": assignments.article_id,
    }
    for name, value in filters.items():
        if name == "state":
            statement = statement.where(_stands(value, moment))
        elif name == "due_before":
            statement = statement.where(assignments.due_on < value)
        else:
            statement = statement.where(columns[name] == value)
    return statement


def _stands(state: str, moment: datetime) -> ColumnElement[bool]:
    """The condition that a seat is in this state, lapsed claims being open again."""
    if state == "open":
        return or_(assignments.state == state, lapsed(moment))
    return and_(assignments.state == state, ~lapsed(moment))
