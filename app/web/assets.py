"""Files that belong to the product's pages, served from memory."""

import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Response
from werkzeug.security import safe_join

from app.kernel.errors import NotFound
from app.web.etag import etag_of, not_modified

DAY = 86_400


@lru_cache(64)  # bounded: callers choose the names
def _read(folder: Path, name: str) -> bytes | None:
    path = safe_join(str(folder), name)
    return Path(path).read_bytes() if path and Path(path).is_file() else None


def asset(folder: Path, name: str) -> Response:
    """A file below the folder with its media type; NotFound for what lies elsewhere."""
    body = _read(folder, name)
    if body is None:
        raise NotFound("There is no such file.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    response = Response(body, content_type=kind + charset)
    response.set_etag(etag_of(1, body))
    if kind != "text/html":  # a page must name the files of its own version
        response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return not_modified(response)
