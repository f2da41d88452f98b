"""Selects about releases."""

from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from app.accounts.models import User
from app.exchange.releases.models import Release
from app.kernel.actor import Actor, Role
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.ids import is_id
from app.kernel.paging import Page, PageAsk, page_of
from app.projects.doors import Door
from app.projects.models import Membership

releases, users, members = Release.__table__.c, User.__table__.c, Membership.__table__.c
DOOR = Door(
    select(releases.project_id).where(releases.id == bindparam("thing", type_=releases.id.type)),
    "release",
)


def visible_to(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The project's releases, each with its maker's name."""
    return (
        select(Release.__table__, users.name.label("maker_name"))
        .join(User.__table__, users.id == releases.created_by)
        .where(releases.project_id == actor.project.id)
    )


def get(actor: Actor, release_id: str) -> Row[Any]:
    """One release as a row."""
    return called(actor, release_id)


def called(actor: Actor, name: str) -> Row[Any]:
    """One release as a row, by its id or its version."""
    low = name.lower()
    this = releases.id == low if is_id(low) else releases.name == name
    if row := session().execute(visible_to(actor).where(this)).one_or_none():
        return row
    raise NotFound("There is no such release.")


def listed(actor: Actor, ask: PageAsk) -> Page[Row[Any]]:
    """A page of releases in the order they were made."""
    return page_of(visible_to(actor), [(releases.id, str)], ask, name="releases")


def find_named(actor: Actor, name: str) -> str | None:
    """The id of the project's release of this name."""
    return session().scalar(
        select(releases.id).where(releases.project_id == actor.project.id, releases.name == name)
    )


def ids_of(project_id: str) -> list[str]:
    """The ids of all releases of a project."""
    return list(session().scalars(select(releases.id).where(releases.project_id == project_id)))


def roles(actor: Actor) -> dict[str, Role]:
    """The role of every member of the project."""
    found = session().execute(
        select(members.user_id, members.role).where(members.project_id == actor.project.id)
    )
    return {row.user_id: Role(row.role) for row in found}
