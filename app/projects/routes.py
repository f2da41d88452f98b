"""The endpoints of projects."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from app.accounts.models import User
from app.accounts.queries import get_user, who_is
from app.kernel.actor import Role
from app.kernel.errors import Stale
from app.kernel.permissions import require
from app.projects import queries, service
from app.projects.doors import enter_project
from app.projects.models import Membership
from app.projects.policy import RULES
from app.projects.presenting import present, present_member
from app.projects.schemas import (
    MemberIn,
    MemberOut,
    MemberPage,
    ProjectEdit,
    ProjectIn,
    ProjectOut,
    ProjectPage,
)
from app.web.bodies import page_ask
from app.web.etag import check_if_match
from app.web.fields import PageQuery
from app.web.operations import MERGE_PATCH, credential, operation
from app.web.replies import nothing, reply, reply_page

Json = dict[str, Any]
routes = Blueprint("projects", __name__, url_prefix="/api/v1")
_PUT = """\
For managers. An administrator of the server may make somebody manager of a project that has no
manager left who can sign in; a personal token needs the scope `admin` for it. `If-Match` is not
needed, and heeded where it is sent."""


@routes.post("/projects")
@operation(
    "Begin a project",
    body=ProjectIn,
    answer=ProjectOut,
    status=201,
    takes_key=True,
    versioned=True,
    refuses=(409,),
)
def create(body: Json) -> Response:
    project = service.create(who_is(credential()), body)
    return reply(
        present(project, Role.manager),
        version=project.version,
        status=201,
        location=f"/api/v1/projects/{project.id}",
    )


@routes.get("/projects")
@operation("Your projects", query=PageQuery, answer=ProjectPage, page=True)
def list_projects(query: Json) -> Response:
    page = queries.listed(who_is(credential()), page_ask(query))
    return reply_page(page.map(lambda rows: [present(row, row.role) for row in rows]))


@routes.get("/projects/<project>")
@operation("One project", answer=ProjectOut, versioned=True, refuses=(404,))
def read(project: str) -> Response:
    actor = enter_project(credential(), project)
    found = queries.get(actor)
    return reply(present(found, actor.role or 0), version=found.version)


@routes.patch("/projects/<project>")
@operation(
    "Change a project",
    body=ProjectEdit,
    answer=ProjectOut,
    media_types=MERGE_PATCH,
    versioned=True,
    needs_match=True,
    refuses=(403, 404, 409),
)
def edit(project: str, body: Json) -> Response:
    actor = enter_project(credential(), project)
    found = queries.get(actor, for_change=True)
    check_if_match(found.version, present(found, actor.role or 0))
    service.edit(actor, found, body)
    return reply(present(found, actor.role or 0), version=found.version)


@routes.delete("/projects/<project>")
@operation(
    "Delete a project and everything in it", status=204, needs_match=True, refuses=(403, 404)
)
def remove(project: str) -> Response:
    actor = enter_project(credential(), project)
    found = queries.get(actor, for_change=True)
    check_if_match(found.version, present(found, actor.role or 0))
    leave: service.Leave = current_app.extensions["leave_project"]
    service.remove(actor, found, leave)
    return nothing()


@routes.get("/projects/<project>/members")
@operation("The members", query=PageQuery, answer=MemberPage, page=True, refuses=(404,))
def list_members(project: str, query: Json) -> Response:
    page = queries.members(enter_project(credential(), project), page_ask(query))
    return reply_page(page.map(lambda rows: [present_member(row, row) for row in rows]))


@routes.get("/projects/<project>/members/<id:user_id>")
@operation("One member", answer=MemberOut, versioned=True, refuses=(404,))
def read_member(project: str, user_id: str) -> Response:
    member, user = queries.get_member(enter_project(credential(), project), user_id)
    return reply(present_member(member, user), version=member.version)


@routes.put("/projects/<project>/members/<id:user_id>")
@operation(
    "Make someone a member, or change their role",
    body=MemberIn,
    answer=MemberOut,
    versioned=True,
    refuses=(403, 404, 409, 412),
    description=_PUT,
)
def put_member(project: str, user_id: str, body: Json) -> Response:
    actor = enter_project(credential(), project, admins=True)
    role = Role[body["role"]]
    service.require_putting(actor, role)
    user = get_user(user_id)
    found = queries.find_member(actor, user_id, for_change=True)
    if "If-Match" in request.headers:
        _check_standing(found, user)
    member = service.put_member(actor, found, user, role)
    return reply(present_member(member, user), version=member.version)


@routes.delete("/projects/<project>/members/<id:user_id>")
@operation("End a membership", status=204, needs_match=True, refuses=(403, 404, 409))
def remove_member(project: str, user_id: str) -> Response:
    actor = enter_project(credential(), project)
    require(RULES, "manage_members", actor)
    member, user = queries.get_member(actor, user_id, for_change=True)
    check_if_match(member.version, present_member(member, user))
    service.remove_member(actor, member)
    return nothing()


def _check_standing(member: Membership | None, user: User) -> None:
    if member is None:
        raise Stale("They are not a member yet, so nothing matches.")
    check_if_match(member.version, present_member(member, user))
