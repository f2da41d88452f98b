"""Bringing back what an annotation said at an earlier version."""

from typing import Any

from app.annotations.following import follow
from app.annotations.models import Annotation
from app.annotations.spans import Span, Target
from app.articles.anchoring import Anchors, Status
from app.articles.texts import text_of
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


def restored_body(annotation: Annotation, version: int, present: int) -> tuple[Json, int | None]:
    """The body that makes the annotation say again what it said at the version.

    Beside it the number of the text that it marks then: the `present` one, where its place there
    is sure, and None for the text that it marks now. Conflict where neither can be.
    """
    document = as_of(annotation.id, version)
    if document is None:
        raise invalid_field("/version", "no_such_version", "There is no such version.")
    body = {name: document[name] for name in KEPT if document.get(name) is not None}
    target, number = _target(document), document["revision"]
    if number != present:
        found = follow(_anchors(annotation.article_id, number, present), target, body.get("parts"))
        if found.target is not None and found.status is not Status.UNCERTAIN:
            body |= {"parts": found.parts} if found.parts is not None else {}
            return {**body, "target": _sent(found.target)}, present
        if number != annotation.revision:
            told = "That version marks an earlier text of the article; its words are not here."
            raise Conflict(told, code="other_revision", revision=present)
        return {**body, "target": _sent(target)}, None
    return {**body, "target": _sent(target)}, present


def _target(document: Json) -> Target:
    target = document["target"]
    pieces = target.get("fragments") or [target]
    return Target(tuple(Span(piece["start"], piece["end"]) for piece in pieces))


def _sent(target: Target) -> Json:
    return {"fragments": [{"start": span.start, "end": span.end} for span in target.fragments]}


def _anchors(article_id: str, number: int, present: int) -> Anchors:
    return Anchors(text_of(article_id, number).text, text_of(article_id, present).text)
