"""A Web Annotation as a client sends it, into what the API takes. Pure.

The notation is the one of `exchange.formats.jsonld`, read as JSON in the compact form that its
contexts make; no context is ever fetched. What a client of another make can say comes to this:
quotes and positions, a classifying body or a tag that names the kind, further tags, a note.
"""

import re
from collections.abc import Sequence
from typing import Any

from app.annotations.kinds import KINDS
from app.exchange.formats.base import Unreadable
from app.exchange.formats.iris import last_step
from app.exchange.formats.jsonld_context import ANNO
from app.exchange.formats.jsonld_reading import attributes_of, kind_of
from app.exchange.formats.labels import RELATIONS, ROLES, Labels
from app.kernel.jsons import escape
from app.webannotation.bodies import Body, bodies_of, each_type
from app.webannotation.targets import (
    SEVERAL,
    Marked,
    each,
    marked,
    pointed,
    said_revision,
    together,
)
from app.webannotation.told import Faults, Json, Told

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]{1,2000}")
_LABELS = Labels({})
_SAID = ("confidence", "external_id", "state")
_OF_ANNOTATIONS = (*_SAID, "origin", "score")
_OF_LINKS = (*_SAID, "basis", "independence", "rationale", "group")
_SERVERS_OWN = {"layer", "version", "reported_by", "verdict", "anchoring"}
_SERVERS_OWN |= {"from_article", "to_article"}
_LONGEST_EXTERNAL_ID = 200
_MOST_VIA = 16


def read(document: Json) -> Told:
    """What the annotation says; raises Invalid with every fault."""
    faults = Faults()
    _check_frame(document, faults)
    motivations = [word for _, word in each(document.get("motivation"), "") if _is_text(word)]
    bodies = bodies_of(document, motivations, faults)
    faults.settle()
    data = next((body for body in bodies if body.role == "data"), None)
    ends = [body for body in bodies if body.role == "linking"]
    if ends and "linking" in motivations:
        told = _link(document, bodies, ends, data, faults)
    else:
        for body in ends:
            faults.note(body.pointer, "unsupported_body", "It links, but the motivation does not.")
        told = _annotation(document, bodies, data, faults)
    _name(told, document)
    faults.settle()
    return told


def _check_frame(document: Json, faults: Faults) -> None:
    contexts = [context for _, context in each(document.get("@context"), "")]
    if ANNO not in contexts:
        faults.note("/@context", "unknown_context", f"Among the contexts {ANNO} is needed.")
    if not all(isinstance(context, str) for context in contexts):
        told = "Terms that a document defines itself are not understood."
        faults.note("/@context", "unknown_context", told)
    if "Annotation" not in each_type(document):
        faults.note("/type", "not_an_annotation", "The type is Annotation.")
    for name, most in (("id", 1), ("canonical", 1), ("via", _MOST_VIA)):
        found = list(each(document.get(name), f"/{name}"))
        if len(found) > most:
            faults.note(f"/{name}", "length", f"At most {most} stand here.")
        for place, value in found:
            if not _is_text(value) or not _IRI.fullmatch(value):
                faults.note(place, "not_an_iri", "An absolute IRI is expected here.")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _name(told: Told, document: Json) -> None:
    """The names it goes by elsewhere. What another tool made is known by the id it had there."""
    first = {name: next((v for _, v in each(document.get(name), "")), None) for name in _NAMES}
    told.iri, told.canonical = first["id"], first["canonical"]
    told.via = [value for _, value in each(document.get("via"), "")]
    if told.iri and not told.whole and len(told.iri) <= _LONGEST_EXTERNAL_ID:
        told.data["external_id"] = told.iri
        told.places["/external_id"] = "/id"


_NAMES = ("id", "canonical")


def _annotation(document: Json, bodies: Sequence[Body], data: Body | None, faults: Faults) -> Told:
    places = {"": "", "/kind": "/body", "/attributes": data.pointer if data else "/body"}
    kind = _kind(bodies, data, faults)
    found = list(each(document.get("target"), "/target"))
    if not found or len(found) > SEVERAL:
        faults.note("/target", "bad_target", f"There are 1 to {SEVERAL} targets.")
    spans = [span for place, value in found[:SEVERAL] if (span := marked(value, place, faults))]
    said: Json = {"kind": kind}
    if spans:
        said["target"], of_target = together(spans, faults)
        places |= {**of_target, "/source": f"{spans[0].pointer}/source"}
    _texts(said, kind, bodies, data, places)
    if data and kind:
        said |= _own_terms(data, _OF_ANNOTATIONS, places)
        said["attributes"] = _attributes(kind, data, faults)
        if parts := _parts(data, spans, places, faults):
            said["parts"], places["/parts"] = parts, data.pointer
    source = spans[0].source if spans else ""
    return Told(
        "annotation", said, places,
        source=source, revision=said_revision(spans) if spans else None, whole=data is not None,
    )  # fmt: skip


def _kind(bodies: Sequence[Body], data: Body | None, faults: Faults) -> str | None:
    told = (
        f"No body says what is marked. Send one of purpose classifying whose source ends in"
        f" #{', #'.join(kind.capitalize() for kind in KINDS)}, or a tag of that name."
    )
    try:
        kind = kind_of([body.value for body in bodies], data.value if data else {}, _LABELS, None)
    except Unreadable:
        faults.note("/body", "unknown_kind", told)
        return None
    for body in bodies:
        named = last_step(body.value["source"]) if "source" in body.value else ""
        named = named or body.value.get("value", "")
        if body.role == "classifying" and named.casefold() != kind:
            faults.note(body.pointer, "unsupported_body", f"It classifies as {named[:80]!r}.")
    return kind


def _texts(
    said: Json, kind: str | None, bodies: Sequence[Body], data: Body | None, places: dict[str, str]
) -> None:
    """Tags and note. A tag that only says the kind is none where nothing else says it."""
    tags = [b for b in bodies if b.role == "tagging"]
    tags = [b for b in tags if data or b.value["value"].casefold() != kind]
    notes = [b for b in bodies if b.role == "commenting"]
    said["tags"] = [b.value["value"] for b in tags]
    places |= {f"/tags/{n}": f"{b.pointer}/value" for n, b in enumerate(tags)}
    places["/tags"] = "/body"
    if notes:
        said["note"] = "\n".join(b.value["value"] for b in notes)
        places["/note"] = f"{notes[0].pointer}/value"


def _own_terms(data: Body, names: Sequence[str], places: dict[str, str]) -> Json:
    """What the body of our own terms says beside attributes."""
    terms = {name: data.value.get(f"ft:{name}") for name in names}
    places |= {f"/{name}": f"{data.pointer}/{escape(f'ft:{name}')}" for name in names}
    return {name: value for name, value in terms.items() if value is not None}


def _attributes(kind: str, data: Body, faults: Faults) -> Json:
    known = {attribute.name for attribute in KINDS[kind].attributes} | {"extra"}
    parts = {f"part_{role}" for role in ROLES}
    _check_terms(data, {*known, *parts, *_OF_ANNOTATIONS}, faults)
    place = f"{data.pointer}/ft:sources"
    for at, entry in each(data.value.get("ft:sources"), place):
        if not isinstance(entry, dict):
            faults.note(at, "not_an_object", "A source is an object.")
    return attributes_of(kind, data.value)


def _check_terms(data: Body, known: set[str], faults: Faults) -> None:
    for name in data.value:
        term = name.removeprefix("ft:")
        if name.startswith("ft:") and term not in known | _SERVERS_OWN:
            place = f"{data.pointer}/{escape(name)}"
            faults.note(place, "unknown_field", "There is no such term.")


def _parts(
    data: Body, spans: Sequence[Marked], places: dict[str, str], faults: Faults
) -> dict[str, list[Json]]:
    parts: dict[str, list[Json]] = {}
    for role in ROLES:
        found = list(each(data.value.get(f"ft:part_{role}"), f"{data.pointer}/ft:part_{role}"))
        for n, (place, value) in enumerate(found[: SEVERAL + 1]):
            if (span := marked(value, place, faults)) is None:
                continue
            if spans and span.source != spans[0].source:
                faults.note(f"{place}/source", "bad_target", "A part lies in the same article.")
            parts.setdefault(role, []).append(span.span)
            places |= {f"/parts/{role}/{n}{k}": at for k, at in span.places.items()}
    return parts


def _link(
    document: Json, bodies: Sequence[Body], ends: Sequence[Body], data: Body | None, faults: Faults
) -> Told:
    target = pointed(document.get("target"))
    if isinstance(document.get("target"), dict) and "source" in document["target"]:
        target = pointed(document["target"]["source"])
    places = {"": "", "/from": f"{ends[0].pointer}/source", "/to": "/target"}
    if not isinstance(target, str):
        faults.note("/target", "bad_target", "The target of a link is the IRI of an annotation.")
    named = [last_step(b.value["source"]) for b in bodies if b.role == "classifying" and
             "source" in b.value]  # fmt: skip
    if len(named) != 1 or named[0] not in RELATIONS:
        told = f"One classifying body has a source that ends in #{' or #'.join(RELATIONS)}."
        faults.note("/body", "unknown_relation", told)
    for body in [*ends[1:], *(b for b in bodies if b.role == "tagging")]:
        faults.note(body.pointer, "unsupported_body", "A link has two ends, and no tags.")
    said: Json = {"from": last_step(ends[0].value["source"]), "to": last_step(str(target))}
    said["relation"] = named[0] if named else ""
    if notes := [b for b in bodies if b.role == "commenting"]:
        said["rationale"] = "\n".join(b.value["value"] for b in notes)
    if data:
        _check_terms(data, set(_OF_LINKS), faults)
        said |= _own_terms(data, _OF_LINKS, places)
    if notes:
        places["/rationale"] = f"{notes[0].pointer}/value"
    return Told("link", said, places, whole=data is not None)
