"""The endpoint of what changed since a cursor."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from app.exchange.feed.positions import cursor_at
from app.exchange.feed.queries import head, position_named
from app.exchange.policy import RULES
from app.exchange.since.schemas import SinceQuery
from app.exchange.since.selection import Changed
from app.exchange.since.streaming import begin
from app.kernel.db import database
from app.kernel.permissions import require
from app.projects.doors import enter_project
from app.web.attachments import attachment
from app.web.operations import credential, operation

Json = dict[str, Any]
routes = Blueprint("since", __name__, url_prefix="/api/v1")
LINES = "application/x-ndjson"

ABOUT = """\
Lines of native NDJSON for everything that changed after the cursor, as it stands now and each
thing once: project, sources, articles, annotations, links. Then a line `{type, id, deleted:
true}` for each thing that is gone. The last line is `{"type": "cursor", "next": …}`: go on from
there the next time; it also is the `Link` with `rel="next"`. Something that changes meanwhile
may come again then. A stream without the last line broke off."""


@routes.get("/projects/<project>/changes/export")
@operation(
    "Export what changed since a cursor, deletions included",
    query=SinceQuery,
    scope="export",
    raw_answer=(LINES,),
    page=True,
    refuses=(410,),
    description=ABOUT,
)
def export_changes(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    require(RULES, "export", actor)
    here = actor.project.id
    start = position_named(here, query.get("after"))
    changed = Changed(actor, start=start, end=max(start, head(here)))
    seconds = current_app.config["BULK_TIMEOUT_SECONDS"]
    response = attachment(
        lambda held: begin(database(), changed, seconds=seconds, held=held),
        LINES,
        f"{actor.project.slug}-changes.ndjson",
    )
    link = f'<{request.path}?after={cursor_at(here, changed.end)}>; rel="next"'
    response.headers["Link"] = link
    return response
