"""An annotation under a merge patch (RFC 7396): what the patched whole says."""

from typing import Any

from app.annotations.models import Annotation
from app.articles.texts import text_of
from app.kernel.errors import invalid_field
from app.kernel.mergepatch import merge_patch
from app.kernel.offsets import Unit

Json = dict[str, Any]


def editable(annotation: Annotation) -> Json:
    """What can be edited, as a body: spans by their offsets in code points alone."""
    target: Json = {"start": annotation.start_offset, "end": annotation.end_offset}
    if annotation.fragments:
        target = {"fragments": [_place(piece) for piece in annotation.fragments]}
    document: Json = {
        "kind": annotation.kind,
        "target": target,
        "attributes": annotation.attributes,
        "tags": annotation.tags,
        "note": annotation.note,
        "confidence": annotation.confidence,
        "origin": annotation.origin,
        "score": annotation.score,
        "external_id": annotation.external_id,
    }
    if annotation.parts is not None:
        document["parts"] = {
            name: [_place(piece) for piece in pieces] for name, pieces in annotation.parts.items()
        }
    return document


def patched(annotation: Annotation, patch: Json) -> Json:
    """The whole body that the patch makes of the annotation.

    A patched `target` is laid over the present offsets, but not over the present quote: moving
    an edge shall not be refused because the quote is no longer the old one. A target that
    brings fragments, or a quote without offsets, replaces the old one.

    An orphaned annotation that gets a target is placed anew, parts and all: its offsets count in
    another text. Where it has parts, they must come with the target (Invalid).
    """
    base = editable(annotation)
    target = patch.get("target")
    if isinstance(target, dict):
        orphaned = annotation.anchoring == "orphaned"
        base["target"] = {} if orphaned else _base(annotation, target)
        if orphaned:
            _check_parts(base, patch)
    whole: Json = merge_patch(base, patch)
    whole.pop("anchoring", None)
    if "kind" in patch and patch["kind"] != annotation.kind and "parts" not in patch:
        whole.pop("parts", None)
    return whole


def _check_parts(base: Json, patch: Json) -> None:
    if any(base.get("parts", {}).values()) and "parts" not in patch:
        told = "Its parts mark an earlier text: send `parts` with the target, or null for none."
        raise invalid_field("/parts", "parts_needed", told)
    base.pop("parts", None)


def _base(annotation: Annotation, target: Json) -> Json:
    moves = target.get("start") is not None or target.get("end") is not None
    if target.get("fragments") or (target.get("exact") is not None and not moves):
        return {}
    if not moves:
        return dict(editable(annotation)["target"])
    start, end = annotation.start_offset, annotation.end_offset
    if target.get("unit") in {Unit.UTF16, Unit.BYTE}:
        ruler, unit = text_of(annotation.article_id, annotation.revision).ruler, target["unit"]
        start, end = (ruler.from_codepoints(place, Unit(unit)) for place in (start, end))
    return {"start": start, "end": end}


def _place(piece: Json) -> Json:
    return {"start": piece["start"], "end": piece["end"]}
