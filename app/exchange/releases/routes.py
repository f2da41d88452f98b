"""The endpoints of releases."""

from dataclasses import astuple
from functools import partial
from hashlib import blake2b
from typing import Any

from flask import Blueprint, Response, current_app
from flask.blueprints import BlueprintSetupState
from sqlalchemy import Row

from app.exchange.export.downloads import begin_with
from app.exchange.formats import FORMATS
from app.exchange.releases import queries, service
from app.exchange.releases.datasheets import datasheet
from app.exchange.releases.diffing import difference
from app.exchange.releases.policy import RULES
from app.exchange.releases.presenting import present, present_line
from app.exchange.releases.pseudonyms import Pseudonyms
from app.exchange.releases.reading import ReleasedDataset
from app.exchange.releases.schemas import (
    DiffOut,
    DiffQuery,
    FileQuery,
    ReleaseIn,
    ReleaseOut,
    ReleasePage,
)
from app.exchange.releases.storage import Shelf
from app.exchange.rows import ProjectRow
from app.exchange.schemas import WRITERS
from app.kernel.actor import Actor
from app.kernel.db import after_rollback, database, reading, session
from app.kernel.errors import NotFound, Unavailable
from app.kernel.jsons import dumps
from app.kernel.permissions import require
from app.kernel.seats import Seats
from app.projects.doors import enter, enter_project
from app.web.addresses import base_url
from app.web.attachments import attachment
from app.web.bodies import page_ask
from app.web.etag import not_modified
from app.web.fields import PageQuery
from app.web.operations import credential, operation
from app.web.replies import reply, reply_page

Json = dict[str, Any]
routes = Blueprint("releases", __name__, url_prefix="/api/v1")
COME_BACK = 30
"""Seconds that someone is told to stay away while another release is made."""

ABOUT = """\
Stores the project as it stands, once and for all. People are told by pseudonym. `sha256` is of
the canonical rows (native NDJSON): the same state gives the same hash, whatever the release is
called, and so does the release when it is imported into an empty project."""


@routes.record
def _seat(state: BlueprintSetupState) -> None:
    """One release at a time in each process: it takes a thread and much of a processor."""
    state.app.extensions["release_seats"] = Seats(1)


@routes.post("/projects/<project>/releases")
@operation(
    "Release the project as it stands",
    body=ReleaseIn,
    answer=ReleaseOut,
    status=201,
    takes_key=True,
    versioned=True,
    description=ABOUT,
)
def create(project: str, body: Json) -> Response:
    with reading(database()):  # nobody shall wait for a writer who reads for a while
        actor = enter_project(credential(), project)
        service.check(actor, body)
    pseudonyms = Pseudonyms(current_app.config["SECRET_KEY"], actor.project.id)
    made = _made(actor, body, pseudonyms)
    after_rollback(partial(_shelf().discard, made.id))
    release_id = service.keep(enter_project(credential(), project), body, made, pseudonyms)
    return _reply(queries.get(actor, release_id), 201)


@routes.get("/projects/<project>/releases")
@operation("The releases of a project", query=PageQuery, answer=ReleasePage, page=True)
def of_project(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    require(RULES, "read_releases", actor)
    page = queries.listed(actor, page_ask(query))
    return reply_page(page.map(lambda rows: [present_line(row) for row in rows]))


@routes.get("/releases/<id:release_id>")
@operation("One release with its manifest", answer=ReleaseOut, versioned=True)
def read(release_id: str) -> Response:
    return _reply(_entered(release_id)[1])


@routes.get("/releases/<id:release_id>/files/<format>")
@operation(
    "A release in a format; `ndjson` is what was stored",
    query=FileQuery,
    scope="export",
    versioned=True,
    raw_answer=tuple(sorted({FORMATS[name].media_type for name in WRITERS})),
    refuses=(501,),
    description="The people in it are pseudonyms, in every format. What was stored imports back "
    "without loss.",
)
def file(release_id: str, format: str, query: Json) -> Response:  # noqa: A002 - the path's word
    actor, row = _entered(release_id)
    if format not in WRITERS:
        raise NotFound(f"There is no format {format!r}; see /formats.")
    chosen, dataset = FORMATS[format], _dataset(actor, row)
    tag = _tag(row.sha256, chosen.name, dataset, query)
    known = Response()
    known.set_etag(tag)
    if (answer := not_modified(known)) is not known:
        return answer
    response = attachment(
        lambda held: begin_with(dataset, chosen, query, held=held),
        chosen.media_type,
        f"{actor.project.slug}-{row.name}.{chosen.suffix}",
    )
    response.set_etag(tag)
    return response


@routes.get("/releases/<id:release_id>/diff")
@operation(
    "What changed from another release to this one",
    query=DiffQuery,
    answer=DiffOut,
    description="Counts of what is new, changed and gone, and the things themselves up to `limit`.",
)
def diff(release_id: str, query: Json) -> Response:
    actor, after = _entered(release_id)
    before = queries.called(actor, query["against"])
    session().close()  # comparing files takes its time
    shelf = _shelf()
    old, new = (shelf.rows(one.id, one.sha256) for one in (before, after))
    found = difference(old, new, query["limit"])
    counts: Json = {}
    for (kind, change), count in sorted(found.counts.items()):
        counts.setdefault(f"{kind}s", {})[change] = count
    return reply(
        {
            "before": before.id,
            "after": after.id,
            "counts": counts,
            "items": found.items,
            "truncated": found.truncated,
        }
    )


@routes.get("/releases/<id:release_id>/datasheet")
@operation("What users of a release should know, as Markdown", raw_answer=("text/markdown",))
def sheet(release_id: str) -> Response:
    _, row = _entered(release_id)
    return Response(datasheet(present(row)), content_type="text/markdown; charset=utf-8")


def _entered(release_id: str) -> tuple[Actor, Row[Any]]:
    actor = enter(credential(), queries.DOOR, release_id)
    require(RULES, "read_releases", actor)
    return actor, queries.get(actor, release_id)


def _reply(row: Row[Any], status: int = 200) -> Response:
    location = f"/api/v1/releases/{row.id}" if status == 201 else None
    return reply(present(row), version=1, status=status, location=location)


def _made(actor: Actor, body: Json, pseudonyms: Pseudonyms) -> service.Made:
    seats: Seats = current_app.extensions["release_seats"]
    if not seats.take():
        told = "Another release is being made. Try again."
        raise Unavailable(told, code="busy", retry_after=COME_BACK)
    try:
        seconds = current_app.config["BULK_TIMEOUT_SECONDS"]
        return service.make(
            database(), actor, body, shelf=_shelf(), pseudonyms=pseudonyms, seconds=seconds
        )
    finally:
        seats.leave()


def _dataset(actor: Actor, row: Row[Any]) -> ReleasedDataset:
    told, slug = row.manifest["project"], f"{actor.project.slug}-{row.name}"
    guidelines = row.manifest["guidelines"]["text"]
    about = ProjectRow(
        row.project_id, slug, told["name"], told["description"], guidelines, row.licence
    )
    return ReleasedDataset(_shelf(), row.id, row.sha256, about, base_url())


def _tag(sha256: str, written: str, dataset: ReleasedDataset, options: Json) -> str:
    """The opaque part of a file's ETag: what is stored, or all that a format makes a file of."""
    if written == "ndjson":
        return sha256
    told = [sha256, written, astuple(dataset.project), dataset.base_url, sorted(options.items())]
    made_by = current_app.config["VERSION"]
    return blake2b(dumps([*told, made_by]), digest_size=16).hexdigest()


def _shelf() -> Shelf:
    return Shelf(current_app.config["DATA_DIR"])
