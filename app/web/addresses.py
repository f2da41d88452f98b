"""Where the world finds this server."""

from flask import current_app, request


def base_url() -> str:
    """The root of every IRI, without a slash at its end: PUBLIC_URL, or as the request asked."""
    return str(current_app.config["PUBLIC_URL"] or request.host_url).rstrip("/")
