"""Bringing back what an annotation said at an earlier version."""

from typing import Any

from app.annotations.models import Annotation
from app.history.queries import as_of
from app.kernel.errors import Conflict, invalid_field

Json = dict[str, Any]
KEPT = (
    "kind",
    "parts",
    "attributes",
    "tags",
    "note",
    "confidence",
    "origin",
    "score",
    "external_id",
)


def restored_body(annotation: Annotation, version: int) -> Json:
    """The body that makes the annotation say again what it said at the version."""
    document = as_of(annotation.id, version)
    if document is None:
        raise invalid_field("/version", "no_such_version", "There is no such version.")
    if document["revision"] != annotation.revision:
        raise Conflict("That version marks an earlier text of the article.", code="other_revision")
    target = document["target"]
    places = target.get("fragments")
    body = {name: document[name] for name in KEPT if document.get(name) is not None}
    if places:
        return {**body, "target": {"fragments": places}}
    return {**body, "target": {"start": target["start"], "end": target["end"]}}
