"""The endpoints of bulk exchange: formats, export, import."""

from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, current_app, request

from app.exchange.export import downloads
from app.exchange.export.selection import Selection
from app.exchange.formats import FORMATS, Format, Unreadable
from app.exchange.formats.text import ENCODINGS, encoding_called
from app.exchange.imports import service
from app.exchange.imports.planning import tell_the_planner
from app.exchange.imports.reading import entries
from app.exchange.imports.receiving import PLAIN, Promised, Readable, Unmeasured, receive
from app.exchange.imports.service import Asked
from app.exchange.policy import RULES
from app.exchange.schemas import (
    READERS,
    REPORT,
    WRITERS,
    ExportQuery,
    FormatList,
    ImportOut,
    ImportQuery,
)
from app.kernel.db import database, reading
from app.kernel.downloads import Download
from app.kernel.errors import WrongMediaType
from app.kernel.offsets import Unit
from app.kernel.permissions import require
from app.projects.doors import enter_project
from app.web.addresses import base_url
from app.web.attachments import attachment, take_seat
from app.web.connections import callers_are_there
from app.web.operations import credential, operation
from app.web.replies import reply

Json = dict[str, Any]
routes = Blueprint("exchange", __name__, url_prefix="/api/v1")
LIBRARIES = {"parquet": "pyarrow", "cas": "cassis", "spacy": "spacy"}
_EXPORT = """\
Streams what the caller may see, from one snapshot of the database: what is written meanwhile
changes nothing in it. The filters are those of the list of annotations. Articles come in the
order of their ids, annotations in text order; the same state gives the same bytes. `format`
says how: see `/formats` for what each keeps and loses. A stream that breaks off ends without
the last chunk, so that a client can tell."""


_IMPORT = """\
The body is received whole, then checked and written in one transaction: the checks are those of
the single endpoints. Send it as it is, or with `Content-Encoding: gzip`.
Repeating an import changes nothing: what goes by the same id or external id is left as it is; a
text that differs from the stored one is an error. An id may be the one in an export, which is
that of where a thing was first made, or the one that the thing has here. A manager's import keeps
authors, states, versions and times; anybody else's is their own work, new. An import is its own
safe retry, so it takes no `Idempotency-Key`. With `on_error=abort` a fault answers 422 and leaves
nothing behind. A figure that another tool gives no attributes is read from its own words where
they are certain; otherwise its form is `vague`. `figures_from_words` counts both. While a project
is blind, an id or external id that the hidden work of somebody else goes by is an error."""
_MEDIA_TYPES = (
    *sorted({FORMATS[name].media_type for name in READERS}),
    "application/octet-stream",
)


@routes.get("/formats")
@operation(
    "The formats that go out and come in",
    answer=FormatList,
    public=True,
    description="What each keeps, what it cannot hold, and whether its library is installed here.",
)
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
    selection = Selection.asked(actor, query)

    def begin(held: ExitStack) -> Download:
        seconds = current_app.config["BULK_TIMEOUT_SECONDS"]
        return downloads.begin(
            database(),
            selection,
            chosen,
            options,
            base_url=base_url(),
            seconds=seconds,
            held=held,
        )

    name = f"{actor.project.slug}.{chosen.suffix}"
    return attachment(begin, chosen.media_type, name)


@routes.post("/projects/<project>/import")
@operation(
    "Import into a project",
    query=ImportQuery,
    answer=ImportOut,
    raw_body=_MEDIA_TYPES,
    refuses=(409, 411),
    description=_IMPORT,
    example=REPORT,
)
def bring_in(project: str, query: Json) -> Response:
    # Who may not import shall not upload for nothing; and the unit of work must not begin yet.
    with reading(database()):
        actor = enter_project(credential(), project)
    require(RULES, "import", actor)
    _refuse_forms()
    if charset := _charset(query):
        query.setdefault("encoding", charset)
    config = current_app.config
    with ExitStack() as held:
        take_seat("import_seats", held)
        body = held.enter_context(_received())
        with reading(database()):
            actor = enter_project(credential(), project)  # an upload may take its time
        asked = Asked(
            abort=query.pop("on_error") == "abort",
            dry_run=query.pop("dry_run"),
            unit=Unit(query.pop("unit")),
            longest=config["MAX_TEXT_CODEPOINTS"],
            seconds=config["BULK_TIMEOUT_SECONDS"],
        )
        chosen = FORMATS[query.pop("format")]
        found = entries(actor, chosen, body, asked.unit, _options(query))
        report = service.bring_in(database(), actor, found, asked)
        if not asked.dry_run:
            tell_the_planner(database(), report.created)
    return reply(report.document(dry_run=asked.dry_run))


def _refuse_forms() -> None:
    """A form wraps the file in lines of its own, of which each would be told as a fault."""
    if request.mimetype == "multipart/form-data":
        told = "Send the file itself as the body (curl --data-binary @file), not a form."
        raise WrongMediaType(told, headers={"Accept-Post": "application/x-ndjson"})


def _charset(query: Json) -> str | None:
    """The encoding that the header names, where the body is plain text."""
    named = request.mimetype_params.get("charset")
    if query["format"] != "text" or request.mimetype != "text/plain" or not named:
        return None
    try:
        return encoding_called(named)
    except Unreadable:
        told = f"`charset` is one of {', '.join(ENCODINGS)}."
        raise WrongMediaType(told) from None


def _received() -> BinaryIO:
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    return receive(
        _whole(cast(BinaryIO, request.stream), encoding),
        encoding,
        most=current_app.config["MAX_IMPORT_BYTES"],
        folder=current_app.config["DATA_DIR"],
    )


def _whole(stream: BinaryIO, encoding: str) -> Readable:
    """The body as a stream that knows whether it was cut off."""
    if request.content_length is not None:
        return Promised(stream, request.content_length)
    if encoding not in PLAIN:
        return stream  # gzip knows its own end
    port = int(request.environ["SERVER_PORT"])
    return Unmeasured(stream, partial(callers_are_there, request.remote_addr, port))


def _options(query: Json) -> Json:
    longest = current_app.config["MAX_IMPORT_LINE_BYTES"]
    return {**query, "line_bytes": longest, "item_bytes": longest}
