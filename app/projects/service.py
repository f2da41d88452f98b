"""Making and changing projects, and who belongs to them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.history.record import Thing, changed, record
from app.kernel.actor import Actor, Role
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.kernel.ids import new_id
from app.kernel.permissions import allows, require
from app.projects import queries
from app.projects.models import Membership, Project
from app.projects.policy import RULES
from app.projects.presenting import present
from app.projects.settings import DEFAULTS

Json = dict[str, Any]
Leave = Callable[[str], None]


def create(actor: Actor, data: Json) -> Project:
    """A new project; whoever makes it manages it."""
    moment = now()
    project = Project(
        id=new_id(),
        slug=data["slug"],
        name=data["name"],
        description=data.get("description", ""),
        guidelines=data.get("guidelines", ""),
        settings={**DEFAULTS, **data.get("settings", {})},
        created_by=actor.id,
        version=1,
        created_at=moment,
        updated_at=moment,
    )
    _flush_slug(project)
    session().add(
        Membership(
            project_id=project.id,
            user_id=actor.id,
            role=Role.manager,
            version=1,
            created_at=moment,
            updated_at=moment,
        )
    )
    session().flush()  # the first manager belongs to the project from the start
    document = present(project, Role.manager)
    record(actor, "created", "project", project, after=document, project_id=project.id)
    return project


def edit(actor: Actor, project: Project, changes: Json) -> Project:
    """Change what is given; settings member by member. Nothing new makes no new version."""
    require(RULES, "edit", actor)
    before = present(project, Role.manager)
    for name in ("name", "description", "guidelines", "slug"):
        setattr(project, name, changes.get(name, getattr(project, name)))
    project.settings = {**project.settings, **changes.get("settings", {})}
    if not changed(before, present(project, Role.manager))[1]:
        return project
    project.updated_at = now()
    _flush_slug(project)
    was, is_now = changed(before, present(project, Role.manager))
    record(actor, "edited", "project", project, before=was, after=is_now)
    return project


def remove(actor: Actor, project: Project, leave: Leave) -> None:
    """Delete a project with everything in it, its history included.

    `leave` is told its id first: what lies outside the database goes with it.
    """
    require(RULES, "delete", actor)
    leave(project.id)
    session().execute(delete(Project).where(Project.id == project.id))


def put_member(actor: Actor, member: Membership | None, user: User, role: Role) -> Membership:
    """Make someone a member, or change what a member may do."""
    require_putting(actor, role)
    if user.disabled_at is not None and not allows(RULES, "manage_members", actor):
        raise Conflict("Name a manager who can sign in.", code="disabled_user")
    queries.hold_members(actor)
    moment = now()
    if member is None:
        member = Membership(
            project_id=actor.project.id,
            user_id=user.id,
            role=role,
            version=1,
            created_at=moment,
            updated_at=moment,
        )
        session().add(member)
        before = None
    elif member.role == role:
        return member
    else:
        before = {"role": Role(member.role).name}
        _keep_a_manager(actor, member, role)
        member.role = role
        member.updated_at = moment
    session().flush()  # the last-manager rule was checked under the project's lock
    _record_member(actor, "edited" if before else "created", member, before, {"role": role.name})
    return member


def require_putting(actor: Actor, role: Role) -> None:
    """Let managers manage, and administrators give a manager to a project that has none."""
    if allows(RULES, "manage_members", actor):
        return
    if allows(RULES, "rescue", actor) and role is Role.manager:
        queries.hold_members(actor)  # of two who come to rescue, one does
        if not queries.has_manager(actor.project.id):
            return
    if actor.role is None:
        raise NotFound("There is no such project.")
    require(RULES, "manage_members", actor)


def remove_member(actor: Actor, member: Membership) -> None:
    """End a membership. What the person made stays, with their name."""
    require(RULES, "manage_members", actor)
    queries.hold_members(actor)
    _keep_a_manager(actor, member, None)
    session().delete(member)
    session().flush()  # so that the next check of the rule sees it gone
    _record_member(actor, "deleted", member, {"role": Role(member.role).name}, None)


def _flush_slug(project: Project) -> None:
    slug = project.slug
    try:
        with session().begin_nested():
            session().add(project)
            session().flush()  # the database knows best whether the slug is taken
    except IntegrityError:
        raise Conflict(f"There is a project {slug!r} already.", code="slug_taken") from None


def _keep_a_manager(actor: Actor, member: Membership, role: Role | None) -> None:
    """Refuse unless another stays who can sign in."""
    if member.role != Role.manager or role == Role.manager:
        return
    if not queries.has_manager(actor.project.id, but=member.user_id):
        raise Conflict("A project keeps at least one manager who can sign in.", code="last_manager")


def _record_member(
    actor: Actor, action: str, member: Membership, before: Json | None, after: Json | None
) -> None:
    what = Thing(member.user_id, member.version)
    record(actor, action, "member", what, before=before, after=after)
