"""What operators and newcomers ask of the server itself: health, readiness, description, docs."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST

from app.kernel.db import session
from app.kernel.errors import Unavailable
from app.kernel.migrations import newest_migration, present_migration
from app.web.assets import asset
from app.web.metrics import exposition
from app.web.openapi import describe
from app.web.operations import operation
from app.web.replies import reply

routes = Blueprint("operations", __name__)
STATIC = Path(__file__).parent / "static"


@routes.get("/healthz")
@operation("Whether the process answers", public=True)
def healthz() -> Response:
    return reply({"status": "ok"})


@routes.get("/readyz")
@operation("Whether the database answers and has every migration", public=True)
def readyz() -> Response:
    have = present_migration(session().connection())
    want = newest_migration()
    if have != want:
        raise Unavailable(
            f"The database is at migration {have}, this version needs {want}: "
            "run `flask --app wsgi db upgrade`."
        )
    return reply(
        {"status": "ready", "database": session().get_bind().dialect.name, "migration": have}
    )


@routes.get("/metrics")
@operation("Counters and timings for Prometheus", public=True, raw_answer=("text/plain",))
def metrics() -> Response:
    return Response(exposition(), content_type=CONTENT_TYPE_LATEST)


@routes.get("/openapi.json")
@operation("This description", public=True, raw_answer=("application/json",))
def openapi() -> Response:
    return reply(_description())


@routes.get("/docs")
@operation("The description as a page that works offline", public=True, raw_answer=("text/html",))
def docs() -> Response:
    return asset(STATIC, "docs.html")


@routes.get("/docs/<path:name>")
@operation("What the page is made of", public=True, raw_answer=("*/*",), refuses=(404,))
def docs_file(name: str) -> Response:
    return asset(STATIC, "problems.html" if name == "problems" else name)


def _description() -> dict[str, Any]:
    kept: dict[str, Any] | None = current_app.extensions.get("openapi")
    if kept is None:
        version = current_app.config["VERSION"]
        kept = current_app.extensions["openapi"] = describe(current_app, version)
    return kept
