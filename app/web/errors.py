"""The one table from what went wrong to its status, and the one shape of the answer (RFC 9457)."""

import logging
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.kernel import errors
from app.kernel.jsons import dumps
from app.web import standing

log = logging.getLogger("factmark.web")

STATUS: dict[type[errors.Refused], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.NotAcceptable: 406,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.LengthRequired: 411,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.WrongMediaType: 415,
    errors.Invalid: 422,
    errors.PreconditionRequired: 428,
    errors.Throttled: 429,
    errors.NotInstalled: 501,
    errors.Unavailable: 503,
}

TITLES = {
    400: "The request cannot be read",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Not with this method",
    406: "Not acceptable",
    409: "Conflict",
    410: "Gone for good",
    411: "Length required",
    412: "Changed by someone else",
    413: "Too large",
    415: "Unsupported media type",
    422: "Against a rule",
    428: "Precondition required",
    429: "Too many requests",
    500: "Our mistake",
    501: "Not installed",
    503: "Not available now",
}


def problem(status: int, code: str, detail: str, **members: Any) -> Response:
    """A problem document. Members that are None or empty are left out."""
    document: dict[str, Any] = {
        "type": f"/docs/problems#{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": g.get("request_id"),
    }
    document |= {name: member for name, member in members.items() if member not in (None, [])}
    return Response(dumps(document), status, content_type="application/problem+json")


def register(app: Flask) -> None:
    """Let every error of our own, the framework's and the database's become a problem."""
    app.register_error_handler(errors.Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _outrun)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _exhausted)
    app.register_error_handler(Exception, _unexpected)


def _refused(error: errors.Refused) -> Response:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    extra = dict(error.extra)
    headers = extra.pop("headers", {})
    response = problem(status, error.word, error.detail, errors=error.errors, **extra)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="factmark"'
    if "retry_after" in extra:
        response.headers["Retry-After"] = str(extra["retry_after"])
    response.headers.update(headers)
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code = (error.name or "error").lower().replace(" ", "_")
    detail = error.description or error.name
    if status == 404:
        code, detail = "not_found", f"There is nothing at {request.path}."
    if status == 413:
        code = "too_large"
    response = problem(status, code, detail)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _outrun(_error: StaleDataError) -> Response:
    return problem(412, "stale", "Someone changed this first.", current=standing.current())


def _database(error: DBAPIError) -> Response:
    """What slipped past our own checks and was stopped by the database's."""
    if isinstance(error, IntegrityError):
        log.warning("the database refused a write", exc_info=error)
        return problem(409, "conflict", "This is against something that was stored meanwhile.")
    if isinstance(error, DataError):
        log.warning("the database cannot hold a value", exc_info=error)
        return problem(422, "invalid", "A value is of a size or kind that cannot be stored.")
    if isinstance(error, OperationalError):
        log.error("the database did not answer", exc_info=error)
        response = problem(503, "unavailable", "The database is busy or away. Try again.")
        response.headers["Retry-After"] = "1"
        return response
    return _unexpected(error)


def _exhausted(_error: PoolTimeout) -> Response:
    response = problem(503, "unavailable", "Every database connection is in use. Try again.")
    response.headers["Retry-After"] = "1"
    return response


def _unexpected(error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    return problem(500, "internal", "Something went wrong on our side; it was logged.")
