"""The endpoints of verdicts. A verdict's ETag is that of the annotation it is given on."""

from typing import Any

from flask import Blueprint, Response

from app.annotations.models import Annotation
from app.annotations.queries import DOOR
from app.kernel.actor import Actor
from app.kernel.offsets import Unit
from app.kernel.permissions import require
from app.projects.doors import enter
from app.reviews.decisions.queries import get_for_decision
from app.reviews.decisions.things import ANNOTATION
from app.reviews.verdicts import queries, service
from app.reviews.verdicts.policy import RULES
from app.reviews.verdicts.presenting import present
from app.reviews.verdicts.schemas import VerdictIn, VerdictOut
from app.web.etag import check_if_match
from app.web.operations import credential, operation
from app.web.replies import nothing, reply

Json = dict[str, Any]
routes = Blueprint("verdicts", __name__, url_prefix="/api/v1")


@routes.get("/annotations/<id:annotation_id>/verdict")
@operation("The verdict on a claim", answer=VerdictOut, versioned=True)
def read(annotation_id: str) -> Response:
    return _reply(enter(credential(), DOOR, annotation_id), annotation_id)


@routes.put("/annotations/<id:annotation_id>/verdict")
@operation(
    "Give a verdict on an approved claim",
    body=VerdictIn,
    answer=VerdictOut,
    versioned=True,
    needs_match=True,
    refuses=(409,),
    description="If-Match takes the annotation's ETag, or that of the verdict it has.",
)
def put(annotation_id: str, body: Json) -> Response:
    actor, annotation = _for_change(annotation_id, "set_verdict")
    service.put(actor, annotation, body)
    return _reply(actor, annotation_id)


@routes.delete("/annotations/<id:annotation_id>/verdict")
@operation("Take back a verdict", status=204, needs_match=True)
def remove(annotation_id: str) -> Response:
    actor, annotation = _for_change(annotation_id, "remove_verdict")
    service.remove(actor, annotation)
    return nothing()


def _for_change(annotation_id: str, verb: str) -> tuple[Actor, Annotation]:
    """The annotation, once the actor may judge it and names the version that stands."""
    actor = enter(credential(), DOOR, annotation_id)
    require(RULES, verb, actor)
    annotation = get_for_decision(actor, ANNOTATION, annotation_id)
    check_if_match(
        annotation.version, lambda: ANNOTATION.document(actor, annotation_id, Unit.CODEPOINT)[0]
    )
    assert isinstance(annotation, Annotation)  # noqa: S101 - tells the type checker
    return actor, annotation


def _reply(actor: Actor, annotation_id: str) -> Response:
    row = queries.get(actor, annotation_id)
    return reply(present(row), version=row.annotation_version)
