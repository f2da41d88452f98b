"""Who reports what: the innermost attribution in whose content a target lies.

An attribution's content may be several spans; its `Target` is all of them together
(`Target.of`). A target lies in it when each of its fragments does, edges included.
"""

from bisect import insort
from collections.abc import Iterable
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from app.annotations.spans import Target, contains

Id = TypeVar("Id", str, int, UUID)


_NEVER = float("inf")


class _Content(NamedTuple, Generic[Id]):
    """An attribution's content, with what the sweep asks of it at hand."""

    closeness: tuple[int, int, Id]
    start: int
    end: int
    target: Target

    @property
    def id(self) -> Id:
        return self.closeness[2]


def innermost(
    target: Target, contents: Iterable[tuple[Id, Target]], own: Id | None = None
) -> Id | None:
    """The id of the smallest of `contents` that holds `target`, or None.

    `contents` are attributions' ids and contents, in any order, each id once. Size counts the
    marked code points; of equals the one that starts later is closer, then the smaller id.
    `own` is the id of the annotation that is asked for: an attribution never reports itself.
    """
    holding = (
        _content(id_, content)
        for id_, content in contents
        if id_ != own and contains(content, target)
    )
    closest = min(holding, key=_closeness, default=None)
    return closest.id if closest else None


def innermost_of_each(
    targets: Iterable[tuple[Id, Target]], contents: Iterable[tuple[Id, Target]]
) -> dict[Id, Id | None]:
    """`innermost` for all annotations of one article at once: annotation id → attribution id.

    `targets` are all annotations, the attributions among them included. One sweep over the text
    keeps the contents that are open at a place, closest first; the cost is
    O((n + m) log(n + m) + n * depth), depth being how many contents are open at once.
    """
    coming = sorted((_content(*pair) for pair in contents), key=lambda c: -c.start)
    still_open: list[_Content[Id]] = []
    answer: dict[Id, Id | None] = {}
    first_end = _NEVER
    placed = [(target.start, id_, target) for id_, target in targets]
    for start, id_, target in sorted(placed, key=itemgetter(0)):
        while coming and coming[-1].start <= start:
            content = coming.pop()
            insort(still_open, content, key=_closeness)
            first_end = min(first_end, content.end)
        if first_end <= start:
            still_open = [content for content in still_open if content.end > start]
            first_end = min((content.end for content in still_open), default=_NEVER)
        answer[id_] = _first_holding(still_open, target, id_) if still_open else None
    return answer


def _first_holding(contents: list[_Content[Id]], target: Target, own: Id) -> Id | None:
    ends_at = target.end
    # The names are unpacked and the end compared first: this line runs for every open content.
    for (_, _, id_), _, end, content in contents:
        if end >= ends_at and id_ != own and contains(content, target):
            return id_
    return None


def _content(id_: Id, target: Target) -> _Content[Id]:
    start = target.start
    return _Content((target.size, -start, id_), start, target.end, target)


def _closeness(content: _Content[Id]) -> tuple[int, int, Id]:
    return content.closeness
