"""One request, one unit of work; ids and log lines for every request."""

import json
import logging
import sys
import time
from typing import Any

from flask import Flask, Request, Response, g, request
from flask.sessions import NullSession, SessionInterface
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from app.kernel.db import Database, reading, unit_of_work
from app.kernel.ids import is_id, new_id
from app.web.bodies import hear_out
from app.web.metrics import observe

READS = {"GET", "HEAD", "OPTIONS"}


class IdConverter(BaseConverter):
    """An id in a path; anything else is simply not there."""

    regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    part_isolating = True

    def to_python(self, value: str) -> str:
        return value.lower()


class _NoSessions(SessionInterface):
    """Flask's session cookie is not used, so it is neither looked for nor written."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self._none


class Application(Flask):
    """Flask, with every request inside one unit of work."""

    database: Database
    session_interface = _NoSessions()

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; commit if it returns and nothing was refused, roll back if it raises."""
        if request.method in READS:
            with reading(self.database):
                return super().dispatch_request()
        with unit_of_work(self.database):
            return super().dispatch_request()


def register(app: Application) -> None:
    """Request ids, log lines and the headers that every answer carries."""
    app.url_map.converters["id"] = IdConverter
    app.url_map.strict_slashes = False
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given.lower() if is_id(given.lower()) else new_id()
    g.began = time.perf_counter()


def _finish(response: Response) -> Response:
    hear_out()
    seconds = time.perf_counter() - g.began if "began" in g else 0.0
    observe(request.method, request.endpoint or "none", response.status_code, seconds)
    headers = response.headers
    headers["X-Request-ID"] = g.get("request_id", "")
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Cache-Control", "private, no-cache")
    response.vary.update(("Authorization", "Cookie"))
    if request.method == "OPTIONS" or response.status_code == 204:
        headers.pop("Content-Type", None)  # the framework's guess, where there is no content
    if _access.isEnabledFor(logging.INFO):
        _access.info("request", extra={"fields": _told_of(response, seconds)})
    return response


def _told_of(response: Response, seconds: float) -> dict[str, Any]:
    return {
        "request_id": g.get("request_id"),
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "ms": round(seconds * 1000, 2),
        "user": g.get("user_id"),
    }


_access = logging.getLogger("factmark.access")


class JsonLines(logging.Formatter):
    """A log record as one line of JSON. Bodies, tokens and query strings are never logged."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_to_stderr(level: str) -> None:
    """Send our loggers' lines to standard error as JSON."""
    logger = logging.getLogger("factmark")
    logger.setLevel(level)
    logger.propagate = False
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
