"""The bodies of an annotation, sorted by what they are for. Pure.

Four sorts can be kept: what names the kind or relation (`classifying`), the other end of a
link (`linking`), plain text as tag or note (`tagging`, `commenting`), and one body of our own
terms (`data`). Everything else is refused by name: nothing is dropped in silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.annotations.kinds import KINDS
from app.kernel.jsons import escape
from app.webannotation.targets import each, only, pointed
from app.webannotation.told import Faults, Json

MOST = 100
_MADE = {"creator", "created", "modified", "generator", "generated"}
_SPECIFIC = {"id", "type", "source", "purpose"} | _MADE
_TEXT = {"id", "type", "value", "purpose", "format", "language", "textDirection"} | _MADE
_TEXT |= {"processingLanguage"}
_TYPES = {*(kind.capitalize() for kind in KINDS), "Link"}
_FORMATS = (None, "text/plain", "text/markdown")
"""What a person reads without a renderer; it is served as text/plain."""


@dataclass(frozen=True, slots=True)
class Body:
    """One body: what it is for, its members each in their simplest form, and its pointer."""

    role: str
    value: Json
    pointer: str


def bodies_of(document: Json, motivations: Sequence[str], faults: Faults) -> list[Body]:
    """Every body that can be kept; what cannot is noted."""
    if "body" in document and "bodyValue" in document:
        faults.note("/bodyValue", "two_bodies", "Send body or bodyValue, not both.")
    if document.get("bodyValue") is not None:
        text = {"type": "TextualBody", "value": document["bodyValue"]}
        found = [("/bodyValue", text)]
    else:
        found = list(each(document.get("body"), "/body"))
    if len(found) > MOST:
        faults.note("/body", "length", f"At most {MOST} bodies.")
    told = (_body(value, place, motivations, faults) for place, value in found[:MOST])
    bodies = [body for body in told if body is not None]
    for extra in [body for body in bodies if body.role == "data"][1:]:
        faults.note(extra.pointer, "two_bodies", "One body holds all terms of our own.")
    return bodies


def _body(value: Any, pointer: str, motivations: Sequence[str], faults: Faults) -> Body | None:
    if not isinstance(value, dict):
        told = "A body is a TextualBody, or a SpecificResource that classifies or links."
        faults.note(pointer, "unsupported_body", told)
        return None
    if _is_data(value):
        return _data(value, pointer, faults)
    purpose = only(value.get("purpose"))
    if purpose is None:
        purpose = _inherited(motivations)
    if "source" in value:
        return _specific(value, purpose, pointer, faults)
    if "value" in value:
        return _textual(value, purpose, pointer, faults)
    faults.note(pointer, "unsupported_body", "It has neither a value nor a source.")
    return None


def _inherited(motivations: Sequence[str]) -> str:
    """A body without a purpose has the annotation's."""
    return next((word for word in motivations if word in ("tagging", "classifying")), "commenting")


def _is_data(value: Json) -> bool:
    types = [kind for kind in each_type(value) if kind in _TYPES]
    ours = any(name.startswith("ft:") for name in value)
    return ours or (bool(types) and not value.keys() & {"value", "source"})


def each_type(value: Json) -> list[str]:
    """The types of a thing, as far as they are words."""
    return [kind for _, kind in each(value.get("type"), "") if isinstance(kind, str)]


def _data(value: Json, pointer: str, faults: Faults) -> Body:
    for name in value:
        if not name.startswith("ft:") and name not in {"id", "type"}:
            faults.note(f"{pointer}/{escape(name)}", "unknown_field", "There is no such field.")
    return Body("data", {**value, "type": each_type(value)}, pointer)


def _specific(value: Json, purpose: Any, pointer: str, faults: Faults) -> Body | None:
    _check_names(value, _SPECIFIC, pointer, faults)
    source = pointed(value["source"])
    if not isinstance(source, str):
        faults.note(f"{pointer}/source", "not_an_iri", "An IRI is expected here.")
        return None
    if purpose not in ("classifying", "linking"):
        told = "What it points to cannot be kept; its purpose must be classifying or linking."
        faults.note(f"{pointer}/purpose", "unsupported_body", told)
        return None
    return Body(purpose, {"source": source, "purpose": purpose}, pointer)


def _textual(value: Json, purpose: Any, pointer: str, faults: Faults) -> Body | None:
    _check_names(value, _TEXT, pointer, faults)
    text = only(value["value"])
    if not isinstance(text, str):
        faults.note(f"{pointer}/value", "not_a_string", "A string is expected here.")
        return None
    if only(value.get("format")) not in _FORMATS:
        told = "Text is kept as text/plain; send that, text/markdown or no format."
        faults.note(f"{pointer}/format", "unsupported_body", told)
        return None
    if purpose == "describing":
        purpose = "commenting"
    if purpose not in ("tagging", "commenting", "classifying"):
        told = "Text is a tag or a note: its purpose is tagging, commenting or describing."
        faults.note(f"{pointer}/purpose", "unsupported_body", told)
        return None
    return Body(purpose, {"value": text, "purpose": purpose}, pointer)


def _check_names(value: Json, known: set[str], pointer: str, faults: Faults) -> None:
    for name in value.keys() - known:
        faults.note(f"{pointer}/{escape(name)}", "unknown_field", "There is no such field.")
