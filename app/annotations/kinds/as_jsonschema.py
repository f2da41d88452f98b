"""The kinds as JSON Schema 2020-12, for the OpenAPI 3.1 description."""

from typing import Any, assert_never

from app.annotations.kinds.base import Kind
from app.annotations.kinds.types import Attribute, Choice, Free, ListOf, Number, Record, Text, Type


def kind_schema(kind: Kind) -> dict[str, Any]:
    """What the attributes of a kind look like; rules between attributes stand in the text."""
    return json_schema(kind.record, kind.doc, nullable=False)


def json_schema(described: Type, doc: str, *, nullable: bool = True) -> dict[str, Any]:
    """The JSON Schema of one attribute type, described for people by `doc`.

    Null means absent, so `nullable` holds wherever nothing is required. Numbers may be sent
    as numbers and are always answered as strings.
    """
    shape = _shape(described)
    if nullable:
        shape["type"] = [*shape["type"], "null"]
        shape |= {"enum": [*shape["enum"], None]} if "enum" in shape else {}
    return shape | {"description": doc}


def _shape(described: Type) -> dict[str, Any]:
    match described:
        case Text(most=most):
            return {"type": ["string"], "minLength": 1, "maxLength": most}
        case Choice(words=words):
            return {"type": ["string"], "enum": list(words)}
        case Number():
            return {"type": ["string", "number"], "examples": ["12.5", "-3", 40000]}
        case Free():
            return {"type": ["object"], "additionalProperties": True}
        case ListOf(record=record, most=most):
            return {"type": ["array"], "maxItems": most, "items": _object(record)}
        case Record():
            return _object(described)
        case _:
            assert_never(described)


def _object(record: Record) -> dict[str, Any]:
    required = [member.name for member in record.members if member.required]
    return {
        "type": ["object"],
        "properties": {member.name: _member(member) for member in record.members},
        "additionalProperties": False,
    } | ({"required": required} if required else {})


def _member(member: Attribute) -> dict[str, Any]:
    return json_schema(member.type, member.doc, nullable=not member.required)
