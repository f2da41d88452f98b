"""What stands now, for a caller whom somebody overtook between reading and changing."""

from contextlib import suppress
from typing import Any, cast

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from app.kernel.db import Database, reading
from app.kernel.errors import Refused


def current() -> Any:
    """The thing that the request at hand would have changed, as a GET by the same caller tells it.

    None where it is gone, the caller may not see it, or the request is not about one thing.
    The thing stands at the request's own path, or one step above it, as an annotation does
    above `/review`.
    """
    about: Any = getattr(current_app.view_functions[request.endpoint or ""], "operation", None)
    if about is None or not (about.needs_match or 412 in about.refuses):
        return None
    for path in (request.path, request.path.rpartition("/")[0]):
        with suppress(HTTPException, Refused):
            return _read(path)
    return None


def _read(path: str) -> Any:
    application: Any = current_app
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None  # noqa: S101 - there is a request
    endpoint, given = adapter.match(path, method="GET")
    with reading(cast(Database, application.database)):
        answer = cast(Response, current_app.view_functions[endpoint](**given))
        return answer.get_json()
