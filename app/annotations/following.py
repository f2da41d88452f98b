"""An annotation in a new text: its target and its parts, found again together. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.annotations.spans import Target, contains
from app.articles.anchoring import ORPHANED as LOST
from app.articles.anchoring import Anchored, Anchors, Status

Parts = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Followed:
    """Where an annotation is in the new text. `target` and `parts` are None when it is orphaned.

    `score` is that of its least sure span; 0 where a part has no place any more, or lies outside
    the target in which it lay. `parts` is None, too, for a kind that has none.
    """

    status: Status
    score: float
    target: Target | None
    parts: Parts | None


ORPHANED = Followed(Status.ORPHANED, 0.0, None, None)


def follow(anchors: Anchors, target: Target, parts: Parts | None) -> Followed:
    """Find an annotation of the old text again in the new one.

    The target decides whether it stands at all. A part without a place is left out, since the
    words it marked are gone, and so is a guess that leads out of the target; the annotation is
    then uncertain: someone should look at it.
    """
    whole = anchors.find(target)
    if whole.target is None:
        return ORPHANED
    pieces: list[tuple[str, Anchored]] = []
    every, broken = [whole], False
    for name, before in _pieces(parts):
        found = anchors.find(before)
        left = contains(target, before) and not _holds(whole.target, found.target)
        broken = broken or left or found.target is None
        if left and found.status is Status.UNCERTAIN:
            found = LOST
        pieces.append((name, found))
        every.append(found)
    told = _told(anchors.new, parts, pieces)
    if broken:
        return Followed(Status.UNCERTAIN, 0.0, whole.target, told)
    return Followed(_worst(every), min(found.score for found in every), whole.target, told)


def _holds(whole: Target, part: Target | None) -> bool:
    return part is not None and contains(whole, part)


def _pieces(parts: Parts | None) -> list[tuple[str, Target]]:
    return [
        (name, Target.single(piece["start"], piece["end"]))
        for name, pieces in (parts or {}).items()
        for piece in pieces
    ]


def _worst(every: list[Anchored]) -> Status:
    for status in (Status.UNCERTAIN, Status.MOVED):
        if any(one.status is status for one in every):
            return status
    return Status.KEPT


def _told(text: str, parts: Parts | None, found: list[tuple[str, Anchored]]) -> Parts | None:
    if parts is None:
        return None
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in parts}
    for name, one in found:
        if one.target is not None:
            start, end = one.target.start, one.target.end
            told[name].append({"start": start, "end": end, "exact": text[start:end]})
    return told
