"""The kinds as marshmallow schemas, for the documented API."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validates_schema

from app.annotations.kinds import KINDS
from app.annotations.kinds.as_jsonschema import json_schema
from app.annotations.kinds.problems import Problem, Refused, under
from app.annotations.kinds.types import Attribute, Record, unknown_member
from app.kernel.sentences import Sentence


class Described(fields.Field[Any]):
    """A field that checks as its attribute's description says, and documents itself by it."""

    def __init__(self, attribute: Attribute) -> None:
        schema = json_schema(attribute.type, attribute.doc)
        # A description generator that sees `allow_none` adds the null of the type by itself.
        schema["type"] = [name for name in schema["type"] if name != "null"]
        super().__init__(allow_none=True, metadata=schema)
        self.described = attribute.type

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        try:
            return self.described.load(value)
        except Refused as refused:
            raise ValidationError(_messages(refused.problems)) from None


class AttributesSchema(Schema):
    """The attributes of one kind. `load` gives them normalised: null and empty left out."""

    record: Record

    class Meta:
        unknown = RAISE

    @validates_schema
    def _rules(self, data: Mapping[str, Any], **_: Any) -> None:
        present = {name: value for name, value in data.items() if value is not None}
        if problems := list(self.record.broken(present)):
            raise ValidationError(_messages(problems))

    @post_load
    def _without_absent(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value not in (None, [])}


@cache
def schema_for(kind: str) -> type[AttributesSchema]:
    """The schema class of a kind's attributes, named for OpenAPI: `ClaimAttributes`, …"""
    record = KINDS[kind].record
    declared: dict[str, fields.Field[Any]] = {m.name: Described(m) for m in record.members}
    made = cast(
        type[AttributesSchema],
        AttributesSchema.from_dict(declared, name=f"{kind.title()}Attributes"),
    )
    made.record = record
    unknown = unknown_member(member.name for member in record.members)
    made.error_messages = {
        "unknown": Sentence(unknown.detail, unknown.code),
        "type": Sentence("This is an object.", "not_an_object"),
    }
    return made


def problems_of(messages: Any) -> Iterable[Problem]:
    """The problems in a `ValidationError`'s messages, with pointers relative to the object."""
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            found = problems_of(inner)
            yield from found if step == "_schema" else under(step, found)
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from problems_of(message)
    else:
        yield Problem("", getattr(messages, "code", "invalid"), str(messages))


def _messages(problems: Iterable[Problem]) -> Any:
    """Problems as marshmallow nests them: by member, then by place, sentences at the ends."""
    tree: dict[Any, Any] = {}
    for pointer, code, detail in problems:
        steps = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
        here = tree
        for step in steps:
            here = here.setdefault(step, {})
        here.setdefault("_schema", []).append(Sentence(detail, code))
    return _folded(tree)


def _folded(tree: dict[Any, Any]) -> Any:
    if set(tree) == {"_schema"}:
        return tree["_schema"]
    return {k: v if k == "_schema" else _folded(v) for k, v in tree.items()}
