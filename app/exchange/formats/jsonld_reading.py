"""Web Annotations back to rows: ours without loss, others' as far as they say what we hold."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from app.annotations.kinds import KINDS
from app.exchange.formats.base import Options, Read, Unreadable
from app.exchange.formats.checks import json_safe, offset, optional, storable
from app.exchange.formats.details import annotation_fields, link_of, person_of
from app.exchange.formats.iris import article_id, last_step
from app.exchange.formats.jsonstream import items
from app.exchange.formats.labels import ROLES, Labels
from app.exchange.rows import AnnotationRow, Fragment, Json, LinkRow, Person

_STREAMED = ("first", "items", "@graph")
_DATES = {"ft:date": "value", "ft:precision": "precision", "ft:words": "text"}
_DETAILS = ("state", "layer", "confidence", "external_id", "origin", "score", "version")
_PURPOSES = ("tagging", "commenting")
_LINKED = ("basis", "independence", "rationale", "group", "state", "layer", "confidence")


def read(stream: BinaryIO, options: Options) -> Iterator[Read | Unreadable]:
    """The rows of a collection, page, array or single annotation."""
    try:
        labels = Labels(options)
        default = options.get("kind")
        if default is not None and default not in KINDS:
            raise Unreadable(f"`kind` is one of {', '.join(KINDS)}.", code="bad_option")
        for line, item in items(stream, options, _STREAMED):
            try:
                if row := _row(item, labels, default):
                    yield Read(row, line)
            except Unreadable as error:
                yield Unreadable(error.detail, code=error.code, line=line)
    except Unreadable as error:
        yield error


def _row(item: Any, labels: Labels, default: str | None) -> AnnotationRow | LinkRow | None:
    if not isinstance(item, dict):
        raise Unreadable("An annotation is an object.", code="not_an_object")
    types = several(item.get("type"))
    if "AnnotationCollection" in types or "AnnotationPage" in types:
        return None
    if "Annotation" not in types:
        raise Unreadable("The type is not Annotation.", code="not_an_annotation")
    bodies = [body for body in several(item.get("body")) if isinstance(body, dict)]
    data = next((body for body in bodies if _is_data(body)), {})
    linked = sources_of(bodies, "linking")
    if linked and "linking" in several(item.get("motivation")):
        return _link(item, bodies, data, linked[0], labels)
    return _annotation(item, bodies, data, labels, default)


def _annotation(
    item: Json, bodies: list[Json], data: Json, labels: Labels, default: str | None
) -> AnnotationRow | None:
    kind = kind_of(bodies, data, labels, default)
    if kind is None:
        return None
    targets = [_target(target) for target in several(item.get("target"))]
    if not targets or len({home for home, _ in targets}) > 1:
        raise Unreadable("An annotation is about one article.", code="bad_target")
    fragments = tuple(sorted((piece for _, piece in targets), key=lambda piece: piece.start))
    given = annotation_fields(_own(data, _DETAILS))
    texts = {p: [_value(b) for b in bodies if b.get("purpose") == p] for p in _PURPOSES}
    given["tags"] = tuple(tag for tag in texts["tagging"] if data or tag.casefold() != kind)
    if texts["commenting"]:
        given["note"] = "\n".join(texts["commenting"])
    if reporter := optional(data.get("ft:reported_by"), "`ft:reported_by`"):
        given["reported_by"] = last_step(reporter)
    if isinstance(data.get("ft:verdict"), dict):
        given["verdict"] = json_safe(_plain(data["ft:verdict"]), "A verdict")
    given.update(_stamps(item))
    iri = storable(item.get("id"), "`id`")
    if not data:
        given["external_id"] = iri
    attributes = json_safe(attributes_of(kind, data), "An attribute")
    return AnnotationRow(
        last_step(iri) if data else iri, targets[0][0], kind, fragments, _author(item),
        attributes=attributes, parts=_parts(data), **given,
    )  # fmt: skip


def _link(
    item: Json, bodies: list[Json], data: Json, from_iri: str, labels: Labels
) -> LinkRow | None:
    relation = next(
        (labels.relation(last_step(source)) for source in sources_of(bodies, "classifying")), None
    )
    if relation is None:
        raise Unreadable("A link names no relation.", code="unknown_relation")
    targets = several(item.get("target"))
    to_iri = targets[0].get("source") if targets and isinstance(targets[0], dict) else targets[:1]
    to_iri = storable(to_iri[0] if isinstance(to_iri, list) and to_iri else to_iri, "The target")
    ends = {
        "from_id": last_step(from_iri),
        "to_id": last_step(to_iri),
        "from_article_id": _article(data.get("ft:from_article")),
        "to_article_id": _article(data.get("ft:to_article")),
    }
    iri = storable(item.get("id"), "`id`")
    given = _own(data, (*_LINKED, "external_id", "version"))
    author = _author(item)
    who = {"id": author.id, "name": author.name}
    own = {"id": last_step(iri), "relation": relation, "author": who}
    return link_of({**given, **ends, **own, **_stamps(item)})


def _is_data(body: Json) -> bool:
    return any(key.startswith("ft:") for key in body)


def kind_of(bodies: list[Json], data: Json, labels: Labels, default: str | None) -> str | None:
    """The first name that is a kind: a classifying body, the type of the data, a tag."""
    names = [last_step(source) for source in sources_of(bodies, "classifying")]
    names += [name for name in several(data.get("type")) if isinstance(name, str)]
    names += [_value(b) for b in bodies if b.get("purpose") in ("classifying", "tagging")]
    for name in names:
        try:
            return labels.kind(name)
        except Unreadable:
            continue
    if default is None:
        raise Unreadable("No body names a kind; map one, or send kind.", code="unknown_kind")
    return default


def _target(target: Any) -> tuple[str, Fragment]:
    """The id of the article and the stretch; the text itself is the importer's to compare."""
    if not isinstance(target, dict):
        raise Unreadable("A target without selector marks no text.", code="bad_target")
    source = target.get("source")
    source = source.get("id") if isinstance(source, dict) else source
    home, _ = article_id(storable(source, "A target's source"))
    selectors = [s for s in several(target.get("selector")) if isinstance(s, dict)]
    position = _first(selectors, "TextPositionSelector")
    quote = _first(selectors, "TextQuoteSelector") or {}
    if position is None:
        raise Unreadable("A target needs a TextPositionSelector.", code="missing_offsets")
    start = offset(position.get("start"), "`start`")
    end = offset(position.get("end"), "`end`")
    if not 0 <= start < end:
        raise Unreadable("A span ends after it starts.", code="empty_span")
    exact = optional(quote.get("exact"), "`exact`")
    if exact is not None and len(exact) != end - start:
        detail = f"The quote has {len(exact)} code points, the offsets span {end - start}."
        raise Unreadable(detail, code="quote_mismatch")
    return home, Fragment(start, end, exact or "")


def _first(selectors: list[Json], kind: str) -> Json | None:
    return next((s for s in selectors if kind in several(s.get("type"))), None)


def _parts(data: Json) -> dict[str, tuple[Fragment, ...]]:
    found = {role: several(data.get(f"ft:part_{role}")) for role in ROLES}
    return {
        role: tuple(_target(target)[1] for target in targets)
        for role, targets in found.items()
        if targets
    }


def attributes_of(kind: str, data: Json) -> Json:
    """The attributes of a kind, out of the body that holds our own terms."""
    names = [attribute.name for attribute in KINDS[kind].attributes]
    found: Json = {}
    for name in (*names, "extra"):
        value = data.get(f"ft:{name}")
        if value is None:
            continue
        if name == "sources":
            value = [_plain(entry) for entry in several(value) if isinstance(entry, dict)]
        elif name != "extra" and isinstance(value, dict):
            value = {_DATES.get(k, k.removeprefix("ft:")): v for k, v in value.items()}
        found[name] = value
    return found


def _plain(value: Json) -> Json:
    return {k.removeprefix("ft:"): v for k, v in value.items() if k.startswith("ft:")}


def _own(data: Json, names: tuple[str, ...]) -> Json:
    return {name: data[f"ft:{name}"] for name in names if f"ft:{name}" in data}


def _stamps(item: Json) -> Json:
    pairs = (("created_at", "created"), ("updated_at", "modified"))
    return {name: storable(item[key], f"`{key}`") for name, key in pairs if key in item}


def _author(item: Json) -> Person:
    found = next(iter(several(item.get("creator"))), None)
    if isinstance(found, str):
        found = {"id": found}
    if not isinstance(found, dict):
        return person_of(None)
    ident = optional(found.get("id"), "A creator's id") or ""
    name = found.get("name") or found.get("nickname") or ""
    return person_of({"id": last_step(ident), "name": name})


def _article(iri: Any) -> str:
    return article_id(iri)[0] if isinstance(iri, str) else ""


def sources_of(bodies: list[Json], purpose: str) -> list[str]:
    """What the bodies of this purpose point to."""
    found = [body.get("source") for body in bodies if body.get("purpose") == purpose]
    return [source for source in found if isinstance(source, str)]


def _value(body: Json) -> str:
    value = body.get("value")
    return storable(value, "A body's `value`") if value is not None else ""


def several(value: Any) -> list[Any]:
    """JSON-LD writes one thing bare and several as an array."""
    return value if isinstance(value, list) else [] if value is None else [value]
