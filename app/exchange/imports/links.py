"""Links that come in."""

from collections.abc import Sequence

from app.exchange.imports.frame import Frame
from app.exchange.imports.reporting import Place, Rejected, rejected
from app.exchange.imports.stores import FoundThing, Pair
from app.exchange.imports.tables import Json
from app.exchange.native.lines import LinkLine
from app.kernel.ids import new_id
from app.links.presenting import core

_EDITABLE = ("relation", "basis", "independence", "rationale", "confidence")


def links(frame: Frame, lines: Sequence[tuple[Place, LinkLine]]) -> None:
    """Bring in the links of a batch, whose annotations have come before.

    One that goes by this id or external id, or joins a pair that its author has joined in
    this layer, is here already.
    """
    ready: list[tuple[Place, LinkLine, Json]] = []
    for place, line in lines:
        try:
            if frame.known.links.get(line.id, line.external_id):
                frame.report.unchanged += 1
            else:
                ready.append((place, line, _row(frame, line)))
        except Rejected as error:
            frame.report.refuse(place, error.faults)
    frame.known.look_for_pairs(row["pair_low"] for _, _, row in ready)
    for _, line, row in ready:
        _add(frame, line, row)


def _row(frame: Frame, line: LinkLine) -> Json:
    frame.check_state(line.state, line.layer)
    one = _end(frame, line.from_, line.from_external_id, "/from")
    other = _end(frame, line.to, line.to_external_id, "/to")
    if one.id == other.id:
        raise rejected("/to", "self_link", "An annotation is not linked to itself.")
    low, high = sorted((one.id, other.id))
    return {
        **frame.kept(line),
        "from_id": one.id,
        "to_id": other.id,
        "pair_low": low,
        "pair_high": high,
        **{name: getattr(line, name) for name in _EDITABLE},
        "group_name": line.group,
        "state": line.state,
        "layer": line.layer,
        "external_id": line.external_id,
    }


def _end(frame: Frame, key: str | None, name: str | None, pointer: str) -> FoundThing:
    found = frame.known.annotations.get(key, name)
    if found is not None and frame.sees(found):
        return found
    told = "There is no such annotation in the project or in an earlier line."
    pointer = pointer if key is not None or name is None else f"{pointer}_external_id"
    raise rejected(pointer, "unknown_annotation", told)


def _add(frame: Frame, line: LinkLine, row: Json) -> None:
    known = frame.known
    pair = Pair(row["pair_low"], row["pair_high"], row["author_id"], row["layer"])
    # An earlier line of the batch may have brought in the same.
    if pair in known.pairs or known.links.get(line.id, line.external_id):
        frame.report.unchanged += 1
        return
    row["id"] = new_id()
    known.pairs.add(pair)
    known.links.add(FoundThing(row["id"], line.id or row["id"], line.external_id, row["author_id"]))
    frame.rows.add("links", row)
    frame.add_change("link", row, core(row))
    frame.report.created["links"] += 1
