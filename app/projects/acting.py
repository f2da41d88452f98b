"""Acting in a project from the command line, where nobody signs in."""

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import find_by_email
from app.kernel.actor import Actor, Place, Role
from app.kernel.db import session
from app.kernel.errors import NotFound
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
