"""Which links go over to the adjudicated annotations, and which stay to be decided on. Pure.

A link goes over when both its ends were accepted. Links that then join one pair are one link, as
both relations are symmetric. Where they name different relations, someone has to decide.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.kernel.errors import fault, refused
from app.reviews.adjudication.rulings import Ruling

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ready:
    """An annotators' link whose ends were accepted: `pair` are their results, in order."""

    id: str
    pair: Pair
    relation: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of links: rulings that make adjudicated links, and what joins earlier ones.

    `joining` has the ids of links that say of a settled pair what was settled.
    """

    rulings: list[Ruling]
    joining: dict[Pair, tuple[str, ...]]


def carry(
    ready: Sequence[Ready],
    decided: Sequence[Ruling],
    settled: Mapping[Pair, str],
    may: Callable[[tuple[str, ...]], bool],
) -> Carried:
    """Carry over what nobody disagrees on, beside what the adjudicator decided.

    `settled` are the pairs that have an adjudicated link, with its relation. Links that say the
    same as a decision join it. `may` asks whether these links may be carried.
    """
    links = {link.id: link for link in ready}
    named = {id_ for ruling in decided for id_ in ruling.ids}
    waiting: dict[Pair, list[Ready]] = defaultdict(list)
    for link in ready:
        if link.id not in named:
            waiting[link.pair].append(link)
    found: list[Ruling] = []
    for ruling in decided:
        if ruling.action == "accept":
            first = links[ruling.ids[0]]
            relation = ruling.changes.get("relation") or first.relation
            also = _saying(waiting.pop(first.pair, ()), relation)
            ruling = replace(ruling, ids=ruling.ids + also)
        found.append(ruling)
    joining: dict[Pair, tuple[str, ...]] = {}
    for pair, rest in sorted(waiting.items()):
        if pair in settled:
            joining[pair] = _saying(rest, settled[pair])
        elif len({link.relation for link in rest}) == 1 and may(ids := _ids(rest)):
            found.append(Ruling("/links", "accept", ids, how="carried"))
    return Carried(found, {pair: ids for pair, ids in joining.items() if ids})


def check_pairs(decided: Iterable[Ruling], ready: Iterable[Ready], settled: Iterable[Pair]) -> None:
    """Invalid unless each accepted ruling settles one pair that nothing else settles."""
    links = {link.id: link for link in ready}
    taken, errors = set(settled), []
    for ruling in decided:
        if ruling.action != "accept":
            continue
        at = f"{ruling.pointer}/accept"
        open_ends = [place for place, id_ in enumerate(ruling.ids) if id_ not in links]
        told = "Both ends of a link must be accepted, into two different annotations."
        errors += [fault(f"{at}/{place}", "end_not_accepted", told) for place in open_ends]
        pairs = {links[id_].pair for id_ in ruling.ids if id_ in links}
        if len(pairs) > 1:
            told = "These links do not join the same two adjudicated annotations."
            errors.append(fault(at, "different_pairs", told))
        elif pairs & taken:
            told = "These two adjudicated annotations are linked already."
            errors.append(fault(at, "already_linked", told))
        taken |= pairs
    if errors:
        raise refused(errors)


def _saying(links: Iterable[Ready], relation: str) -> tuple[str, ...]:
    return _ids(link for link in links if link.relation == relation)


def _ids(links: Iterable[Ready]) -> tuple[str, ...]:
    return tuple(link.id for link in links)
