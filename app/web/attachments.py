"""Files that are streamed as answers, and the seats of those who carry much.

Each application has seats for what goes out (exports of projects, of changes and of releases,
graphs of evidence: EXPORT_STREAMS) and for imports (IMPORTS_AT_ONCE). A seat belongs to what is
carried, not to the request.
"""

from collections.abc import Callable
from contextlib import ExitStack

from flask import Flask, Response, current_app, request

from app.kernel.downloads import Download
from app.kernel.errors import Unavailable
from app.kernel.seats import Seats

COME_BACK = 10
"""Seconds that someone who found every seat taken is told to stay away."""
_SETTINGS = {"export_seats": "EXPORT_STREAMS", "import_seats": "IMPORTS_AT_ONCE"}


def register(app: Flask) -> None:
    """Give an application its seats."""
    for name, setting in _SETTINGS.items():
        app.extensions[name] = Seats(app.config[setting])


def take_seat(name: str, held: ExitStack) -> None:
    """Take a seat until `held` lets go of it; raises Unavailable where none is free."""
    seats: Seats = current_app.extensions[name]
    if not seats.take():
        told = f"Too many carry as much at this moment ({_SETTINGS[name]}). Try again."
        raise Unavailable(told, code="too_many_streams", retry_after=COME_BACK)
    held.callback(seats.leave)


def attachment(begin: Callable[[ExitStack], Download], media_type: str, name: str) -> Response:
    """What `begin` streams, as a file of this name; of a HEAD only the headers.

    `begin` empties what it is handed into the download. `name` is a file name everywhere.
    """
    response = Response()
    if request.method == "GET":
        with ExitStack() as held:
            take_seat("export_seats", held)
            download = begin(held)
        response = Response(download.chunks)
        response.call_on_close(download.close)
    response.content_type = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that gathers would hold it back
    return response
