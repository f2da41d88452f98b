"""Why a line cannot be read, in the words of the API where the API has them.

The fast path only says no; here the line is read again, slowly, to say what is wrong.
"""

import re
from typing import Any

from marshmallow import Schema, ValidationError

from app.annotations.schemas import AnnotationIn
from app.exchange.formats import Unreadable
from app.exchange.formats.checks import json_safe
from app.exchange.formats.parsing import parsed_line
from app.exchange.imports.reporting import Json, fault
from app.kernel.jsons import escape
from app.links.schemas import LinkFields
from app.web.bodies import faults

TYPES = ("project", "source", "article", "revision", "annotation", "link")
_AT = re.compile(r" - at `\$(.*)`$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[\.\.\.\]")
_MEMBER = re.compile(r"field `(.*)`", re.DOTALL)
_SCHEMAS: dict[str, Schema] = {"annotation": AnnotationIn(), "link": LinkFields()}


def explained(raw: bytes, error: Exception) -> list[Json]:
    """What is wrong with a line that the typed decoder refused with this error."""
    if wrong := unstorable(raw):
        return wrong
    found = parsed_line(raw)
    if not isinstance(found, dict):
        return [fault("", "not_an_object", "A line is an object.")]
    kind = found.get("type")
    if kind not in TYPES:
        words = ", ".join(TYPES)
        return [fault("/type", "unknown_type", f"The type of a line is one of: {words}.")]
    return _by_schema(kind, found) or [_by_decoder(str(error))]


def unstorable(raw: bytes) -> list[Json]:
    """What makes a line no JSON, or a text in it none that a database holds."""
    try:
        json_safe(parsed_line(raw), "A text")
    except Unreadable as told:
        return [fault("", told.code, told.detail)]
    return []


def _by_schema(kind: str, found: Json) -> list[Json]:
    schema = _SCHEMAS.get(kind)
    if schema is None:
        return []
    # What only lines have is none of the schema's business; `state` is wider here.
    own = {name: value for name, value in found.items() if name in schema.fields}
    own.pop("state", None)
    try:
        schema.load(own)
    except ValidationError as refused:
        return list(faults(refused.messages))[:20]
    return []


def _by_decoder(message: str) -> Json:
    """The decoder's own sentence with its path turned into a pointer."""
    at = _AT.search(message)
    detail = message[: at.start()] if at else message
    pointer = _pointer(at[1]) if at else ""
    member = _MEMBER.search(detail)
    if "unknown field" in detail and member:
        return fault(f"{pointer}/{escape(member[1])}", "unknown_field", "There is no such field.")
    if "missing required field" in detail and member:
        return fault(f"{pointer}/{escape(member[1])}", "required", "This field is required.")
    return fault(pointer, "bad_value", f"{detail}.")


def _pointer(path: str) -> str:
    steps: list[Any] = [a or b for a, b in _STEP.findall(path)]
    return "".join(f"/{escape(step)}" for step in steps if step)
