"""The endpoints of the Web Annotation Protocol, and our JSON-LD context."""

from typing import Any

from flask import Blueprint, Response, request
from marshmallow import Schema

from app.annotations.schemas import AnnotationFields, AnnotationIn
from app.exchange.formats import iris
from app.exchange.formats.jsonld_context import context
from app.kernel.actor import Actor
from app.kernel.jsons import dumps
from app.kernel.permissions import require
from app.links.schemas import LinkFields, LinkIn
from app.projects.doors import enter_project
from app.web.addresses import base_url
from app.web.bodies import load
from app.web.etag import check_if_match, etag_of, not_modified
from app.web.operations import credential, operation
from app.web.replies import nothing
from app.webannotation import headers, presenting, service
from app.webannotation.pages import place_named
from app.webannotation.policy import RULES
from app.webannotation.preferences import JSON, LD, preference
from app.webannotation.presenting import Here
from app.webannotation.reading import read
from app.webannotation.schemas import (
    ContainerQuery,
    WebAnnotationIn,
    WebAnnotationOut,
    WebCollection,
)
from app.webannotation.told import Told

Json = dict[str, Any]
routes = Blueprint("webannotation", __name__)
routes.after_app_request(headers.mark)
CONTAINER, ANNOTATION = "/wa/<project>/", "/wa/<project>/<id:annotation_id>"
_GET = """\
The container of the [Web Annotation Protocol](https://www.w3.org/TR/annotation-protocol/): all
annotations and links that the caller may see, annotations first. The header
`Prefer: return=representation; include="…"` takes `http://www.w3.org/ns/ldp#PreferMinimalContainer`,
`http://www.w3.org/ns/oa#PreferContainedIRIs` and `http://www.w3.org/ns/oa#PreferContainedDescriptions`
(which is the default). Follow `next` for further pages; their names are opaque."""
_POST = """\
The annotation marks a stretch of an article of the project, by quote, by position, or by both,
which must then agree. Its kind is said by a body of purpose `classifying`, or by a tag with the
kind's name. With the motivation `linking` it is a link. The server gives it an IRI of its own
and keeps the one that was sent in `via`; `Slug` is not used. Contexts are never fetched."""
_PUT = """\
A full replacement: what is left out is gone, but for `canonical`, `via` and the state of review,
which stay; to change those, or to move it to another article, is a conflict. `If-Match` is
needed, as everywhere here; the protocol leaves that to servers."""
_SENT_AS = {"context": "@context", "body_value": "bodyValue"}
_SHAPE: Json = {"answers_as": (LD, JSON), "media_types": headers.TAKEN}


@routes.get(CONTAINER, strict_slashes=True)
@operation(
    "A project as a container of Web Annotations, or a page of it",
    query=ContainerQuery,
    answer=WebCollection,
    versioned=True,
    refuses=(406,),
    description=_GET,
    **_SHAPE,
)
def container(project: str, query: Json) -> Response:
    kind = headers.served_as()
    actor, here = _enter(project)
    if "page" in query:
        iris_only = query.get("iris") == "1"
        page = presenting.page(actor, here, place_named(query["page"]), iris_only=iris_only)
        return _of_container(page, kind, actor)
    wanted = preference(", ".join(request.headers.getlist("Prefer")))
    iris_only = query["iris"] == "1" if "iris" in query else wanted.iris
    found = presenting.container(actor, here, iris_only=iris_only, minimal=wanted.minimal)
    response = _of_container(found, kind, actor)
    if wanted.applied:
        response.headers["Preference-Applied"] = "return=representation"
    return response


@routes.post(CONTAINER, strict_slashes=True)
@operation(
    "Tag a span, or link two annotations, as a Web Annotation",
    body=WebAnnotationIn,
    answer=WebAnnotationOut,
    status=201,
    takes_key=True,
    versioned=True,
    refuses=(406,),
    description=_POST,
    **_SHAPE,
)
def create(project: str, body: Json) -> Response:
    kind = headers.served_as()
    actor, here = _enter(project)
    require(RULES, "create", actor)
    told = read(_as_sent(body))
    with told.in_its_words():
        ident = service.create(actor, told, _admitted(actor, told, LinkIn, AnnotationIn))
    return _one(actor, here, ident, kind, status=201)


@routes.get(ANNOTATION)
@operation(
    "One annotation or link as a Web Annotation",
    answer=WebAnnotationOut,
    versioned=True,
    refuses=(406, 410),
    **_SHAPE,
)
def annotation(project: str, annotation_id: str) -> Response:
    kind = headers.served_as()
    actor, here = _enter(project)
    return _one(actor, here, annotation_id, kind)


@routes.put(ANNOTATION)
@operation(
    "Replace an annotation or link by a Web Annotation",
    body=WebAnnotationIn,
    answer=WebAnnotationOut,
    versioned=True,
    needs_match=True,
    refuses=(400, 406, 409, 410),
    description=_PUT,
    **_SHAPE,
)
def replace(project: str, annotation_id: str, body: Json) -> Response:
    kind = headers.served_as()
    actor, here = _enter(project)
    thing, held = service.get_for_change(actor, annotation_id, places=True)
    require(RULES, "edit", actor, thing)
    check_if_match(thing.version, lambda: presenting.annotation(actor, here, thing.id)[0])
    told = read(_as_sent(body))
    with told.in_its_words():
        service.check_same(actor, thing, told)
        data = _admitted(actor, told, LinkFields, AnnotationFields)
        service.replace(actor, thing, told, data, held)
    return _one(actor, here, thing.id, kind)


@routes.delete(ANNOTATION)
@operation(
    "Delete an annotation with its links, or a link",
    status=204,
    needs_match=True,
    refuses=(410,),
)
def remove(project: str, annotation_id: str) -> Response:
    actor, here = _enter(project)
    thing, _ = service.get_for_change(actor, annotation_id)
    require(RULES, "delete", actor, thing)
    check_if_match(thing.version, lambda: presenting.annotation(actor, here, thing.id)[0])
    service.remove(actor, thing)
    return nothing()


@routes.get(iris.CONTEXT)
@operation("The JSON-LD context of our own terms", public=True, raw_answer=("application/ld+json",))
def terms() -> Response:
    body = dumps(context(base_url()))
    response = Response(body, content_type="application/ld+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Access-Control-Allow-Origin"] = "*"  # whoever reads what we export needs it
    response.set_etag(etag_of(1, body))
    return not_modified(response)


def _enter(project: str) -> tuple[Actor, Here]:
    actor = enter_project(credential(), project)
    return actor, Here.of(actor, base_url())


def _as_sent(body: Json) -> Json:
    """The members by the names that they were sent with; what is null was not sent."""
    said = {_SENT_AS.get(name, name): value for name, value in body.items()}
    return {name: value for name, value in said.items() if value is not None}


def _admitted(actor: Actor, told: Told, of_link: type[Schema], of_annotation: type[Schema]) -> Json:
    """The body that the API takes, through the schema of what was told."""
    service.place(actor, told)
    admitted: Json = load(of_link if told.thing == "link" else of_annotation, told.data)
    return admitted


def _of_container(document: Json, kind: str, actor: Actor) -> Response:
    response = _answer(document, kind, actor.project.version)
    response.headers["Content-Location"] = document["id"]
    return response


def _one(actor: Actor, here: Here, ident: str, kind: str, status: int = 200) -> Response:
    document, version = presenting.annotation(actor, here, ident)
    response = _answer(document, kind, version, status)
    if status == 201:
        response.headers["Location"] = document["id"]
    return response


def _answer(document: Json, kind: str, version: int, status: int = 200) -> Response:
    body = dumps(document)
    response = Response(body, status, content_type=kind)
    response.set_etag(etag_of(version, body))
    return not_modified(response)
