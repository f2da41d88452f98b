"""The endpoints of bulk exchange: formats, export, import."""

from contextlib import ExitStack
from importlib.util import find_spec
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from app.exchange.export import downloads
from app.exchange.export.selection import Selection
from app.exchange.feed.listening import Seats
from app.exchange.formats import FORMATS, Format
from app.exchange.policy import RULES
from app.exchange.schemas import WRITERS, ExportQuery, FormatList
from app.kernel.actor import Actor
from app.kernel.db import database
from app.kernel.errors import Unavailable
from app.kernel.permissions import require
from app.projects.doors import enter_project
from app.web.operations import credential, operation
from app.web.replies import reply

Json = dict[str, Any]
routes = Blueprint("exchange", __name__, url_prefix="/api/v1")
LIBRARIES = {"parquet": "pyarrow", "cas": "cassis", "spacy": "spacy"}
COME_BACK = 10
"""Seconds that someone who found every seat taken is told to stay away."""
_EXPORT = """\
Streams what the caller may see, from one snapshot of the database: what is written meanwhile
changes nothing in it. The filters are those of the list of annotations. Articles come in the
order of their ids, annotations in text order; the same state gives the same bytes. `format`
says how: see `/formats` for what each keeps and loses. A stream that breaks off ends without
the last chunk, so that a client can tell."""


@routes.record
def _seat(state: BlueprintSetupState) -> None:
    """Give each application seats of its own for those who carry much."""
    config = state.app.config
    state.app.extensions["export_seats"] = Seats(config["EXPORT_STREAMS"])
    state.app.extensions["import_seats"] = Seats(config["IMPORTS_AT_ONCE"])


@routes.get("/formats")
@operation("The formats that go out and come in", answer=FormatList, public=True)
def formats() -> Response:
    return reply({"items": [_format(one) for one in FORMATS.values()]})


def _format(one: Format) -> Json:
    return {
        "name": one.name,
        "title": one.title,
        "media_type": one.media_type,
        "suffix": one.suffix,
        "writes": one.name in WRITERS,
        "reads": one.reads,
        "keeps": one.keeps,
        "loses": one.loses,
        "extra": one.extra,
        "installed": one.extra is None or find_spec(LIBRARIES[one.extra]) is not None,
    }


@routes.get("/projects/<project>/export")
@operation(
    "Export a project, streamed",
    query=ExportQuery,
    scope="export",
    raw_answer=tuple(sorted({FORMATS[name].media_type for name in WRITERS})),
    refuses=(501,),
    description=_EXPORT,
)
def export(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    require(RULES, "export", actor)
    chosen = FORMATS[query.pop("format")]
    options: Json = {name: query.pop(name) for name in ("guard", "ents") if name in query}
    selection = _selection(actor, query)
    if request.method == "HEAD":
        return _attachment(Response(), actor, chosen)
    with ExitStack() as held:
        _take_seat("export_seats", held, "EXPORT_STREAMS")
        download = downloads.begin(
            database(),
            selection,
            chosen,
            options,
            base_url=_base_url(),
            seconds=current_app.config["BULK_TIMEOUT_SECONDS"],
            held=held,
        )
    response = _attachment(Response(download.chunks), actor, chosen)
    response.call_on_close(download.close)
    return response


def _selection(actor: Actor, query: Json) -> Selection:
    layer = query.pop("layer")
    wanted = query.pop("articles", None)
    empty = wanted == "all" if wanted else set(query) <= {"article"}
    return Selection(actor, query, layer, empty)


def _take_seat(name: str, held: ExitStack, setting: str) -> None:
    seats: Seats = current_app.extensions[name]
    if not seats.take():
        told = f"Too many carry as much at this moment ({setting}). Try again."
        raise Unavailable(told, code="too_many_streams", retry_after=COME_BACK)
    held.callback(seats.leave)


def _base_url() -> str:
    return (current_app.config["PUBLIC_URL"] or request.host_url).rstrip("/")


def _attachment(response: Response, actor: Actor, chosen: Format) -> Response:
    response.content_type = chosen.media_type
    name = f"{actor.project.slug}.{chosen.suffix}"  # a slug is a file name on every system
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that gathers would hold it back
    return response
