"""The endpoints of annotations."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from app.annotations import examples, filters, queries, removing, service
from app.annotations.models import Annotation
from app.annotations.patching import patched
from app.annotations.policy import RULES
from app.annotations.presenting import present_all, present_one
from app.annotations.restoring import restored_body
from app.annotations.schemas import (
    AnnotationFields,
    AnnotationIn,
    AnnotationOut,
    AnnotationPage,
    AnnotationPatch,
    AnnotationsQuery,
    ArticleAnnotationsQuery,
    RestoreIn,
    VersionPage,
)
from app.annotations.versions import versions_of
from app.articles.queries import DOOR as ARTICLE
from app.articles.queries import held_revision
from app.articles.schemas import UnitQuery
from app.kernel.actor import Actor
from app.kernel.errors import TooLarge, fault, refused
from app.kernel.offsets import Unit
from app.kernel.paging import Page
from app.kernel.permissions import require
from app.projects.doors import enter, enter_project
from app.web.bodies import collected, load, page_ask, read_json
from app.web.etag import check_if_match
from app.web.fields import PageQuery
from app.web.operations import MERGE_PATCH, credential, operation
from app.web.replies import nothing, reply, reply_page

Json = dict[str, Any]
routes = Blueprint("annotations", __name__, url_prefix="/api/v1")


@routes.post("/articles/<id:article_id>/annotations")
@operation(
    "Tag a span; or a list of spans, all or none",
    body=AnnotationIn,
    many=True,
    query=UnitQuery,
    answer=AnnotationOut,
    status=201,
    takes_key=True,
    versioned=True,
    description="Give offsets, a quote, or best both: where `exact` is not what stands at the "
    "offsets, nothing is stored and the answer says what does. A quote alone must occur "
    "once, or be told by `prefix` and `suffix`. Naming a new source in an attribution "
    "makes it. A list answers with `items`.",
    examples=examples.ANNOTATIONS,
)
def create(article_id: str, body: Json | list[Json], query: Json) -> Response:
    actor = enter(credential(), ARTICLE, article_id)
    require(RULES, "create", actor)
    many = isinstance(body, list)
    items = _admitted(body) if isinstance(body, list) else [body]
    pointers = [f"/{index}" for index in range(len(items))] if many else [""]
    unit = Unit(query["unit"])
    made = service.create(actor, article_id, actor.seen["revision"], items, unit, pointers=pointers)
    if many:
        return reply({"items": made}, status=201)
    location = f"/api/v1/annotations/{made[0]['id']}"
    return reply(made[0], version=1, status=201, location=location)


@routes.get("/articles/<id:article_id>/annotations")
@operation(
    "The annotations of an article, in text order",
    query=ArticleAnnotationsQuery,
    answer=AnnotationPage,
    page=True,
)
def of_article(article_id: str, query: Json) -> Response:
    actor = enter(credential(), ARTICLE, article_id)
    page = queries.page_of_article(actor, article_id, query.get("anchoring"), page_ask(query))
    return _page(actor, page, Unit(query["unit"]))


@routes.get("/projects/<project>/annotations")
@operation(
    "The annotations of a project, filtered",
    query=AnnotationsQuery,
    answer=AnnotationPage,
    page=True,
)
def of_project(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    unit, ask = Unit(query.pop("unit")), page_ask(query)
    return _page(actor, filters.listed(actor, query, ask), unit)


@routes.get("/annotations/<id:annotation_id>")
@operation("One annotation", query=UnitQuery, answer=AnnotationOut, versioned=True)
def read(annotation_id: str, query: Json) -> Response:
    actor = enter(credential(), queries.DOOR, annotation_id)
    return _reply(actor, annotation_id, Unit(query["unit"]))


@routes.patch("/annotations/<id:annotation_id>")
@operation(
    "Change an annotation, by merge patch",
    body=AnnotationPatch,
    query=UnitQuery,
    answer=AnnotationOut,
    media_types=MERGE_PATCH,
    versioned=True,
    needs_match=True,
    refuses=(409,),
    description="A change to an approved annotation sends it back to `submitted`.",
)
def edit(annotation_id: str, body: Json, query: Json) -> Response:
    del body  # it was read for its faults; the patch itself is what was sent
    patch = read_json(MERGE_PATCH)
    actor, annotation, held = _for_change(annotation_id, "edit", places="target" in patch)
    if patch.keys() == {"anchoring"}:
        service.confirm(actor, annotation)
    else:
        whole = load(AnnotationFields, patched(annotation, patch))
        service.edit(actor, annotation, whole, settled=held or _confirmed(annotation, patch))
    return _reply(actor, annotation_id, Unit(query["unit"]))


@routes.delete("/annotations/<id:annotation_id>")
@operation("Delete an annotation and its links", status=204, needs_match=True)
def remove(annotation_id: str) -> Response:
    actor, annotation, _ = _for_change(annotation_id, "delete")
    removing.remove(actor, annotation)
    return nothing()


@routes.get("/annotations/<id:annotation_id>/history")
@operation(
    "Every version: who, when, and what changed", query=PageQuery, answer=VersionPage, page=True
)
def history(annotation_id: str, query: Json) -> Response:
    actor = enter(credential(), queries.DOOR, annotation_id)
    queries.get(actor, annotation_id)
    return reply_page(versions_of(annotation_id, page_ask(query)))


@routes.post("/annotations/<id:annotation_id>/restore")
@operation(
    "Bring back an earlier version, as a new one",
    body=RestoreIn,
    query=UnitQuery,
    answer=AnnotationOut,
    takes_key=True,
    versioned=True,
    refuses=(409, 412),
    description="Every version stays in the history, this one too.",
)
def restore(annotation_id: str, body: Json, query: Json) -> Response:
    actor, annotation, held = _for_change(annotation_id, "restore", places=True)
    wanted, settled = restored_body(annotation, body["version"], held or annotation.revision)
    service.edit(actor, annotation, load(AnnotationFields, wanted), "restored", settled=settled)
    return _reply(actor, annotation_id, Unit(query["unit"]))


def _admitted(items: list[Json]) -> list[Json]:
    """The items of a list through their schema, with every fault of every item."""
    most = current_app.config["MAX_ITEMS_PER_REQUEST"]
    if len(items) > most:
        raise TooLarge(f"A list has at most {most} annotations (MAX_ITEMS_PER_REQUEST).")
    if not items:
        raise refused([fault("", "empty_list", "The list is empty.")])
    return collected(AnnotationIn, items)


def _confirmed(annotation: Annotation, patch: Json) -> int | None:
    """The text in which a patch says that the annotation is where it belongs, if it does."""
    if "anchoring" not in patch:
        return None
    service.check_placed(annotation)
    return annotation.revision


def _for_change(
    annotation_id: str, verb: str, *, places: bool = False
) -> tuple[Actor, Annotation, int | None]:
    """The annotation, once the actor may change it and names the version that stands.

    With `places` also the number of the article's present text, which stays so meanwhile. The
    article is held before the annotation, as by those who give it another text.
    """
    actor = enter(credential(), queries.DOOR, annotation_id)
    held = held_revision(actor.seen["article_id"]) if places else None
    annotation = queries.get_for_change(actor, annotation_id)
    require(RULES, verb, actor, annotation)
    if verb != "restore" or "If-Match" in request.headers:
        check_if_match(
            annotation.version,
            lambda: present_one(actor, queries.get(actor, annotation_id)._mapping, Unit.CODEPOINT),
        )
    return actor, annotation, held


def _reply(actor: Actor, annotation_id: str, unit: Unit) -> Response:
    row = queries.get(actor, annotation_id)
    return reply(present_one(actor, row._mapping, unit), version=row.version)


def _page(actor: Actor, page: Page[Any], unit: Unit) -> Response:
    return reply_page(
        page.map(lambda rows: present_all(actor, [row._mapping for row in rows], unit)),
        unit=unit.value,
    )
