"""What an adjudicated annotation says: the first that was accepted, with what was changed."""

from typing import Any

from app.annotations.models import Annotation
from app.annotations.patching import editable
from app.kernel.mergepatch import merge_patch

Json = dict[str, Any]


def accepted_body(base: Annotation, changes: Json) -> Json:
    """A body for tagging. `attributes` are a merge patch; all else replaces, null empties.

    Of another kind than the base, nothing of its attributes and parts is kept.
    """
    body = editable(base) | {"origin": "human", "score": None, "external_id": None}
    if changes.get("kind", base.kind) != base.kind:
        body |= {"attributes": {}, "parts": None}
    given = {name: value for name, value in changes.items() if name != "attributes"}
    attributes = merge_patch(body["attributes"], changes.get("attributes") or {})
    return {**body, **given, "attributes": attributes, "state": "approved"}
