"""Annotations that come in: the checks of the API, most of them at a fraction of the cost.

What a plain line says (offsets in code points that fit, and the quote that stands there) is
compared with the text directly. Anything else, and whatever looks wrong, goes the API's own
way, `drafts.drafted`, whose verdict is the one that counts.
"""

from typing import Any

import orjson

from app.annotations.drafts import PARTS, Faulty, Rules, drafted
from app.annotations.kinds.as_msgspec import check
from app.annotations.names import fold
from app.annotations.presenting import core
from app.annotations.spans import context_of
from app.articles.texts import Text
from app.exchange.imports.frame import Frame, moment
from app.exchange.imports.reporting import Rejected, rejected
from app.exchange.imports.stores import FoundArticle, FoundThing
from app.exchange.imports.tables import Json
from app.exchange.native.lines import AnnotationLine, Parts, Piece, VerdictMember
from app.kernel.jsons import dumps
from app.kernel.offsets import Unit

_NO_PARTS: Json = {name: [] for name in PARTS}


def annotation(frame: Frame, line: AnnotationLine, rules: Rules, id_: str) -> bool:
    """Bring in an annotation under a new id; whether it is new. Raises Rejected.

    The sources that it names are noted in `frame.speakers`; a row may come to the database
    only after them.
    """
    known = frame.known
    if found := frame.find(known.annotations, line):
        known.annotations.call(found, line.id)
        return False
    article = _article(frame, line)
    frame.check_state(line.state, line.layer)
    _check_fit(frame, line)
    _check_place(frame, line, article)
    text = known.text_of(article, line.revision)
    if text is None:
        told = "The article has no such text; it comes before what marks it."
        raise rejected("/revision", "other_revision", told)
    row = _plain(frame, line, text, rules) or _checked(frame, line, text, rules)
    row |= frame.kept(line)
    row["id"], row["article_id"], row["revision"] = id_, article.id, text.number
    row["state"], row["layer"] = line.state, line.layer
    row["anchoring"], row["anchoring_score"] = line.anchoring, line.anchoring_score
    verdict = _verdict(frame, row, line.verdict) if line.verdict else None
    # From here on nothing is refused.
    for one in row["attributes"].get("sources", ()):
        frame.speakers.setdefault(fold(one["name"]), one)
    _add(frame, row)
    if verdict:
        frame.rows.add("verdicts", verdict)
    brought = FoundThing(id_, line.id or id_, line.external_id, row["author_id"], seen=True)
    known.annotations.bring(brought)
    return True


def _article(frame: Frame, line: AnnotationLine) -> FoundArticle:
    if found := frame.known.articles.get(line.article_id, line.article_external_id):
        return found
    pointer = "/article_id" if line.article_id is not None else "/article_external_id"
    told = "There is no such article in the project or in an earlier line."
    raise rejected(pointer, "unknown_article", told)


def _check_fit(frame: Frame, line: AnnotationLine) -> None:
    """What the API's schema asks beyond the shape of single members."""
    if line.score is not None and line.origin != "machine":
        raise rejected("/score", "score_unexpected", "A score goes with the origin machine.")
    if line.verdict is not None and not (frame.keeps and line.kind == "claim"):
        told = "A verdict belongs to a claim, and only a manager brings it in."
        raise rejected("/verdict", "verdict_unexpected", told)
    if line.kind == "attribution":
        return
    parts = line.parts
    if parts and (parts.source or parts.cue or parts.content or parts.antecedent):
        raise rejected("/parts", "parts_unexpected", f"A {line.kind} has no parts.")


def _check_place(frame: Frame, line: AnnotationLine, article: FoundArticle) -> None:
    """Refuse a place that no change of the text can have made."""
    earlier = line.revision is not None and line.revision < article.revision
    if line.revision is not None and line.revision > article.revision:
        told = f"The article has no such text yet; its present one is {article.revision}."
        raise rejected("/revision", "other_revision", told)
    if earlier != (line.anchoring == "orphaned"):
        told = "What is orphaned marks an earlier text, by its `revision`; nothing else does."
        raise rejected("/anchoring", "anchoring_unexpected", told)
    if (line.anchoring == "uncertain") != (line.anchoring_score is not None):
        told = "A score goes with what is uncertain."
        raise rejected("/anchoring_score", "anchoring_unexpected", told)
    if line.anchoring != "sure" and not frame.keeps:
        told = "Only a manager brings in what is not sure of its place."
        raise rejected("/anchoring", "anchoring_unexpected", told)


def _plain(frame: Frame, line: AnnotationLine, text: Text, rules: Rules) -> Json | None:
    """The columns of a line that is plain and right; None where the long way must be gone."""
    target, body = line.target, text.text
    if frame.unit is not Unit.CODEPOINT or rules.extra is not None or not _stands(target, body):
        return None
    tags = list(dict.fromkeys(line.tags)) if line.tags else []
    if rules.tag_set is not None and not rules.tag_set.issuperset(tags):
        return None
    attributes = check(line.kind, line.attributes if len(line.attributes) else {})
    if isinstance(attributes, list) or "extra" in attributes:
        return None
    parts = None
    if line.kind == "attribution":
        parts = _NO_PARTS if line.parts is None else _plain_parts(line.parts, body)
        if parts is None:
            return None
    start, end = target.start, target.end
    assert start is not None and end is not None  # noqa: S101, PT018 - _stands has looked
    prefix, suffix = context_of(body, start, end)
    return {
        "kind": line.kind,
        "start_offset": start,
        "end_offset": end,
        "exact": body[start:end],
        "prefix": prefix,
        "suffix": suffix,
        "fragments": None,
        "parts": parts,
        "attributes": attributes,
        "topic": attributes.get("topic"),
        "source_keys": _source_keys(attributes),
        "tags": tags,
        "note": line.note,
        "confidence": line.confidence,
        "origin": line.origin,
        "score": line.score,
        "external_id": line.external_id,
    }


def _source_keys(attributes: Json) -> list[str] | None:
    named = attributes.get("sources")
    return list(dict.fromkeys(fold(one["name"]) for one in named)) if named else None


def _stands(piece: Piece, body: str) -> bool:
    """Whether the piece has offsets in code points that fit, and its quote stands there."""
    start, end = piece.start, piece.end
    if start is None or end is None or piece.fragments or piece.unit not in (None, "codepoint"):
        return False
    if not 0 <= start < end <= len(body):
        return False
    exact = piece.exact
    return exact is None or (len(exact) == end - start and body.startswith(exact, start))


def _plain_parts(parts: Parts, body: str) -> Json | None:
    made: Json = {}
    for name in PARTS:
        pieces: list[Piece] = getattr(parts, name)
        if not all(_stands(piece, body) for piece in pieces):
            return None
        made[name] = [
            {"start": piece.start, "end": piece.end, "exact": body[piece.start : piece.end]}
            for piece in pieces
        ]
    return made


def _checked(frame: Frame, line: AnnotationLine, text: Text, rules: Rules) -> Json:
    """The columns by the API's own checks; Rejected with every fault they find."""
    parts: Json = {}
    if line.parts is not None:
        for name in PARTS:
            parts[name] = [_given(frame, piece) for piece in getattr(line.parts, name)]
    body: Json = {
        "kind": line.kind,
        "target": _given(frame, line.target),
        "parts": parts,
        "attributes": line.attributes if len(line.attributes) else None,
        "tags": line.tags,
        "note": line.note,
        "confidence": line.confidence,
        "origin": line.origin,
        "score": line.score,
        "external_id": line.external_id,
    }
    try:
        return drafted(body, text, rules)
    except Faulty as faulty:
        raise Rejected(faulty.errors) from None


def _given(frame: Frame, piece: Piece) -> Json:
    unit = piece.unit or frame.unit.value
    given: Json = {"unit": unit}
    for name in ("start", "end", "exact", "prefix", "suffix"):
        if (value := getattr(piece, name)) is not None:
            given[name] = value
    if piece.fragments:
        given["fragments"] = [{**_given(frame, one), "unit": unit} for one in piece.fragments]
    return given


def _add(frame: Frame, row: Json) -> None:
    if row["score"] is not None:
        row["score"] += 0.0  # there is no -0.0
    attributes = dumps(row["attributes"])
    told = {**row, "attributes": orjson.Fragment(attributes)}
    frame.add_change("annotation", row, core(told), row["article_id"])
    row["attributes"] = attributes.decode()
    row["tags"] = dumps(row["tags"]).decode() if row["tags"] else "[]"
    for name in ("fragments", "parts", "source_keys"):
        row[name] = _json(row[name])
    frame.rows.add("annotations", row)


def _verdict(frame: Frame, row: Json, verdict: VerdictMember) -> Json:
    created = frame.begun
    if verdict.created_at is not None:
        created = moment(verdict.created_at, "/verdict/created_at")
    updated = moment(verdict.updated_at, "/verdict/updated_at") if verdict.updated_at else created
    return {
        "annotation_id": row["id"],
        "project_id": frame.project_id,
        "label": verdict.label,
        "justification": verdict.justification,
        "user_id": frame.people.id_of(verdict.by, "/verdict/by"),
        "version": verdict.version,
        "created_at": created,
        "updated_at": updated,
    }


def _json(value: Any) -> str | None:
    return None if value is None else dumps(value).decode()
