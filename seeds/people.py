"""The people of the demo and the projects they stand in."""

import secrets
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import find_by_email
from app.accounts.service import create_user
from app.kernel.actor import Actor, Role
from app.kernel.db import session
from app.projects import service
from app.projects.acting import standing
from app.projects.models import Membership, Project

Json = dict[str, Any]


def ensure_person(person: Json) -> User:
    """The person, made with a password that nobody knows unless they are there already."""
    found = find_by_email(person["email"])
    return found or create_user(None, {**person, "password": secrets.token_urlsafe(32)})


def ensure_project(manager: User, body: Json) -> Project:
    """The project with this slug, begun by the manager unless it is there already."""
    found = session().scalar(select(Project).where(Project.slug == body["slug"]))
    return found or service.create(_nowhere(manager), body)


def ensure_member(manager: User, project: Project, user: User, role: Role) -> Actor:
    """The person as an actor in the project, made a member unless they are one already."""
    member = session().get(Membership, (project.id, user.id))
    if member is None:
        chief = standing(manager, project, Role.manager)
        member = service.put_member(chief, None, user, role)
    return standing(user, project, Role(member.role))


def admit_administrators(manager: User, project: Project) -> None:
    """Let whoever runs the server see the project: a demo is there to be looked at."""
    for admin in session().scalars(select(User).where(User.is_admin)):
        ensure_member(manager, project, admin, Role.manager)


def _nowhere(user: User) -> Actor:
    return Actor(user.id, user.name, user.email, user.is_admin)
