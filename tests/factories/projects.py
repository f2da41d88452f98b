"""Projects and who belongs to them. Call these inside a unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from app.accounts.queries import get_user
from app.kernel.actor import Actor, Place, Role
from app.kernel.db import session
from app.projects import service
from app.projects.models import Membership, Project
from tests.factories.accounts import Person


@dataclass(frozen=True)
class MadeProject:
    """A project as it was when it was made."""

    id: str
    slug: str
    name: str

    @property
    def path(self) -> str:
        """Where it stands in the API."""
        return f"/projects/{self.id}"


def add_project(
    manager: Person, members: Mapping[Any, Person] | None = None, **data: Any
) -> MadeProject:
    """A new project of this manager's, with these members."""
    slug = f"p-{uuid4().hex}"
    made = service.create(manager.actor, {"slug": slug, "name": "A project", **data})
    for role, person in (members or {}).items():
        add_member(manager, made, person, role)
    return MadeProject(made.id, made.slug, made.name)


def add_member(
    manager: Person, project: Project | MadeProject, person: Person, role: Role
) -> Membership:
    """Make someone a member, or change their role."""
    inside = entered(manager, project, Role.manager)
    before = session().get(Membership, (project.id, person.id))
    return service.put_member(inside, before, get_user(person.id), role)


def entered(person: Person, project: Project | MadeProject, role: Role) -> Actor:
    """The person as services know them once they passed the project's door."""
    made = session().get_one(Project, project.id)
    place = Place(made.id, made.slug, made.settings, made.version)
    return Actor(
        person.id, person.name, person.email, person.is_admin, person.sign_in_id, role, place
    )
