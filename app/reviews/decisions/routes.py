"""The endpoints of review."""

from typing import Any

from flask import Blueprint, Response, current_app

from app.annotations.schemas import AnnotationOut
from app.articles.schemas import UnitQuery
from app.kernel.errors import TooLarge
from app.kernel.offsets import Unit
from app.links.schemas import LinkOut
from app.projects.doors import enter, enter_project
from app.reviews.decisions import queries, service
from app.reviews.decisions.batches import Batch, decide_all
from app.reviews.decisions.presenting import present
from app.reviews.decisions.schemas import (
    AnnotationFilter,
    BatchIn,
    BatchOut,
    DecisionPage,
    LinkFilter,
    ReviewIn,
)
from app.reviews.decisions.things import ANNOTATION, LINK, REVIEWABLE, Reviewable
from app.web.bodies import load, page_ask
from app.web.etag import check_if_match
from app.web.fields import PageQuery
from app.web.operations import credential, operation
from app.web.replies import reply, reply_page

Json = dict[str, Any]
routes = Blueprint("decisions", __name__, url_prefix="/api/v1")
FILTERS = {"annotations": AnnotationFilter, "links": LinkFilter}
MOVES = (
    "draft → submit → submitted; submitted → withdraw → draft, approve → approved, "
    "reject → rejected, request_changes → draft; approved or rejected → reopen → submitted. "
    "submit and withdraw are the author's; the others take a reviewer, and not the author "
    "while own_work_rule holds. To approve an annotation whose place is uncertain confirms it."
)


@routes.post("/annotations/<id:annotation_id>/review")
@operation(
    "Take an annotation one step through review",
    body=ReviewIn,
    query=UnitQuery,
    answer=AnnotationOut,
    takes_key=True,
    versioned=True,
    needs_match=True,
    refuses=(409,),
    description=MOVES,
)
def review_annotation(annotation_id: str, body: Json, query: Json) -> Response:
    return _review(ANNOTATION, annotation_id, body, Unit(query["unit"]))


@routes.post("/links/<id:link_id>/review")
@operation(
    "Take a link one step through review",
    body=ReviewIn,
    answer=LinkOut,
    takes_key=True,
    versioned=True,
    needs_match=True,
    refuses=(409,),
    description=MOVES,
)
def review_link(link_id: str, body: Json) -> Response:
    return _review(LINK, link_id, body, Unit.CODEPOINT)


@routes.get("/annotations/<id:annotation_id>/reviews")
@operation(
    "Every decision on an annotation, oldest first", query=PageQuery, answer=DecisionPage, page=True
)
def of_annotation(annotation_id: str, query: Json) -> Response:
    return _decisions(ANNOTATION, annotation_id, query)


@routes.get("/links/<id:link_id>/reviews")
@operation(
    "Every decision on a link, oldest first", query=PageQuery, answer=DecisionPage, page=True
)
def of_link(link_id: str, query: Json) -> Response:
    return _decisions(LINK, link_id, query)


@routes.post("/projects/<project>/review")
@operation(
    "Take many annotations or links one step through review",
    body=BatchIn,
    answer=BatchOut,
    takes_key=True,
    refuses=(409,),
    description="best_effort does what can be done and tells of each; atomic does all, or "
    "changes nothing and answers 409 with the same items. A filter that matches nothing gives "
    "an empty result. `versions` may name the version seen of each id; what moved on is stale.",
)
def review_many(project: str, body: Json) -> Response:
    actor = enter_project(credential(), project)
    results = decide_all(actor, REVIEWABLE[body["of"]], _batch(body))
    done = sum(result["ok"] for result in results)
    return reply({"items": results, "done": done, "refused": len(results) - done})


def _batch(body: Json) -> Batch:
    most: int = current_app.config["MAX_ITEMS_PER_REQUEST"]
    if len(body.get("ids", ())) > most:
        raise TooLarge(f"At most {most} ids are decided on at once (MAX_ITEMS_PER_REQUEST).")
    filters = body.get("filter")
    if filters is not None:
        filters = load(FILTERS[body["of"]], filters, within="/filter")
    return Batch(
        body["action"],
        body.get("reason"),
        body.get("ids"),
        filters,
        body.get("versions", {}),
        body["mode"] == "atomic",
        most,
    )


def _review(subject: Reviewable, thing_id: str, body: Json, unit: Unit) -> Response:
    actor = enter(credential(), subject.door, thing_id)
    thing = queries.get_for_decision(actor, subject, thing_id)
    check_if_match(thing.version, lambda: subject.document(actor, thing_id, unit)[0])
    service.decide(actor, subject, thing, body["action"], body.get("reason"))
    document, version = subject.document(actor, thing_id, unit)
    return reply(document, version=version)


def _decisions(subject: Reviewable, thing_id: str, query: Json) -> Response:
    actor = enter(credential(), subject.door, thing_id)
    queries.check_visible(actor, subject, thing_id)
    page = queries.of_thing(subject, thing_id, page_ask(query))
    return reply_page(page.map(lambda rows: [present(row) for row in rows]))
