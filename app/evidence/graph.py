"""The signed graph of links: groups that hold together, and contradictions inside them. Pure.

Nodes are annotations. Corroboration joins them into groups, over however many links. A
contradiction between two groups says that they disagree, and nothing is wrong with that. One
inside a group is a conflict: by the chain of corroborations between its ends they say the same,
by the contradiction they do not, so one of these links is wrong or worth a second look.

A conflict with its chain is a cycle with exactly one contradiction, and a signed graph can be
put into groups without any conflict exactly if it has no such cycle (J. A. Davis, Clustering and
structural balance in graphs, Human Relations 20, 1967). That is weaker than Harary's balance, on
purpose: what contradicts the same thing need not agree, three statements can exclude each other.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.evidence.unions import Unions

LONGEST_CHAIN = 100
MOST_LOOKED_AT = 10_000


@dataclass(frozen=True, slots=True)
class Edge:
    """A link between two annotations, in no direction."""

    link: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Step:
    """An annotation of a chain, and the link that leads to it; the first has none."""

    link: str | None
    node: str


class SignedGraph:
    """A signed graph, kept as numbers and the ids they stand for.

    Adding costs the same for every link, so n links take O(n); a link takes some 120 bytes and
    an annotation 250. Two links may join one pair, with the same sign or with both.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._ids: list[str] = []
        self._groups = Unions()
        self._agreeing, self._opposing = _Links(), _Links()

    def add(self, link: str, one: str, other: str, *, corroborates: bool) -> tuple[str, str]:
        """One link between two different annotations.

        Gives back the ids of both as they are kept here, so that nobody keeps a second copy.
        """
        first, second = self._number(one), self._number(other)
        (self._agreeing if corroborates else self._opposing).add(link, first, second)
        if corroborates:
            self._groups.join(first, second)
        return self._ids[first], self._ids[second]

    def __contains__(self, node: object) -> bool:
        return node in self._numbers

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """The annotations of each group in the order of ids, by the least of them.

        What is only contradicted is a group of one. Ask once every link is added.
        """
        found: dict[int, list[str]] = {}
        for id_, number in sorted(self._numbers.items()):
            found.setdefault(self._groups.top(number), []).append(id_)
        return {members[0]: members for members in found.values()}

    @cached_property
    def _names(self) -> dict[int, str]:
        """What each group is called, by the number that stands for it."""
        return {self._top(name): name for name in self.groups}

    def group_of(self, node: str) -> str:
        """The name of an annotation's group: the least id in it."""
        return self._names[self._top(node)]

    def between(self) -> Iterator[Edge]:
        """The contradictions between two groups, in the order they were added."""
        return (edge for edge, inside in self._contradictions() if not inside)

    def conflicts(self) -> Iterator[Edge]:
        """The contradictions inside a group, in the order they were added."""
        return (edge for edge, inside in self._contradictions() if inside)

    def chain(self, one: str, other: str) -> list[Step] | None:
        """A shortest chain of corroborations from one annotation to another of its group.

        Searched from both ends at once, a ring of neighbours at a time. None where they are not
        of one group, and past `LONGEST_CHAIN` links or `MOST_LOOKED_AT` annotations: so much
        and no more is the cost of a chain. The same links added in the same order give the same
        chain.
        """
        if self._top(one) != self._top(other):
            return None
        start, end = self._numbers[one], self._numbers[other]
        sides: tuple[_Reached, _Reached] = ({start: _NOWHERE}, {end: _NOWHERE})
        rims = [[start], [end]]
        for _ in range(LONGEST_CHAIN):
            side = 0 if len(rims[0]) <= len(rims[1]) else 1
            rims[side], met = self._ring(rims[side], sides[side], sides[1 - side])
            if met is not None:
                return self._told(sides, met)
            if len(sides[0]) + len(sides[1]) > MOST_LOOKED_AT:
                return None
        return None

    def _top(self, node: str) -> int:
        return self._groups.top(self._numbers[node])

    def _number(self, id_: str) -> int:
        number = self._numbers.get(id_)
        if number is None:
            number = self._numbers[id_] = self._groups.add()
            self._ids.append(id_)
        return number

    def _contradictions(self) -> Iterator[tuple[Edge, bool]]:
        for link, one, other in self._opposing:
            inside = self._groups.top(one) == self._groups.top(other)
            yield Edge(link, self._ids[one], self._ids[other]), inside

    def _ring(
        self, rim: list[int], mine: "_Reached", theirs: "_Reached"
    ) -> tuple[list[int], int | None]:
        """The next ring around one side, and the first in it that the other side has reached."""
        ring: list[int] = []
        for node in rim:
            for place, near in self._neighbours.of(node):
                if near not in mine:
                    mine[near] = (node, place)
                    ring.append(near)
        return ring, next((node for node in ring if node in theirs), None)

    def _told(self, sides: "tuple[_Reached, _Reached]", met: int) -> list[Step]:
        back, node = [met], met
        places: list[int] = []
        while sides[0][node] != _NOWHERE:
            node, place = sides[0][node]
            back.append(node)
            places.append(place)
        nodes, links = back[::-1], places[::-1]
        node = met
        while sides[1][node] != _NOWHERE:
            node, place = sides[1][node]
            nodes.append(node)
            links.append(place)
        steps = [
            Step(self._agreeing.ids[place], self._ids[node])
            for place, node in zip(links, nodes[1:], strict=True)
        ]
        return [Step(None, self._ids[nodes[0]]), *steps]

    @cached_property
    def _neighbours(self) -> "_Neighbours":
        return _Neighbours(len(self._ids), self._agreeing)


_Reached = dict[int, tuple[int, int]]
"""What a search has reached: from where, and over which link."""
_NOWHERE = (-1, -1)


class _Links:
    """Links of one sign: ids, and the numbers of both ends."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.ones, self.others = array("q"), array("q")

    def add(self, link: str, one: int, other: int) -> None:
        self.ids.append(link)
        self.ones.append(one)
        self.others.append(other)

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        return zip(self.ids, self.ones, self.others, strict=True)


class _Neighbours:
    """The links at each node, side by side in two rows of numbers."""

    def __init__(self, nodes: int, links: _Links) -> None:
        ends = (links.ones, links.others)
        self._first = first = array("q", bytes(8 * (nodes + 2)))
        for row in ends:
            for node in row:
                first[node + 2] += 1
        for node in range(2, nodes + 2):
            first[node] += first[node - 1]
        self._places = array("q", bytes(16 * len(links.ids)))
        self._nears = array("q", bytes(16 * len(links.ids)))
        for place, (one, other) in enumerate(zip(*ends, strict=True)):
            for node, near in ((one, other), (other, one)):
                self._places[first[node + 1]] = place
                self._nears[first[node + 1]] = near
                first[node + 1] += 1

    def of(self, node: int) -> Iterator[tuple[int, int]]:
        """The places of a node's links, in the order they were added, and where they lead."""
        start, end = self._first[node], self._first[node + 1]
        return zip(self._places[start:end], self._nears[start:end], strict=True)
