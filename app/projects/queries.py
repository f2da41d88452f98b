"""Selects about projects and members."""

from typing import Any

from sqlalchemy import Row, exists, select, true

from app.accounts.models import User
from app.kernel.actor import Actor, Role
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageAsk, page_of
from app.projects.models import Membership, Project


def get(actor: Actor, *, for_change: bool = False) -> Project:
    """The project the actor entered; `for_change` lets others who would change it wait."""
    lock: Any = {"key_share": True} if for_change else None
    if found := session().get(Project, actor.project.id, with_for_update=lock):
        return found
    raise NotFound("There is no such project.")  # deleted while we waited


def listed(actor: Actor, ask: PageAsk) -> Page[Row[Any]]:
    """A page of the projects that the actor is a member of, each with the actor's role."""
    statement = (
        select(Project.__table__, Membership.role)
        .select_from(Project)
        .join(Membership, Membership.project_id == Project.id)
        .where(Membership.user_id == actor.id)
    )
    return page_of(statement, [(Project.__table__.c.id, str)], ask, name="projects")


def members(actor: Actor, ask: PageAsk) -> Page[Row[Any]]:
    """The members of the project, each with the person's name."""
    statement = (
        select(Membership.__table__, User.name, User.email)
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.project_id == actor.project.id)
    )
    return page_of(statement, [(Membership.__table__.c.user_id, str)], ask, name="members")


def hold_members(actor: Actor) -> None:
    """Let changes of the project's members happen one after the other, from here to the commit."""
    here = select(Project.id).where(Project.id == actor.project.id)
    session().execute(here.with_for_update(key_share=True))


def has_manager(project_id: str, but: str | None = None) -> bool:
    """Whether a manager can sign in, somebody other than `but`."""
    return bool(
        session().scalar(
            select(
                exists()
                .where(Membership.project_id == project_id, Membership.role == Role.manager)
                .where(Membership.user_id == User.id, User.disabled_at.is_(None))
                .where(true() if but is None else User.id != but)
            )
        )
    )


def find_member(actor: Actor, user_id: str, *, for_change: bool = False) -> Membership | None:
    """The membership of someone in the project, or None; `for_change` as in `hold_members`."""
    if for_change:
        hold_members(actor)
    return session().get(Membership, (actor.project.id, user_id))


def get_member(actor: Actor, user_id: str, *, for_change: bool = False) -> tuple[Membership, User]:
    """The membership of someone in the project, with the person."""
    found = find_member(actor, user_id, for_change=for_change)
    if found is None:
        raise NotFound("There is no such member.")
    return found, session().get_one(User, user_id)


def people(actor: Actor, role: Role) -> list[str]:
    """The ids of the members who have at least this role."""
    return list(
        session().scalars(
            select(Membership.user_id)
            .where(Membership.project_id == actor.project.id, Membership.role >= role)
            .order_by(Membership.user_id)
        )
    )
