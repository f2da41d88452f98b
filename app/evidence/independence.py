"""Whether two statements have one origin, and how many origins several have. Pure.

Two papers that print one agency report, or quote one spokesman, are one piece of evidence. So
support is counted by origin, in these steps:

1. What people judged to be of the `same_origin`, directly or through others, is one origin, and
   bears the marks of all of them. Somebody looked and said so: nothing outweighs that.
2. Else two statements share an origin when they share a mark: the article, its publisher, the
   text it credits, or a source that is reported to say it. Publishers, credited texts and
   sources are one list of names, for a paper that quotes an agency and the agency's own report
   have one origin. What is not known (no publisher, an unnamed source) joins nothing.
3. A link that says `independent` outweighs step 2 between its own two ends, and there alone.
4. Several statements have as many origins as there are groups of them that steps 1 to 3 hold
   together, directly or through others. Counting through others errs on the side of fewer.

A statement is independent of another when they share no origin directly (steps 1 to 3): that
each shares one with a third says nothing of the two.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.evidence.unions import Unions

Mark = tuple[str, str]
SAME = "same_origin"
ARTICLE, NAME = "article", "name"
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Witness:
    """A statement and what is known of where it comes from; names are folded.

    `sources` are those who are reported to say it, without the unnamed.
    """

    id: str
    article: str
    publisher: str | None = None
    credited_source: str | None = None
    sources: frozenset[str] = frozenset()

    def marks(self) -> dict[Mark, str]:
        """What can be shared, each with the word for how this statement bears it."""
        said: dict[Mark, str] = {(NAME, name): "source" for name in self.sources}
        if self.credited_source is not None:
            said[NAME, self.credited_source] = "credited_source"
        if self.publisher is not None:
            said[NAME, self.publisher] = "publisher"
        said[ARTICLE, self.article] = "article"
        return said


class Origins:
    """The origins of some statements, with what people judged of pairs of them.

    `judgements` are (one, other, independence) of links; those about others are passed over.
    Cost: O(n) for n statements and judgements together, times the marks of a statement.
    """

    def __init__(
        self, witnesses: Iterable[Witness], judgements: Iterable[tuple[str, str, str | None]] = ()
    ) -> None:
        self._marks = {witness.id: witness.marks() for witness in witnesses}
        self._numbers = {id_: number for number, id_ in enumerate(self._marks)}
        self._bundles = Unions(len(self._numbers))
        self._apart: dict[str, set[str]] = defaultdict(set)
        for one, other, independence in judgements:
            if one in self._numbers and other in self._numbers:
                self._judge(one, other, independence)
        self._shared: dict[int, dict[Mark, str]] = defaultdict(dict)
        for id_, marks in self._marks.items():
            for mark, word in marks.items():
                self._shared[self._bundle(id_)].setdefault(mark, word)

    def shared(self, one: str, other: str) -> tuple[str, ...]:
        """How `other` shares an origin with `one`, in words; none where it is independent."""
        if self._bundle(one) == self._bundle(other):
            return (SAME,)
        if other in self._apart.get(one, _NONE):
            return ()
        mine, theirs = self._shared[self._bundle(one)], self._shared[self._bundle(other)]
        return tuple(sorted({theirs[mark] for mark in mine.keys() & theirs.keys()}))

    def grouped(self, ids: Collection[str]) -> dict[str, int]:
        """These statements' origins, numbered from 1 in the order of ids."""
        joined = Unions(len(self._numbers))
        bearing: dict[Mark, list[str]] = defaultdict(list)
        for id_ in sorted(ids):
            joined.join(self._numbers[id_], self._bundle(id_))
            for mark in self._shared[self._bundle(id_)]:
                bearing[mark].append(id_)
        for bearers in bearing.values():
            self._join(bearers, joined)
        found: dict[int, int] = {}
        return {
            id_: found.setdefault(joined.top(self._numbers[id_]), len(found) + 1)
            for id_ in sorted(ids)
        }

    def count(self, ids: Collection[str]) -> int:
        """How many origins these statements have."""
        return len(set(self.grouped(ids).values()))

    def _judge(self, one: str, other: str, independence: str | None) -> None:
        if independence == SAME:
            self._bundles.join(self._numbers[one], self._numbers[other])
        elif independence == "independent":
            self._apart[one].add(other)
            self._apart[other].add(one)

    def _bundle(self, id_: str) -> int:
        return self._bundles.top(self._numbers[id_])

    def _join(self, bearers: Iterable[str], joined: Unions) -> None:
        """Join what bears one mark, but for the pairs that people hold apart.

        Whatever is not held apart from the one at hand is taken out of what is left, so that
        everything is looked at once, and once more for each pair that is held apart.
        """
        left = dict.fromkeys(bearers)
        while left:
            waiting = [next(iter(left))]
            del left[waiting[0]]
            while waiting and left:
                one = waiting.pop()
                apart = self._apart.get(one, _NONE)
                near = [id_ for id_ in left if id_ not in apart]
                for id_ in near:
                    joined.join(self._numbers[one], self._numbers[id_])
                    del left[id_]
                waiting += near
