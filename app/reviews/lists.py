"""Lists of ids and words as requests have them."""

from typing import Any

from marshmallow import ValidationError, fields

from app.kernel.ids import is_id
from app.kernel.sentences import Sentence
from app.web.fields import IdField, Several

_EMPTY = Sentence("The list is empty.", "empty_list")
_EXAMPLE = "0196a2b4-6c6f-7d2e-9b51-2f6f1c0f7a11,0196a2b4-6c70-7a63-8d4c-5b1f0e9d8c22"
_MOST = 1000
_TWICE = Sentence("This id stands twice in the list.", "duplicate")


class Ids(fields.List[str]):
    """At least one id, and none twice."""

    def __init__(self, *, says: str = "", **more: Any) -> None:
        described: dict[str, Any] = {"minItems": 1, "uniqueItems": True}
        if says:
            described["description"] = says
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


class IdsText(Several):
    """Ids separated by commas, as a parameter; repeats count once."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            metadata={"type": "string", "example": _EXAMPLE, "description": "Ids, with commas."},
            **more,
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[str]:
        ids = [id_.lower() for id_ in str(value).split(",")]
        if not all(is_id(id_) for id_ in ids):
            raise ValidationError(Sentence("Ids (UUIDs) separated by commas.", "not_an_id"))
        if len(set(ids)) > _MOST:
            raise ValidationError(Sentence(f"At most {_MOST} ids.", "length"))
        return list(dict.fromkeys(ids))


class WordsText(Several):
    """Some of a few words, separated by commas, as a parameter; repeats count once."""

    def __init__(self, words: tuple[str, ...], **more: Any) -> None:
        told = f"Some of these, with commas: {', '.join(words)}."
        described = {"type": "string", "example": ",".join(words[:2]), "description": told}
        super().__init__(metadata=described, **more)
        self.words = words

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[str]:
        asked = str(value).split(",")
        if set(asked) - set(self.words):
            told = f"Name any of: {', '.join(self.words)}; separate them by commas."
            raise ValidationError(Sentence(told, "not_a_choice"))
        return list(dict.fromkeys(asked))
