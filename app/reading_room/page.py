"""The page and the files it is made of, each under an address that changes when any changes."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Response

from app.web.assets import asset
from app.web.etag import etag_of, not_modified

STATIC = Path(__file__).parent / "static"
_FOR_EVER = "public, max-age=31536000, immutable"


@cache
def edition() -> str:
    """A digest of all files. Modules import each other by relative path, so one word in the
    page's addresses keeps files of two versions from ever meeting in a browser's cache."""
    digest = blake2b(digest_size=8)
    for path in sorted(STATIC.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def page() -> Response:
    """The page, naming the files of its own edition; asked for anew on every visit."""
    body = _page()
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(etag_of(1, body))
    return not_modified(response)


def file(name: str) -> Response:
    """`<edition>/<name>`, kept for ever; or `<name>` alone or of another edition, asked anew."""
    named, _, rest = name.rpartition("/")
    response = asset(STATIC, rest)
    response.headers["Cache-Control"] = _FOR_EVER if named == edition() else "no-cache"
    return response


@cache
def _page() -> bytes:
    return (STATIC / "index.html").read_bytes().replace(b"{edition}", edition().encode())
