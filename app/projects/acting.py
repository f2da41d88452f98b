"""Acting in a project from the command line, where nobody signs in."""

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import find_by_email
from app.kernel.actor import Actor, Place, Role
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.ids import is_id
from app.projects.models import Membership, Project


def act_as(email: str, slug: str) -> Actor:
    """The member with this e-mail, standing in the project with this slug.

    NotFound where there is no such project or the person is no member of it. Services check
    this actor's role as they check anybody's.
    """
    user = find_by_email(email)
    project = session().scalar(select(Project).where(Project.slug == slug))
    if user is None or project is None:
        raise NotFound(f"There is no user {email!r}, or no project {slug!r}.")
    member = session().get(Membership, (project.id, user.id))
    if member is None:
        raise NotFound(f"{email} is no member of {slug}.")
    return standing(user, project, Role(member.role))


def standing(user: User, project: Project, role: Role) -> Actor:
    """A person in a project with a role that was looked up before."""
    place = Place(project.id, project.slug, project.settings, project.version)
    return Actor(user.id, user.name, user.email, user.is_admin, None, role, place)


def stand_above(project: str) -> Actor:
    """Whoever runs the command line, in the project with this slug or id, as a manager.

    They hold the database in their hands anyway. NotFound where there is no such project.
    """
    found = session().scalar(select(Project).where(Project.slug == project.lower()))
    if found is None and is_id(project.lower()):
        found = session().get(Project, project.lower())
    if found is None:
        raise NotFound(f"There is no project {project!r}.")
    place = Place(found.id, found.slug, found.settings, found.version)
    return Actor("", "the command line", "", True, None, Role.manager, place)
