"""Lists of ids as requests have them."""

from typing import Any

from marshmallow import ValidationError, fields

from app.kernel.sentences import Sentence
from app.web.fields import IdField

_EMPTY = Sentence("The list is empty.", "empty_list")
_TWICE = Sentence("This id stands twice in the list.", "duplicate")


class Ids(fields.List[str]):
    """At least one id, and none twice."""

    def __init__(self, **more: Any) -> None:
        described = {"minItems": 1, "uniqueItems": True}
        super().__init__(IdField(), metadata=described, **more)

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> Any:
        ids = super()._deserialize(value, *args, **more)
        if not ids:
            raise ValidationError(_EMPTY)
        seen: set[str | None] = set()
        faults: dict[int, list[Sentence]] = {}
        for place, id_ in enumerate(ids):
            if id_ in seen:
                faults[place] = [_TWICE]
            seen.add(id_)
        if faults:
            raise ValidationError(faults)
        return ids
