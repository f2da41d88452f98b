"""Who reports what in an article, from cells as a database writes them."""

from collections.abc import Sequence
from typing import Any

import orjson

from app.annotations.reported import innermost_of_each
from app.kernel.targets import Span, Target

Told = tuple[str, int, int, str | None, str | None]
"""Of an annotation: its id, start and end, and its fragments and parts as JSON."""


def reporters(article: Sequence[Told]) -> dict[str, str | None]:
    """Annotation id → id of the attribution whose content holds it; for one whole article."""
    contents = [
        (id_, _target(pieces))
        for id_, _, _, _, parts in article
        if parts and (pieces := orjson.loads(parts).get("content"))
    ]
    if not contents:
        return {}
    inside = [
        (id_, _target(orjson.loads(fragments)) if fragments else Target.single(start, end))
        for id_, start, end, fragments, _ in article
    ]
    return innermost_of_each(inside, contents)


def _target(pieces: Sequence[dict[str, Any]]) -> Target:
    return Target.of(Span(piece["start"], piece["end"]) for piece in pieces)
