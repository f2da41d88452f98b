"""Fields and the base of every schema, with messages that say the rule and carry its word."""

import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from app.kernel.clock import rfc3339
from app.kernel.ids import is_id
from app.kernel.sentences import Sentence

Json = dict[str, Any]
_MOST = 2**31 - 1
"""The largest number that an integer column holds on both engines."""

_UNKNOWN = Sentence("There is no such field.", "unknown_field")
_REQUIRED = Sentence("This field is required.", "required")
_NULL = Sentence("This field may not be null.", "null")
_NO_LIST = Sentence("A list is expected here.", "not_a_list")


def _described(says: str, **schema: Any) -> Json:
    """What the description tells of a field: its JSON Schema, and a sentence if there is one."""
    return {**schema, "description": says} if says else schema


class Strict(Schema):
    """What a request may hold: nothing unknown."""

    class Meta:
        unknown = RAISE

    error_messages = {
        "unknown": _UNKNOWN,
        "type": Sentence("An object is expected here.", "not_an_object"),
    }

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Give every field the same words for the same faults."""
        field_obj.error_messages |= {"required": _REQUIRED, "null": _NULL}
        if isinstance(field_obj, fields.List):
            field_obj.error_messages["invalid"] = _NO_LIST


class Text(fields.String):
    """A string of `low` to `high` code points."""

    default_error_messages = {"invalid": Sentence("A string is expected here.", "not_a_string")}

    def __init__(self, high: int, *, low: int = 0, says: str = "", **more: Any) -> None:
        limit = Sentence(f"Its length must be from {low} to {high}.", "length")
        more.setdefault("metadata", _described(says))
        super().__init__(validate=validate.Length(low, high, error=limit), **more)


class Words(Text):
    """A text that somebody can read: not empty, and more than white space."""

    def __init__(self, high: int, **more: Any) -> None:
        super().__init__(high, low=1, metadata={"pattern": r"^[\s\S]*\S[\s\S]*$"}, **more)

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> Any:
        text = super()._deserialize(value, *args, **more)
        if isinstance(text, str) and text.isspace():
            raise ValidationError(Sentence("White space alone says nothing.", "blank"))
        return text


class Choice(fields.String):
    """One of a few words."""

    default_error_messages = {"invalid": Sentence("A string is expected here.", "not_a_string")}

    def __init__(self, words: tuple[str, ...], *, says: str = "", **more: Any) -> None:
        told = Sentence(f"It must be one of: {', '.join(words)}.", "not_a_choice")
        more.setdefault("metadata", _described(says))
        super().__init__(validate=validate.OneOf(words, error=told), **more)


class Shaped(fields.String):
    """A string of one shape, given as a regular expression that ECMAScript reads alike.

    The whole string must fit. The description says so with anchors, as JSON Schema needs it.
    """

    default_error_messages = {"invalid": Sentence("A string is expected here.", "not_a_string")}

    def __init__(self, pattern: str, told: Sentence, *, says: str = "", **more: Any) -> None:
        super().__init__(metadata=_described(says, pattern=f"^(?:{pattern})$"), **more)
        self.shape, self.told = re.compile(pattern), told

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> str:
        text = super()._deserialize(value, *args, **more)
        if text is None or not self.shape.fullmatch(text):
            raise ValidationError(self.told)
        return text


class Whole(fields.Field[int]):
    """A whole number; booleans and fractions are none. As a parameter it is read from text."""

    def __init__(
        self, low: int, high: int, *, text: bool = False, says: str = "", **more: Any
    ) -> None:
        described = _described(says, type="integer", minimum=low, maximum=high)
        super().__init__(metadata=described, **more)
        self.low, self.high, self.text = low, high, text

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if self.text and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError(Sentence("A whole number is expected here.", "not_an_integer"))
        if not self.low <= value <= self.high:
            told = f"It must be from {self.low} to {self.high}."
            raise ValidationError(Sentence(told, "out_of_range"))
        return value


class Count(Whole):
    """How many there are of something, `low` at least."""

    def __init__(self, *, low: int = 0, **more: Any) -> None:
        super().__init__(low, _MOST, **more)


class Ordinal(Whole):
    """Which one of a series that is counted from 1, such as a version."""

    def __init__(self, **more: Any) -> None:
        super().__init__(1, _MOST, **more)


class Several(fields.Field[Any]):
    """A parameter of several words with commas between them; it may be repeated as well."""


class Flag(fields.Field[bool]):
    """True or false; as a parameter these words, however a language writes them, or 1 and 0."""

    _WORDS = {"true": True, "1": True, "false": False, "0": False}

    def __init__(self, *, text: bool = False, says: str = "", **more: Any) -> None:
        super().__init__(metadata=_described(says, type="boolean"), **more)
        self.text = text

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if self.text and isinstance(value, str):
            value = self._WORDS.get(value.lower())
        if not isinstance(value, bool):
            raise ValidationError(Sentence("True or false is expected here.", "not_a_boolean"))
        return value


class IdField(fields.Field[str]):
    """An id of ours."""

    def __init__(self, *, says: str = "", **more: Any) -> None:
        super().__init__(metadata=_described(says, type="string", format="uuid"), **more)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or not is_id(value.lower()):
            raise ValidationError(Sentence("An id (a UUID) is expected here.", "not_an_id"))
        return value.lower()


class When(fields.Field[datetime]):
    """A moment with its offset from UTC, as RFC 3339 has it.

    The plus of an offset may have become a space: that is how a query is read in which it was
    not escaped.
    """

    _SPACE = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")

    def __init__(self, *, says: str = "", **more: Any) -> None:
        super().__init__(metadata=_described(says, type="string", format="date-time"), **more)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(self._SPACE.sub("+", value))
            if moment.tzinfo is None or "T" not in value.upper():
                raise ValueError
            return moment.astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            told = "A time such as 2026-01-05T10:00:00Z is expected here."
            raise ValidationError(Sentence(told, "not_a_time")) from None

    def _serialize(self, value: datetime | None, *_: Any, **__: Any) -> str | None:
        return rfc3339(value) if value else None


class Email(fields.String):
    """An e-mail address, loosely: what matters is that somebody reads it."""

    _SHAPE = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> str:
        text = value if isinstance(value, str) else ""
        if not self._SHAPE.fullmatch(text):
            raise ValidationError(Sentence("An e-mail address is expected here.", "not_an_email"))
        return text


class Free(fields.Field[Json]):
    """An object whose members are the caller's own."""

    def __init__(self, **more: Any) -> None:
        super().__init__(metadata={"type": "object", "additionalProperties": True}, **more)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Json:
        if not isinstance(value, dict):
            raise ValidationError(Sentence("An object is expected here.", "not_an_object"))
        return value


class PageQuery(Strict):
    """Which page of a list."""

    limit = Whole(1, 500, text=True, load_default=50, says="How many items a page has at most.")
    after = fields.String(metadata={"description": "The `next` of the page before."})
