"""From what a caller sent to what is stored: one place where every check of an annotation meets.

Pure but for the text and the project's settings that it is handed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson
from jsonschema_rs import Draft202012Validator

from app.annotations.kinds import KINDS
from app.annotations.kinds.as_msgspec import check
from app.annotations.names import fold
from app.annotations.spans import SpanRefused, Target, context_of, exact_of, resolve
from app.articles.texts import Text
from app.kernel.errors import fault
from app.kernel.jsons import canonical, escape
from app.kernel.mergepatch import same
from app.projects.attribute_schemas import validator_of

Json = dict[str, Any]
MOST_EXTRA_FAULTS = 100
MOST_PIECES = 64
"""Of a part: it is stored piece by piece, and sent back so by patches and imports."""
PARTS = ("source", "cue", "content", "antecedent")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a project adds to the rules of every annotation."""

    tag_set: frozenset[str] | None
    extra: Draft202012Validator | None
    standing: tuple[Any, ...] = ()
    """The extra attributes, or None, that are there already and may stay as they are."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Rules":
        """The rules that these project settings make."""
        tag_set, schema = settings.get("tag_set"), settings.get("attribute_schema")
        return cls(
            frozenset(tag_set) if tag_set else None,
            _validator(canonical(schema)) if schema else None,
        )

    def beside(self, tags: Iterable[str], attributes: Mapping[str, Any]) -> "Rules":
        """These rules for what bears these tags and attributes already.

        Rules that were made later hold for what is changed: a note can be mended without them.
        """
        allowed = self.tag_set if self.tag_set is None else self.tag_set.union(tags)
        return replace(self, tag_set=allowed, standing=(attributes.get("extra"),))


@lru_cache(64)
def _validator(schema: bytes) -> Draft202012Validator:
    return validator_of(orjson.loads(schema))


class Faulty(Exception):
    """What is wrong with one annotation: `{pointer, code, detail, …}` each."""

    def __init__(self, errors: list[Json]) -> None:
        super().__init__(f"{len(errors)} faults")
        self.errors = errors


def drafted(data: Json, text: Text, rules: Rules) -> Json:
    """The columns of an annotation from a body that its schema admitted.

    Raises Faulty with every fault of the span, the parts, the attributes and the tags.
    """
    errors: list[Json] = []
    target = _span(data["target"], text, "/target", errors)
    parts = _parts(data, text, errors)
    attributes = _attributes(data, rules, errors)
    tags = _tags(data.get("tags"), rules, errors)
    if errors or target is None:
        raise Faulty(errors)
    return {
        "kind": data["kind"],
        **placed(text.text, target),
        "parts": parts,
        "attributes": attributes,
        "topic": attributes.get("topic"),
        "source_keys": _source_keys(data["kind"], attributes),
        "tags": tags,
        "note": data.get("note"),
        "confidence": data.get("confidence"),
        "origin": data.get("origin", "human"),
        "score": data.get("score"),
        "external_id": data.get("external_id"),
    }


def placed(text: str, target: Target) -> Json:
    """The columns that say where a target lies and what it marks."""
    prefix, suffix = context_of(text, target.start, target.end)
    pieces = target.fragments
    return {
        "start_offset": target.start,
        "end_offset": target.end,
        "exact": exact_of(text, target),
        "prefix": prefix,
        "suffix": suffix,
        "fragments": _pieces(text, target) if len(pieces) > 1 else None,
    }


def _pieces(text: str, target: Target) -> list[Json]:
    return [
        {"start": span.start, "end": span.end, "exact": text[span.start : span.end]}
        for span in target.fragments
    ]


def _span(given: Json, text: Text, pointer: str, errors: list[Json]) -> Target | None:
    try:
        return resolve(text.text, text.ruler, given)
    except SpanRefused as refused:
        errors += [
            fault(pointer + problem.pointer, problem.code, problem.detail, **problem.extra)
            for problem in refused.problems
        ]
        return None


def _parts(data: Json, text: Text, errors: list[Json]) -> Json | None:
    if not KINDS[data["kind"]].has_parts:
        return None
    given = data.get("parts") or {}
    parts: Json = {}
    for name in PARTS:
        parts[name] = []
        for index, span in enumerate(given.get(name) or ()):
            if target := _span(span, text, f"/parts/{name}/{index}", errors):
                parts[name] += _pieces(text.text, target)
        if len(parts[name]) > MOST_PIECES:
            told = f"At most {MOST_PIECES} stretches of text, each fragment counted."
            errors.append(fault(f"/parts/{name}", "length", told))
    return parts


def _attributes(data: Json, rules: Rules, errors: list[Json]) -> Json:
    loaded = check(data["kind"], data.get("attributes") or {})
    if isinstance(loaded, list):
        errors += [fault(f"/attributes{p.pointer}", p.code, p.detail) for p in loaded]
        return {}
    if rules.standing and same(rules.standing[0], loaded.get("extra")):
        return loaded
    if rules.extra is not None:
        errors += _extra_faults(rules.extra, loaded.get("extra", {}))
    elif "extra" in loaded:
        told = "This project has no attribute_schema, so there are no extra attributes."
        errors.append(fault("/attributes/extra", "no_attribute_schema", told))
    return loaded


def _extra_faults(schema: Draft202012Validator, extra: Any) -> Iterable[Json]:
    for error in islice(schema.iter_errors(extra), MOST_EXTRA_FAULTS):
        path = "".join(f"/{escape(str(step))}" for step in error.instance_path)
        yield fault(f"/attributes/extra{path}", "attribute_schema", error.message[:300])


def _tags(given: list[str] | None, rules: Rules, errors: list[Json]) -> list[str]:
    tags = list(dict.fromkeys(given or ()))
    if rules.tag_set is not None:
        told = "The project's tag_set does not have this tag."
        errors += [
            fault(f"/tags/{index}", "unknown_tag", told)
            for index, tag in enumerate(given or ())
            if tag not in rules.tag_set
        ]
    return tags


def _source_keys(kind: str, attributes: Json) -> list[str] | None:
    if not KINDS[kind].has_parts:
        return None
    named = (fold(source["name"]) for source in attributes.get("sources", ()))
    return list(dict.fromkeys(named)) or None
