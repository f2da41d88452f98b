"""The endpoints of links."""

from typing import Any

from flask import Blueprint, Response

from app.annotations.queries import DOOR as ANNOTATION
from app.annotations.queries import get as get_annotation
from app.kernel.actor import Actor
from app.kernel.mergepatch import merge_patch
from app.kernel.permissions import require
from app.links import examples, queries, service
from app.links.models import Link
from app.links.policy import RULES
from app.links.presenting import present
from app.links.schemas import LinkFields, LinkIn, LinkOut, LinkPage, LinkPatch, LinksQuery
from app.projects.doors import enter, enter_project
from app.web.bodies import load, page_ask, read_json
from app.web.etag import check_if_match
from app.web.fields import PageQuery
from app.web.operations import MERGE_PATCH, credential, operation
from app.web.replies import nothing, reply, reply_page

Json = dict[str, Any]
routes = Blueprint("links", __name__, url_prefix="/api/v1")


@routes.post("/projects/<project>/links")
@operation(
    "Link two annotations, in one article or in two",
    body=LinkIn,
    answer=LinkOut,
    status=201,
    takes_key=True,
    versioned=True,
    refuses=(409,),
    description="Both relations are symmetric, so that either order is the same link. A pair that "
    "you have linked already answers 409 with the link.",
    examples={"contradicts": examples.LINK},
)
def create(project: str, body: Json) -> Response:
    actor = enter_project(credential(), project)
    return _reply(actor, service.create(actor, body), 201)


@routes.get("/projects/<project>/links")
@operation("The links of a project, filtered", query=LinksQuery, answer=LinkPage, page=True)
def of_project(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    ask = page_ask(query)
    page = queries.listed(actor, query, ask)
    return reply_page(page.map(lambda rows: [present(row._mapping) for row in rows]))


@routes.get("/annotations/<id:annotation_id>/links")
@operation("The links of an annotation", query=PageQuery, answer=LinkPage, page=True)
def of_annotation(annotation_id: str, query: Json) -> Response:
    actor = enter(credential(), ANNOTATION, annotation_id)
    get_annotation(actor, annotation_id)
    page = queries.listed(actor, {"annotation": annotation_id}, page_ask(query))
    return reply_page(page.map(lambda rows: [present(row._mapping) for row in rows]))


@routes.get("/links/<id:link_id>")
@operation("One link", answer=LinkOut, versioned=True)
def read(link_id: str) -> Response:
    return _reply(enter(credential(), queries.DOOR, link_id), link_id)


@routes.patch("/links/<id:link_id>")
@operation(
    "Change a link, by merge patch",
    body=LinkPatch,
    answer=LinkOut,
    media_types=MERGE_PATCH,
    versioned=True,
    needs_match=True,
    refuses=(409,),
)
def edit(link_id: str, body: Json) -> Response:
    del body  # it was read for its faults; the patch itself is what was sent
    actor, link = _for_change(link_id, "edit")
    present_state = {name: getattr(link, name) for name in service.EDITABLE}
    whole = merge_patch(present_state, read_json(MERGE_PATCH))
    service.edit(actor, link, load(LinkFields, whole))
    return _reply(actor, link_id)


@routes.delete("/links/<id:link_id>")
@operation("Delete a link", status=204, needs_match=True)
def remove(link_id: str) -> Response:
    actor, link = _for_change(link_id, "delete")
    service.remove(actor, link)
    return nothing()


def _for_change(link_id: str, verb: str) -> tuple[Actor, Link]:
    """The link, once the actor may change it and names the version that stands."""
    actor = enter(credential(), queries.DOOR, link_id)
    link = queries.get_for_change(actor, link_id)
    require(RULES, verb, actor, link)
    check_if_match(link.version, lambda: present(queries.get(actor, link_id)._mapping))
    return actor, link


def _reply(actor: Actor, link_id: str, status: int = 200) -> Response:
    row = queries.get(actor, link_id)
    location = f"/api/v1/links/{link_id}" if status == 201 else None
    return reply(present(row._mapping), version=row.version, status=status, location=location)
