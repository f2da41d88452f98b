"""Links that come in."""

from app.exchange.imports.frame import Frame
from app.exchange.imports.reporting import rejected
from app.exchange.imports.stores import FoundThing, Pair
from app.exchange.imports.tables import Json
from app.exchange.native.lines import LinkLine
from app.kernel.ids import new_id
from app.links.presenting import core

_SAID = ("relation", "basis", "independence", "rationale", "confidence")


def link(frame: Frame, line: LinkLine) -> bool:
    """Bring in a link; whether it is new. Raises Rejected.

    One that goes by this id or external id, or joins a pair that its author has joined in
    this layer, is here already.
    """
    known = frame.known
    if frame.find(known.links, line):
        return False
    row = _row(frame, line)
    pair = Pair(row["pair_low"], row["pair_high"], row["author_id"], row["layer"])
    if pair in known.pairs:
        return False
    known.bring_pair(pair)
    id_ = row["id"]
    brought = FoundThing(id_, line.id or id_, line.external_id, row["author_id"], seen=True)
    known.links.bring(brought)
    frame.rows.add("links", row)
    frame.add_change("link", row, core(row))
    return True


def _row(frame: Frame, line: LinkLine) -> Json:
    frame.check_state(line.state, line.layer)
    one = _end(frame, line.from_, line.from_external_id, "/from")
    other = _end(frame, line.to, line.to_external_id, "/to")
    if one.id == other.id:
        raise rejected("/to", "self_link", "An annotation is not linked to itself.")
    low, high = sorted((one.id, other.id))
    return {
        **frame.kept(line),
        "id": new_id(),
        "from_id": one.id,
        "to_id": other.id,
        "pair_low": low,
        "pair_high": high,
        **{name: getattr(line, name) for name in _SAID},
        "group_name": line.group,
        "state": line.state,
        "layer": line.layer,
        "external_id": line.external_id,
    }


def _end(frame: Frame, key: str | None, name: str | None, pointer: str) -> FoundThing:
    found = frame.known.annotations.get(key, name)
    if found is not None and found.seen:
        return found
    told = "There is no such annotation in the project or in an earlier line."
    pointer = pointer if key is not None or name is None else f"{pointer}_external_id"
    raise rejected(pointer, "unknown_annotation", told)
