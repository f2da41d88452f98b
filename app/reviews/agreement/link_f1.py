"""F1 of two coders' links: which pairs of units both joined, and whether they said the same of it.

F1 = 2m / (|A| + |B|). A link is known by the unordered pair of things it joins, named alike in
both layers (`matching` gives such names); for `exact` the relation must be the same as well.
"""

from collections.abc import Iterable
from typing import NamedTuple

from app.reviews.agreement.span_f1 import F1Result, f1


class LinkKey(NamedTuple):
    """What a link joins, as an unordered pair of names, and how."""

    ends: frozenset[str]
    relation: str


class LinkF1:
    """Link F1 of one pair of coders over streamed sets of links.

    Repeats within one coder's links count once. Time O(links); memory O(1).
    """

    def __init__(self) -> None:
        self._batches = self._same = self._same_relation = 0
        self._first = [0, 0]
        self._second = [0, 0]

    def add(self, first: Iterable[LinkKey], second: Iterable[LinkKey]) -> None:
        """Take in both coders' links, of an article or of a whole project."""
        ours, theirs = set(first), set(second)
        our_ends = {link.ends for link in ours}
        their_ends = {link.ends for link in theirs}
        self._batches += 1
        self._same_relation += len(ours & theirs)
        self._same += len(our_ends & their_ends)
        self._first = [self._first[0] + len(ours), self._first[1] + len(our_ends)]
        self._second = [self._second[0] + len(theirs), self._second[1] + len(their_ends)]

    def exact(self) -> F1Result:
        """F1 where ends and relation must be the same."""
        return self._result(self._same_relation, self._first[0], self._second[0])

    def same_ends(self) -> F1Result:
        """F1 where joining the same two units is enough."""
        return self._result(self._same, self._first[1], self._second[1])

    def _result(self, matched: int, first: int, second: int) -> F1Result:
        value = f1(matched, first, second)
        return F1Result(value, first + second, 2, self._batches, matched, first, second)
