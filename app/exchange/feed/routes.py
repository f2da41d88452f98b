"""The endpoint of the change feed: pages, long polls and event streams."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from app.exchange.feed import queries
from app.exchange.feed.listening import wait_for
from app.exchange.feed.positions import cursor_at, position_of
from app.exchange.feed.presenting import present
from app.exchange.feed.queries import Batch
from app.exchange.feed.schemas import ChangePage, ChangesQuery
from app.exchange.feed.streaming import Told, events
from app.kernel.actor import Actor
from app.kernel.db import database, reading, session
from app.kernel.paging import Page
from app.kernel.seats import Seats
from app.projects.doors import enter_project
from app.web.operations import credential, operation
from app.web.replies import reply_page

Json = dict[str, Any]
routes = Blueprint("feed", __name__, url_prefix="/api/v1")
EVENT_STREAM = "text/event-stream"
EVENTS_A_LOOK = 100
COME_BACK = 5
"""Seconds that someone who found every seat taken is told to stay away."""
PATIENCE = 1.5
"""Seconds for a seat to come free: who hung up a moment ago still has one (`HEARTBEAT`)."""

ABOUT = """\
Every committed change in order, deletions included; a change that commits late is never
skipped. Go on from `next`. `wait` holds the answer back until something is new, for at most
that many seconds; while too many wait already, the answer comes at once with `Retry-After`.
With `Accept: text/event-stream` the changes come as server-sent events whose ids are cursors;
`Last-Event-ID` counts before `after`, and the stream ends from time to time so that the
listener comes back; while too many listen already, once it has told what is there. Of one
thing's changes the highest `version` stands."""


@routes.record
def _seat(state: BlueprintSetupState) -> None:
    """Give each application seats of its own for those who wait and those who stream."""
    config = state.app.config
    state.app.extensions["feed_waiters"] = Seats(config["FEED_WAITERS"])
    state.app.extensions["feed_streams"] = Seats(config["FEED_STREAMS"])


@routes.get("/projects/<project>/changes")
@operation(
    "What changed, in order",
    query=ChangesQuery,
    answer=ChangePage,
    raw_answer=(EVENT_STREAM,),
    page=True,
    refuses=(410,),
    description=ABOUT,
)
def changes(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    if request.method == "GET" and _wants_events():
        return _stream(project, actor, request.headers.get("Last-Event-ID") or query.get("after"))
    start = queries.position_named(actor.project.id, query.get("after"))
    batch = queries.read(actor, start, query["limit"])
    full = False
    if query["wait"] and not batch.rows:
        batch, full = _wait(project, query, batch)
    response = _page(actor, batch)
    if full:
        response.headers["Retry-After"] = str(COME_BACK)
    return response


def _wants_events() -> bool:
    offered = ["application/json", EVENT_STREAM]
    return request.accept_mimetypes.best_match(offered) == EVENT_STREAM


def _page(actor: Actor, batch: Batch) -> Response:
    here = actor.project.id
    page = Page([present(here, row) for row in batch.rows], cursor_at(here, batch.next))
    return reply_page(page, has_more=batch.has_more)


def _wait(project: str, query: Json, batch: Batch) -> tuple[Batch, bool]:
    """What came while waiting, and whether there was no seat to wait in."""
    seats: Seats = current_app.extensions["feed_waiters"]
    if not seats.take():
        return batch, True
    asked = credential()

    def look() -> Batch:
        try:
            return queries.read(enter_project(asked, project), batch.next, query["limit"])
        finally:
            session().close()  # nobody keeps a connection while waiting

    try:
        session().close()
        return wait_for(look, query["wait"]), False
    finally:
        seats.leave()


def _stream(project: str, actor: Actor, after: str | None) -> Response:
    """A stream as long as it may be; without a seat it tells what is there and ends.

    Browsers come back to a stream that ended, but give up on one that was refused.
    """
    start = cursor_at(actor.project.id, queries.position_named(actor.project.id, after))
    seats: Seats = current_app.extensions["feed_streams"]
    session().close()  # nobody keeps a connection while waiting
    if seats.take(PATIENCE):
        seconds = current_app.config["FEED_STREAM_SECONDS"]
        response = Response(events(_looker(project), start, seconds), content_type=EVENT_STREAM)
        response.call_on_close(seats.leave)
    else:
        told = events(_looker(project), start, 0, COME_BACK)
        response = Response(told, content_type=EVENT_STREAM)
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that gathers would hold events back
    return response


def _looker(project: str) -> Callable[[str], Told]:
    """A look at the feed that outlives the request: each in a session of its own."""
    asked, of = credential(), database()

    def look(after: str) -> Told:
        with reading(of):
            actor = enter_project(asked, project)
            here = actor.project.id
            batch = queries.read(actor, position_of(here, after), EVENTS_A_LOOK)
            items = [present(here, row) for row in batch.rows]
            return Told(items, cursor_at(here, batch.next))

    return look
