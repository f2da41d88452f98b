"""What an adjudicator says, checked against what there is to decide on. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.kernel.errors import Forbidden, fault, refused

Json = dict[str, Any]
SAID = frozenset({"accept", "reject", "reason"})


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision on annotations, or on links: `ids` are what it is about, the first leading.

    `pointer` is where the request says so, `how` one of decided, strategy and carried, and
    `changes` what the result shall say other than the first of `ids` does.
    """

    pointer: str
    action: str
    ids: tuple[str, ...]
    how: str = "decided"
    reason: str | None = None
    changes: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Docket:
    """What there is to decide on: authors by id; and the decisions that stand, by id likewise."""

    authors: Mapping[str, str]
    decided: Mapping[str, str]


def rulings(items: Sequence[Json], docket: Docket, at: str) -> list[Ruling]:
    """The decisions of a request, each `{accept or reject: ids, …}`, found below pointer `at`.

    Raises Invalid with every id that is not to be decided on, or twice.
    """
    errors: list[Json] = []
    seen: set[str] = set()
    found: list[Ruling] = []
    for index, item in enumerate(items):
        action = "accept" if "accept" in item else "reject"
        ids, pointer = tuple(item[action]), f"{at}/{index}"
        for place, id_ in enumerate(ids):
            errors += _faults(id_, docket, seen, f"{pointer}/{action}/{place}")
            seen.add(id_)
        changes = {name: value for name, value in item.items() if name not in SAID}
        reason = item.get("reason")
        found.append(Ruling(pointer, action, ids, reason=reason, changes=changes))
    if errors:
        raise refused(errors)
    return found


def check_own_work(found: Iterable[Ruling], docket: Docket, actor_id: str) -> None:
    """Forbidden where someone decides on what nobody but they made."""
    for ruling in found:
        if only_own(ruling.ids, docket.authors, actor_id):
            told = "In this project nobody adjudicates what only they made themselves."
            raise Forbidden(told, code="own_work", pointer=ruling.pointer)


def only_own(ids: Iterable[str], authors: Mapping[str, str], actor_id: str) -> bool:
    """Whether one person made all of these."""
    return all(authors[id_] == actor_id for id_ in ids)


def by_strategy(
    parties: Iterable[tuple[str, ...]], taken: set[str], may: Callable[[tuple[str, ...]], bool]
) -> list[Ruling]:
    """Accept each party that was marked alike, of which nothing is decided otherwise."""
    return [
        Ruling("/strategy", "accept", ids, how="strategy")
        for ids in parties
        if not taken & set(ids) and may(ids)
    ]


def _faults(id_: str, docket: Docket, seen: set[str], pointer: str) -> list[Json]:
    if id_ in docket.decided:
        told = "This was decided on before; withdraw that decision first."
        return [fault(pointer, "already_decided", told, decision=docket.decided[id_])]
    if id_ not in docket.authors:
        told = "This is not the work of an annotator on the present text of this article."
        return [fault(pointer, "not_of_article", told)]
    if id_ in seen:
        return [fault(pointer, "decided_twice", "This stands in more than one decision.")]
    return []
