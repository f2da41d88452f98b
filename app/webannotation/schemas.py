"""What comes in and goes out, for the description and for the members that there are.

What may stand in them is JSON-LD, where one thing may be bare and several in an array; it is
looked at by `reading`.
"""

from typing import Any

from marshmallow import fields

from app.kernel.sentences import Sentence
from app.web.fields import Choice, Count, Shaped, Strict, When
from app.webannotation.pages import PATTERN

ANY: dict[str, Any] = {}
_NO_PAGE = Sentence("A page is named as `first`, `next`, `prev` and `last` name it.", "no_page")


def _any(told: str, **more: Any) -> fields.Raw:
    """Anything; null says as much as nothing, as in all JSON-LD."""
    return fields.Raw(allow_none=True, metadata={"description": told}, **more)


class WebAnnotationIn(Strict):
    """A Web Annotation in the compact form of http://www.w3.org/ns/anno.jsonld."""

    context = _any(
        "Strings, http://www.w3.org/ns/anno.jsonld among them.", data_key="@context", required=True
    )
    type = _any("`Annotation`, alone or among others.", required=True)
    target = _any(
        "SpecificResources with the IRI (or url, or external id) of an article as `source`, and a"
        " TextQuoteSelector, a TextPositionSelector or both; of a link the IRI of an annotation.",
        required=True,
    )
    body = _any("What names the kind, our own terms, tags, a note; of a link the other end.")
    body_value = _any("A note.", data_key="bodyValue")
    motivation = _any("`linking` for a link; otherwise what bodies without a purpose are for.")
    id = _any("The IRI it has elsewhere; in a replacement its own. Kept in `via`.")
    canonical = _any("The IRI it is known by for good.")
    via = _any("The IRIs it came from.")
    creator, created, modified = (_any("Written by the server.") for _ in range(3))
    generator, generated, rights, audience = (_any("Not kept.") for _ in range(4))
    stylesheet, accessibility = (_any("Not kept.") for _ in range(2))


def _array_or(kind: str) -> dict[str, Any]:
    return {"oneOf": [{"type": kind}, {"type": "array"}]}


class WebAnnotationOut(Strict):
    """A Web Annotation; a link has the motivation `linking`."""

    context = fields.List(fields.String(), data_key="@context", required=True)
    id = fields.String(required=True, metadata={"format": "uri"})
    type = fields.String(required=True)
    motivation = Choice(("classifying", "linking"), required=True)
    created = When(required=True)
    modified = When(required=True)
    creator = fields.Dict(required=True)
    body = fields.List(fields.Dict(), required=True)
    target = fields.Raw(required=True, metadata={"description": "One target, several, or an IRI."})
    canonical = fields.String()
    via = fields.Raw(metadata=_array_or("string"))


class WebCollection(Strict):
    """The container (`BasicContainer` and `AnnotationCollection`), or one page of it."""

    context = fields.List(fields.String(), data_key="@context", required=True)
    id = fields.String(required=True, metadata={"format": "uri"})
    type = fields.Raw(required=True, metadata=_array_or("string"))
    label = fields.String()
    total = Count()
    modified = When()
    first = fields.Raw(metadata={"description": "The first page, or its IRI."})
    last = fields.String()
    part_of = fields.Raw(
        data_key="partOf", metadata={"description": "Of a page: the container, in short."}
    )
    start_index = Count(data_key="startIndex")
    prev, next = fields.String(), fields.String()
    items = fields.List(fields.Raw(metadata=ANY))


class ContainerQuery(Strict):
    """Which view of the container."""

    iris = Choice(("0", "1"), metadata={"description": "1: items are IRIs."})
    page = Shaped(PATTERN, _NO_PAGE, says="Which page; without it the container itself.")
