"""The endpoints of the reading room: the page at the root, and its files."""

from flask import Blueprint, Response

from app.reading_room.page import file, page
from app.web.operations import operation

routes = Blueprint("reading_room", __name__)
POLICY = "; ".join(
    (
        "default-src 'self'",  # no inline script or style, nothing from elsewhere
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
"""The Content-Security-Policy: even a text that slipped into the page as markup could not act."""


@routes.get("/")
@operation("The reading room", public=True, raw_answer=("text/html",))
def room() -> Response:
    return page()


@routes.get("/room/<path:name>")
@operation("What the reading room is made of", public=True, raw_answer=("*/*",), refuses=(404,))
def room_file(name: str) -> Response:
    return file(name)


@routes.after_request
def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    return response
