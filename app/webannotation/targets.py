"""The targets of an annotation: which stretch of which article is marked. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.exchange.formats.iris import revision_of
from app.kernel.jsons import escape
from app.webannotation.told import Faults, Json

SEVERAL = 64
_TARGET = {"id", "type", "source", "selector", "purpose", "format", "language"}
_TARGET |= {"state", "scope", "renderedVia", "styleClass"}
_POSITION, _QUOTE = "TextPositionSelector", "TextQuoteSelector"


@dataclass
class Marked:
    """A stretch as `SpanIn` has it, the article it lies in, and where each word was said."""

    source: str
    span: Json
    places: dict[str, str]
    pointer: str

    @property
    def start(self) -> Any:
        """Where it starts, if that is a number; the API refuses what is none."""
        start = self.span.get("start")
        return start if isinstance(start, int) else 0


def each(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """One thing bare, or several in an array, each with its pointer."""
    if isinstance(value, list):
        yield from ((f"{pointer}/{index}", item) for index, item in enumerate(value))
    elif value is not None:
        yield pointer, value


def only(value: Any) -> Any:
    """The one thing in an array of one; anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def pointed(value: Any) -> Any:
    """The IRI that stands for a thing: itself, or its id."""
    value = only(value)
    return value.get("id") if isinstance(value, dict) else value


def marked(value: Any, pointer: str, faults: Faults) -> Marked | None:
    """The stretch that one target marks."""
    if not isinstance(value, dict):
        told = "A target marks a stretch of text: send a SpecificResource with source and selector."
        faults.note(pointer, "bad_target", told)
        return None
    for name in value.keys() - _TARGET:
        faults.note(f"{pointer}/{escape(name)}", "unknown_field", "There is no such field.")
    source = pointed(value.get("source"))
    if not isinstance(source, str) or not source:
        told = "A source is the IRI of an article, its url or its external id."
        faults.note(f"{pointer}/source", "bad_target", told)
        return None
    found = _selectors(value.get("selector"), f"{pointer}/selector", faults)
    return _marked(source, found, pointer, faults)


def _selectors(value: Any, pointer: str, faults: Faults) -> dict[str, tuple[str, Json]]:
    """The selectors that we understand, by type; those of other types say the same in other ways.

    (The model wants all selectors of a target to pick the same content.)
    """
    found: dict[str, tuple[str, Json]] = {}
    for place, selector in each(value, pointer):
        if not isinstance(selector, dict):
            faults.note(place, "not_an_object", "A selector is an object.")
            continue
        kind = only(selector.get("type"))
        if kind not in (_POSITION, _QUOTE):
            continue
        if kind in found:
            faults.note(place, "two_selectors", f"A target has one {kind}.")
        if "refinedBy" in selector:
            told = "A selector that is refined by another is not understood."
            faults.note(f"{place}/refinedBy", "unsupported_selector", told)
        found[kind] = (place, selector)
    return found


def _marked(
    source: str, found: dict[str, tuple[str, Json]], pointer: str, faults: Faults
) -> Marked | None:
    span: Json = {}
    places = {"": f"{pointer}/selector"}
    wanted = {_POSITION: ("start", "end"), _QUOTE: ("exact",)}
    if _POSITION not in found:
        wanted[_QUOTE] = ("exact", "prefix", "suffix")
    if not found:
        told = f"A {_POSITION}, a {_QUOTE} or both are needed."
        faults.note(f"{pointer}/selector", "missing_selector", told)
        return None
    for kind, (place, selector) in found.items():
        if kind == _QUOTE and not isinstance(selector.get("exact"), str):
            faults.note(f"{place}/exact", "not_a_string", "The exact is a string.")
        for name in wanted[kind]:
            span[name], places[f"/{name}"] = selector.get(name), f"{place}/{name}"
            if kind == _POSITION and span[name] is None:
                faults.note(f"{place}/{name}", "missing_offsets", f"The {name} is missing.")
    said = {name: value for name, value in span.items() if value is not None}
    return Marked(source, said, places, pointer)


def together(pieces: list[Marked], faults: Faults) -> tuple[Json, dict[str, str]]:
    """One target of several stretches of one article; and where each word of it was said."""
    pieces = sorted(pieces, key=lambda piece: piece.start)
    if len({piece.source for piece in pieces}) > 1:
        faults.note("/target", "bad_target", "An annotation is about one article.")
    if len(pieces) == 1:
        return pieces[0].span, {f"/target{k}": place for k, place in pieces[0].places.items()}
    places = {"/target": "/target"}
    for index, piece in enumerate(pieces):
        if "start" not in piece.span:
            told = f"Each of several stretches needs a {_POSITION}."
            faults.note(f"{piece.pointer}/selector", "missing_offsets", told)
        places |= {f"/target/fragments/{index}{k}": place for k, place in piece.places.items()}
    return {"fragments": [piece.span for piece in pieces]}, places


def said_revision(pieces: list[Marked]) -> int | None:
    """The revision that offsets are said to count over; a bare quote counts nothing."""
    if not any("start" in piece.span for piece in pieces):
        return None
    return revision_of(pieces[0].source)
