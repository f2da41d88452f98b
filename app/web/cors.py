"""Which other origins may call from a browser: a list, and nobody else."""

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

EXPOSED = (
    "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed,"
    " X-Request-ID, Content-Disposition, Content-Location, Preference-Applied, Allow,"
    " Accept-Post, Accept-Patch, Vary"
)
ALLOWED = (
    "Accept, Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key,"
    " X-CSRF-TOKEN, X-Request-ID, Last-Event-ID, Prefer, Slug"
)


def register(app: Flask, origins: tuple[str, ...]) -> None:
    """Answer pre-flight requests, and mark every answer for an allowed origin."""

    @app.before_request
    def preflight() -> Response | None:
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not asks or request.headers.get("Origin") not in origins:
            return None
        response = Response(status=204)
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(_methods(app)))
        response.headers["Access-Control-Allow-Headers"] = ALLOWED
        response.headers["Access-Control-Max-Age"] = "600"
        return response

    @app.after_request
    def mark(response: Response) -> Response:
        if origins:
            response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin is not None and origin in origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response


def _methods(app: Flask) -> set[str]:
    """The methods there are at the path of the request."""
    adapter = app.url_map.bind("")
    try:
        return set(adapter.allowed_methods(request.path))
    except (NotFound, MethodNotAllowed):
        return set()
