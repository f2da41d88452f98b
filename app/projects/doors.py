"""The door of a project: one statement that says who is there, where, and what they may do.

Every request about something in a project begins here. A door leads from a thing (a project,
an article, an annotation) to its project; the statement joins it with the credential that must
still hold and with the membership. So revocation, visibility and role cost one statement
together. What leads nowhere and what the actor may not see are the same answer.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select, true

from app.accounts.queries import alive, checked, parameters
from app.kernel.actor import Actor, Credential, Place, Role
from app.kernel.db import ask
from app.kernel.errors import NotFound
from app.kernel.ids import is_id
from app.projects.models import Membership, Project


@dataclass(frozen=True, eq=False)
class Door:
    """A select with the parameter `thing` whose first column is the thing's `project_id`.

    Its other columns are handed on in `Actor.seen`.
    """

    leads: Select[*tuple[Any, ...]]
    noun: str


projects, members = Project.__table__.c, Membership.__table__.c
BY_ID = Door(
    select(projects.id.label("project_id")).where(
        projects.id == bindparam("thing", type_=projects.id.type)
    ),
    "project",
)
BY_SLUG = Door(
    select(projects.id.label("project_id")).where(
        projects.slug == bindparam("thing", type_=projects.slug.type)
    ),
    "project",
)
_PLACE = ("project_id", "project_slug", "project_settings", "project_version")


@cache
def _statement(door: Door, by_token: bool) -> Select[*tuple[Any, ...]]:
    who = alive(by_token).subquery("who")
    there = door.leads.subquery("there")
    return (
        select(
            who,
            *(column for column in there.columns if column.name != "project_id"),
            projects.id.label("project_id"),
            projects.slug.label("project_slug"),
            projects.settings.label("project_settings"),
            projects.version.label("project_version"),
            members.role,
        )
        .select_from(who)
        .outerjoin(there, true())
        .outerjoin(Project.__table__, projects.id == there.c.project_id)
        .outerjoin(
            Membership.__table__,
            and_(
                members.project_id == there.c.project_id,
                members.user_id == who.c.user_id,
            ),
        )
    )


def enter(credential: Credential, door: Door, thing: str, *, admins: bool = False) -> Actor:
    """The actor, standing in the thing's project with a role.

    Unauthenticated where the credential holds no more; NotFound where there is no such thing
    or the actor is no member of its project. With `admins`, an administrator of the server
    comes in without a role.
    """
    by_token = credential.token_hash is not None
    given = {**parameters(credential), "thing": thing}
    found = ask(_statement(door, by_token), given)
    row = checked(found[0] if found else None, credential)._mapping
    role = Role(row["role"]) if row["role"] else None
    is_admin = row["user_is_admin"] and (not by_token or "admin" in row["scopes"])
    if role is None and not (admins and is_admin and row["project_id"]):
        raise NotFound(f"There is no such {door.noun}.")
    return Actor(
        row["user_id"],
        row["user_name"],
        row["user_email"],
        is_admin,
        credential.session_id,
        role,
        Place(*(row[name] for name in _PLACE)),
        {name: row[name] for name in _names(door)},
    )


def enter_project(credential: Credential, project: str, *, admins: bool = False) -> Actor:
    """The actor in the project with this id or slug."""
    # Nothing else is a slug: neither what only lower() makes one, nor NUL, which no database takes.
    name = project.lower() if project.isascii() and "\x00" not in project else ""
    return enter(credential, BY_ID if is_id(name) else BY_SLUG, name, admins=admins)


@cache
def _names(door: Door) -> tuple[str, ...]:
    """What the door tells of the thing it leads to."""
    return tuple(column.name for column in door.leads.selected_columns)
