"""The endpoints of sources."""

from typing import Any

from flask import Blueprint, Response

from app.annotations.models import Source
from app.annotations.policy import RULES
from app.annotations.presenting import present_all
from app.annotations.queries import works_blind
from app.annotations.schemas import AnnotationPage
from app.annotations.sources import queries, service
from app.annotations.sources.naming import aliases_of
from app.annotations.sources.presenting import document, present
from app.annotations.sources.schemas import (
    MergeIn,
    SourceFields,
    SpeakerIn,
    SpeakerOut,
    SpeakerPage,
    SpeakerPatch,
    SpeakersQuery,
    StatementsQuery,
)
from app.kernel.mergepatch import merge_patch
from app.kernel.offsets import Unit
from app.kernel.permissions import require
from app.projects.doors import enter, enter_project
from app.web.bodies import load, page_ask, read_json
from app.web.etag import check_if_match
from app.web.operations import MERGE_PATCH, credential, operation
from app.web.replies import reply, reply_page

Json = dict[str, Any]
routes = Blueprint("sources", __name__, url_prefix="/api/v1")


@routes.post("/projects/<project>/sources")
@operation(
    "Add a source with its aliases",
    body=SpeakerIn,
    answer=SpeakerOut,
    status=201,
    takes_key=True,
    versioned=True,
    refuses=(409,),
)
def create(project: str, body: Json) -> Response:
    source = service.create(enter_project(credential(), project), body)
    return _reply(source, 201)


@routes.get("/projects/<project>/sources")
@operation("The sources of a project", query=SpeakersQuery, answer=SpeakerPage, page=True)
def list_sources(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    page = queries.listed(actor, page_ask(query), query.get("q"))
    known = aliases_of([row.id for row in page.items])
    return reply_page(page.map(lambda rows: [present(row, known) for row in rows]))


@routes.get("/sources/<id:source_id>")
@operation("One source", answer=SpeakerOut, versioned=True)
def read(source_id: str) -> Response:
    actor = enter(credential(), queries.DOOR, source_id)
    return _reply(queries.get(actor, source_id))


@routes.patch("/sources/<id:source_id>")
@operation(
    "Rename a source, or replace its aliases, by merge patch",
    body=SpeakerPatch,
    answer=SpeakerOut,
    media_types=MERGE_PATCH,
    versioned=True,
    needs_match=True,
    refuses=(409,),
)
def edit(source_id: str, body: Json) -> Response:
    del body  # it was read for its faults; the patch itself is what was sent
    actor = enter(credential(), queries.DOOR, source_id)
    require(RULES, "edit_sources", actor)
    source = queries.get(actor, source_id, for_change=True)
    known = aliases_of([source_id])
    check_if_match(source.version, lambda: present(source, known))
    whole = merge_patch(document(source, known), read_json(MERGE_PATCH))
    return _reply(service.edit(actor, source, load(SourceFields, whole)))


@routes.post("/sources/<id:source_id>/merge")
@operation(
    "Merge a source into another, which takes over its names and statements",
    body=MergeIn,
    answer=SpeakerOut,
    takes_key=True,
    versioned=True,
)
def merge(source_id: str, body: Json) -> Response:
    actor = enter(credential(), queries.DOOR, source_id)
    require(RULES, "merge_sources", actor)
    in_one_order = sorted((source_id, body["into"]))  # so that none waits in a circle
    found = {id_: queries.get(actor, id_, for_change=True) for id_ in in_one_order}
    return _reply(service.merge(actor, found[source_id], found[body["into"]]))


@routes.get("/sources/<id:source_id>/statements")
@operation(
    "What a source said, over all articles", query=StatementsQuery, answer=AnnotationPage, page=True
)
def statements(source_id: str, query: Json) -> Response:
    actor = enter(credential(), queries.DOOR, source_id)
    unit = Unit(query.pop("unit"))
    if works_blind(actor):
        queries.get(actor, source_id)  # what they may not know of has no statements
    page = queries.statements(actor, source_id, page_ask(query))
    return reply_page(
        page.map(lambda rows: present_all(actor, [row._mapping for row in rows], unit)),
        unit=unit.value,
    )


def _reply(source: Source, status: int = 200) -> Response:
    told = present(source, aliases_of([source.id]))
    location = f"/api/v1/sources/{source.id}" if status == 201 else None
    return reply(told, version=source.version, status=status, location=location)
