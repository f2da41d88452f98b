"""Versions on the wire: ETag out, If-Match and If-None-Match in.

An ETag is `"<version>-<digest>"`. The version is the thing's own and counts its edits; the
digest is of the answer's bytes, which may also hold what others did, such as the number of
links. `If-None-Match` compares the whole, so that no stale count is served from a cache.
`If-Match` compares the version alone, so that someone's new link does not stop an edit of
the note.
"""

import re
from hashlib import sha256

from flask import Response, request

from app.kernel.errors import PreconditionRequired, Stale

_VERSIONS = re.compile(r'"([0-9]{1,9})(?:-[^"]*)?"')


def etag_of(version: int, body: bytes) -> str:
    """The opaque part of the ETag of a thing at a version, answered with these bytes."""
    return f"{version}-{sha256(body).hexdigest()[:16]}"  # processors have it built in


def wanted_versions() -> set[int] | None:
    """The versions that If-Match names; None for `*`.

    A tag that a proxy made weak, as some do when they compress, names its version all the same.
    PreconditionRequired where the header is missing.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired("Send If-Match with the ETag you last read.")
    if header.strip() == "*":
        return None
    return {int(version) for version in _VERSIONS.findall(header)}


def matches(version: int) -> bool:
    """Whether If-Match allows a change of a thing at this version."""
    wanted = wanted_versions()
    return wanted is None or version in wanted


def check_if_match(version: int, current: object) -> None:
    """Stale, with the current representation, unless If-Match names this version.

    `current` is the representation, or a function that makes it when it is needed.
    """
    if not matches(version):
        raise Stale(
            "Someone changed this first.", current=current() if callable(current) else current
        )


def not_modified(response: Response) -> Response:
    """304 without a body, where the caller has this very answer already."""
    tag, _ = response.get_etag()
    if request.method in {"GET", "HEAD"} and tag and request.if_none_match.contains_weak(tag):
        fresh = Response(status=304)
        fresh.headers["ETag"] = response.headers["ETag"]
        for name in ("Cache-Control", "Vary", "Link"):
            if name in response.headers:
                fresh.headers[name] = response.headers[name]
        return fresh
    return response
