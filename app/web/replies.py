"""Answers: one thing, a page of things, nothing."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from app.kernel.jsons import dumps
from app.kernel.paging import Page
from app.web.etag import etag_of, not_modified

JSON = "application/json"


def reply(
    document: Any, *, version: int | None = None, status: int = 200, location: str | None = None
) -> Response:
    """A document as JSON; with an ETag where it has a version, 304 where it is known."""
    body = dumps(document)
    response = Response(body, status, content_type=JSON)
    if location:
        response.headers["Location"] = location
    if version is None:
        return response
    response.set_etag(etag_of(version, body))
    return not_modified(response)


def reply_page(page: Page[Any], *, version: int | None = None, **members: Any) -> Response:
    """A page as `{items, next}` with the same cursor as a Link header (RFC 8288).

    With an ETag where the page is told of one thing that has a version.
    """
    response = reply({"items": page.items, "next": page.next, **members}, version=version)
    if page.next:
        given = [(name, value) for name, value in request.args.items(multi=True) if name != "after"]
        query = urlencode([*given, ("after", page.next)])
        response.headers["Link"] = f'<{request.path}?{query}>; rel="next"'
    return response


def nothing() -> Response:
    """204."""
    return Response(status=204)
