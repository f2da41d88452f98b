"""Annotations as the wire has them, and as history keeps them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from app.annotations import queries
from app.annotations.beside import Counts, beside
from app.annotations.models import Annotation
from app.annotations.reported import innermost_of_each
from app.annotations.spans import Span, Target
from app.articles.texts import text_of
from app.kernel.actor import Actor
from app.kernel.offsets import Unit

Json = dict[str, Any]
Values = Mapping[Any, Any]
NONE: Counts = {}


def values_of(annotation: Annotation) -> Json:
    """The columns of an annotation as a mapping, as rows have them."""
    return {
        column.name: getattr(annotation, column.name) for column in annotation.__table__.columns
    }


def core(row: Values) -> Json:
    """What is said of a span and where it lies; history keeps this."""
    return {
        "kind": row["kind"],
        **standing(row),
        "attributes": row["attributes"],
        "tags": row["tags"],
        "note": row["note"],
        "confidence": row["confidence"],
        "origin": row["origin"],
        "score": row["score"],
        "layer": row["layer"],
        "external_id": row["external_id"],
    }


def standing(row: Values) -> Json:
    """Where it lies, in which text, how sure that is, and how it stands in review."""
    target: Json = {
        "start": row["start_offset"],
        "end": row["end_offset"],
        "exact": row["exact"],
        "prefix": row["prefix"],
        "suffix": row["suffix"],
        "unit": "codepoint",
    }
    if row["fragments"]:
        target["fragments"] = row["fragments"]
    parts = {} if row["parts"] is None else {"parts": row["parts"]}
    return {
        "target": target,
        **parts,
        "state": row["state"],
        "revision": row["revision"],
        "anchoring": row["anchoring"],
        "anchoring_score": row["anchoring_score"],
    }


def present(
    row: Values, author_name: str, reported_by: str | None, counts: Counts, unit: Unit
) -> Json:
    """One annotation as the wire has it, its offsets counted in `unit`."""
    document = {**lasting(row), **passing(row, author_name, reported_by, counts)}
    return document if unit is Unit.CODEPOINT else _counted_in(unit, document)


def lasting(row: Values) -> Json:
    """What one version of an annotation says for good."""
    return {
        "id": row["id"],
        "article_id": row["article_id"],
        "project_id": row["project_id"],
        **core(row),
        "version": row["version"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def passing(row: Values, author_name: str, reported_by: str | None, counts: Counts) -> Json:
    """What changes beside an annotation, without a new version of it."""
    return {
        "author": {"id": row["author_id"], "name": author_name},
        "reported_by": reported_by,
        "verdict": row["verdict"],
        "links": {
            "corroborates": counts.get("corroborates", 0),
            "contradicts": counts.get("contradicts", 0),
        },
    }


def present_all(actor: Actor, rows: Sequence[Values], unit: Unit) -> list[Json]:
    """Annotations with what the rest of their articles and their links tell of them."""
    if not rows:
        return []
    found = queries.contents(
        actor,
        list({row["article_id"] for row in rows}),
        min(row["start_offset"] for row in rows),
        max(row["end_offset"] for row in rows),
    )
    counts = beside.link_counts(actor, [row["id"] for row in rows])
    return together(rows, [content._mapping for content in found], counts, unit)


def present_one(actor: Actor, row: Values, unit: Unit) -> Json:
    """One annotation with what its article and its links tell of it."""
    return present_all(actor, [row], unit)[0]


def together(
    rows: Sequence[Values], contents: Iterable[Values], counts: Mapping[str, Counts], unit: Unit
) -> list[Json]:
    """Annotations beside the attributions of their articles: who reports each is found here."""
    reporters = reporters_of(rows, contents)
    return [
        present(
            row,
            row["author_name"],
            reporters.get(row["id"]),
            counts.get(row["id"], NONE),
            unit,
        )
        for row in rows
    ]


def reporters_of(rows: Sequence[Values], contents: Iterable[Values]) -> dict[str, str | None]:
    """Of annotations that lie in reported words: who reports them, innermost."""
    by_text: dict[tuple[str, int], list[tuple[str, Target]]] = {}
    for content in contents:
        if said := content_of(content["parts"]):
            text = content["article_id"], content["revision"]
            by_text.setdefault(text, []).append((content["id"], said))
    reporters: dict[str, str | None] = {}
    for (article_id, revision), said_there in by_text.items():
        here = (
            row for row in rows if (row["article_id"], row["revision"]) == (article_id, revision)
        )
        reporters |= innermost_of_each(_reachable(here, said_there), said_there)
    return reporters


def _reachable(
    rows: Iterable[Values], contents: Iterable[tuple[str, Target]]
) -> Iterator[tuple[str, Target]]:
    """The targets of those that may lie within a content, by the ends of both alone.

    Most annotations of an article are in nobody's mouth, and are spared what comes after.
    """
    ends = sorted((content.start, content.end) for _, content in contents)
    starts = [start for start, _ in ends]
    furthest = list(accumulate((end for _, end in ends), max))
    for row in rows:
        begun = bisect_right(starts, row["start_offset"])
        if begun and furthest[begun - 1] >= row["end_offset"]:
            yield row["id"], target_of(row)


def target_of(row: Values) -> Target:
    """The target of a stored annotation."""
    if row["fragments"]:
        return Target(tuple(Span(piece["start"], piece["end"]) for piece in row["fragments"]))
    return Target.single(row["start_offset"], row["end_offset"])


def content_of(parts: Mapping[str, Any] | None) -> Target | None:
    """What a source is reported to have said, or None where the content is not marked."""
    pieces = parts.get("content") if parts else None
    if not pieces:
        return None
    if len(pieces) == 1:
        return Target.single(pieces[0]["start"], pieces[0]["end"])
    return Target.of(Span(piece["start"], piece["end"]) for piece in pieces)


def _counted_in(unit: Unit, document: Json) -> Json:
    ruler = text_of(document["article_id"], document["revision"]).ruler

    def turned(piece: Json) -> Json:
        return {
            **piece,
            "start": ruler.from_codepoints(piece["start"], unit),
            "end": ruler.from_codepoints(piece["end"], unit),
            "unit": unit.value,
        }

    target = turned(document["target"])
    if "fragments" in target:
        target["fragments"] = [turned(piece) for piece in target["fragments"]]
    document["target"] = target
    if "parts" in document:
        document["parts"] = {
            name: [turned(piece) for piece in pieces] for name, pieces in document["parts"].items()
        }
    return document
