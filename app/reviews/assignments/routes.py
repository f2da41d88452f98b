"""The endpoints of assignments."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app

from app.accounts.queries import who_is
from app.kernel.actor import Actor
from app.kernel.permissions import require
from app.projects.doors import enter, enter_project
from app.reviews.assignments import queries, service
from app.reviews.assignments.assigning import Wish, assign
from app.reviews.assignments.claiming import claim_next
from app.reviews.assignments.models import Assignment
from app.reviews.assignments.policy import RULES
from app.reviews.assignments.presenting import present, present_mine
from app.reviews.assignments.progress import progress as progress_of
from app.reviews.assignments.schemas import (
    AssignedOut,
    AssignIn,
    AssignmentOut,
    AssignmentPage,
    AssignmentPatch,
    AssignmentsQuery,
    AssignQuery,
    MyAssignmentPage,
    MyAssignmentsQuery,
    NextIn,
    ProgressOut,
)
from app.web.bodies import page_ask
from app.web.etag import check_if_match
from app.web.operations import MERGE_PATCH, credential, operation
from app.web.replies import nothing, reply, reply_page

Json = dict[str, Any]
routes = Blueprint("assignments", __name__, url_prefix="/api/v1")


@routes.post("/projects/<project>/assignments")
@operation(
    "Spread articles over people evenly, or leave the seats to whoever asks for the next",
    body=AssignIn,
    query=AssignQuery,
    answer=AssignedOut,
    status=201,
    takes_key=True,
    also={200: "A dry run: the seats as they would be."},
    description="`overlap` is how many people work on an article, those assigned before "
    "included; without it the project's setting counts. A filter that matches no article is "
    "refused, and so are people who are no members or whose role is too low for the task.",
)
def create(project: str, body: Json, query: Json) -> Response:
    actor = enter_project(credential(), project)
    dry_run = query["dry_run"] or body["dry_run"]
    wish = Wish(body, current_app.config["MAX_ITEMS_PER_REQUEST"])
    return reply(assign(actor, wish, dry_run=dry_run), status=200 if dry_run else 201)


@routes.get("/projects/<project>/assignments")
@operation(
    "The assignments of a project, filtered",
    query=AssignmentsQuery,
    answer=AssignmentPage,
    page=True,
)
def of_project(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    ask = page_ask(query)
    page = queries.listed(actor, query, ask)
    return reply_page(page.map(lambda rows: [present(row) for row in rows]))


@routes.get("/projects/<project>/assignments/progress")
@operation(
    "How far the work is, in all and for each person",
    answer=ProgressOut,
    description="While a project is blind, annotators read their own figures, and those of "
    "articles that they are done with.",
)
def progress(project: str) -> Response:
    return reply(progress_of(enter_project(credential(), project)))


@routes.post("/projects/<project>/assignments/next")
@operation(
    "Take your next assignment",
    body=NextIn,
    optional_body=True,
    answer=AssignmentOut,
    takes_key=True,
    versioned=True,
    also={204: "Nothing is left for you."},
    description="Your own come first, then those that are anybody's, then those whose claim "
    "has lapsed; what is due soonest first. A seat that is anybody's is claimed until "
    "`claim_expires_at` (CLAIM_HOURS); to PATCH it to in_progress again renews the claim.",
)
def take_next(project: str, body: Json) -> Response:
    actor = enter_project(credential(), project)
    seat = claim_next(actor, body.get("task"), _claim())
    return _reply(actor, seat.id) if seat else nothing()


@routes.get("/me/assignments")
@operation(
    "Your assignments in all projects, due soonest first",
    query=MyAssignmentsQuery,
    answer=MyAssignmentPage,
    page=True,
)
def mine(query: Json) -> Response:
    actor = who_is(credential())
    ask = page_ask(query)
    page = queries.mine(actor, query, ask)
    return reply_page(page.map(lambda rows: [present_mine(row) for row in rows]))


@routes.get("/assignments/<id:assignment_id>")
@operation("One assignment", answer=AssignmentOut, versioned=True)
def read(assignment_id: str) -> Response:
    return _reply(enter(credential(), queries.DOOR, assignment_id), assignment_id)


@routes.patch("/assignments/<id:assignment_id>")
@operation(
    "Begin, finish, skip or give back an assignment",
    body=AssignmentPatch,
    answer=AssignmentOut,
    media_types=MERGE_PATCH,
    versioned=True,
    needs_match=True,
    refuses=(409,),
    description="open → in_progress, done, skipped; in_progress → open, done, skipped; done or "
    "skipped → open, in_progress. Skipping a seat that was anybody's leaves a new one to "
    "others. In a blind project being done shows you the others' work on the article.",
)
def change(assignment_id: str, body: Json) -> Response:
    actor, seat = _for_change(assignment_id, "work")
    service.change(actor, seat, body, _claim())
    return _reply(actor, assignment_id)


@routes.delete("/assignments/<id:assignment_id>")
@operation("Take an assignment away", status=204, needs_match=True)
def remove(assignment_id: str) -> Response:
    actor, seat = _for_change(assignment_id, "remove")
    service.remove(actor, seat)
    return nothing()


def _claim() -> timedelta:
    return timedelta(hours=current_app.config["CLAIM_HOURS"])


def _for_change(assignment_id: str, verb: str) -> tuple[Actor, Assignment]:
    """The assignment, once the actor may change it and names the version that stands."""
    actor = enter(credential(), queries.DOOR, assignment_id)
    seat = queries.get_for_change(actor, assignment_id)
    require(RULES, verb, actor, seat)
    check_if_match(seat.version, lambda: present(queries.get(actor, assignment_id)))
    return actor, seat


def _reply(actor: Actor, assignment_id: str) -> Response:
    row = queries.get(actor, assignment_id)
    return reply(present(row), version=row.version)
