"""One-to-one pairing of two layers of spans: the rule that all comparisons share.

First every span is paired with one of exactly the same extent. What is left is paired where
extents overlap: as many pairs as can be, and among equally many the one sharing the most text.
Exact pairs come first so that no twin is torn apart to win a pair elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

_ALONE = -1
Extent = tuple[tuple[int, int], ...]
"""Fragments (start, end) in text order; a continuous span has one."""


class Pair(NamedTuple):
    """Places in the first and in the second layer."""

    first: int
    second: int


def shared(one: Extent, other: Extent) -> int:
    """How many code points two extents have in common."""
    return sum(
        max(0, min(end, other_end) - max(start, other_start))
        for start, end in one
        for other_start, other_end in other
    )


def pair_exact(first: Sequence[Extent], second: Sequence[Extent]) -> list[Pair]:
    """Pairs of identical extents, each place used once, in order of the first layer. O(n)."""
    waiting: dict[Extent, list[int]] = defaultdict(list)
    for place in range(len(second) - 1, -1, -1):
        waiting[second[place]].append(place)
    return [
        Pair(place, waiting[extent].pop())
        for place, extent in enumerate(first)
        if waiting.get(extent)
    ]


def pair_overlapping(first: Sequence[Extent], second: Sequence[Extent]) -> list[Pair]:
    """Pairs by the rule of this module, exact ones included, in order of the first layer.

    O(n log n) where spans are sparse; of a heap of k spans that all overlap O(k³ log k) at worst.
    """
    pairs = pair_exact(first, second)
    alone_first = sorted(set(range(len(first))).difference(pair.first for pair in pairs))
    alone_second = sorted(set(range(len(second))).difference(pair.second for pair in pairs))
    if not alone_first or not alone_second:
        return pairs
    overlaps = _overlaps([first[one] for one in alone_first], [second[two] for two in alone_second])
    weights = {Pair(alone_first[one], alone_second[two]): weight for one, two, weight in overlaps}
    return sorted(pairs + best_pairs(weights))


def best_pairs(weights: Mapping[Pair, int]) -> list[Pair]:
    """The one-to-one choice with the most pairs and, among those, the greatest total weight.

    Weights are positive. Ties fall to the earlier places. See `_Choice` for how and at what cost.
    """
    # One more pair must outweigh any gain in weight.
    bonus = 1 + sum(weights.values())
    choice = _Choice({pair: bonus + weight for pair, weight in weights.items()})
    for row in sorted(choice.gains):
        choice.place(row)
    return sorted(Pair(row, column) for column, row in choice.owner.items())


def _overlaps(first: Sequence[Extent], second: Sequence[Extent]) -> Iterator[tuple[int, int, int]]:
    """Every overlapping pair with its shared length, by a sweep over the envelopes."""
    ahead = sorted(range(len(second)), key=lambda place: second[place][0][0])
    following = iter(ahead)
    upcoming = next(following, None)
    live: list[int] = []
    for one in sorted(range(len(first)), key=lambda place: first[place][0][0]):
        start, end = first[one][0][0], first[one][-1][1]
        live = [place for place in live if second[place][-1][1] > start]
        while upcoming is not None and second[upcoming][0][0] < end:
            if second[upcoming][-1][1] > start:
                live.append(upcoming)
            upcoming = next(following, None)
        for other in live:
            if weight := shared(first[one], second[other]):
                yield one, other, weight


class _Choice:
    """Rows placed one after the other, each by the cheapest augmenting path.

    That is the Hungarian method (Kuhn 1955) on a sparse matrix, with Dijkstra's search over
    reduced costs (Edmonds and Karp 1972): a search goes no further than to the nearest column
    that is free, or row that better stays alone. Costs are gains below zero; staying alone costs
    nothing. Time O(k e log e) for k rows and e pairs at worst; where spans overlap only near
    ones, searches are short, and it is a little more than e.
    """

    def __init__(self, gains: Mapping[Pair, int]) -> None:
        self.gains: dict[int, dict[int, int]] = defaultdict(dict)
        for (row, column), gain in gains.items():
            self.gains[row][column] = gain
        self.owner: dict[int, int] = {}
        self._owned: dict[int, int] = {}
        self._row_price: dict[int, int] = {}
        self._column_price: dict[int, int] = defaultdict(int)

    def place(self, row: int) -> None:
        """Give `row` a column or none, moving earlier rows where that gains more overall."""
        prices = self._column_price
        best = max(gain + prices[column] for column, gain in self.gains[row].items())
        self._row_price[row] = min(0, -best)
        ahead: list[tuple[int, int, int]] = []
        reached_from: dict[int, int] = {}
        settled: dict[int, int] = {}
        distance, current = 0, row
        while True:
            begun = distance - self._row_price[current]
            heappush(ahead, (begun, _ALONE, current))
            for column, gain in self.gains[current].items():
                if column not in settled:
                    heappush(ahead, (begun - gain - prices[column], column, current))
            distance, column, taker = heappop(ahead)
            while column in settled:
                distance, column, taker = heappop(ahead)
            if column not in self.owner:  # free, or nobody's for being alone
                break
            settled[column], reached_from[column] = distance, taker
            current = self.owner[column]
        self._reprice(row, distance, settled)
        self._hand_on(column, taker, reached_from, row)

    def _reprice(self, row: int, distance: int, settled: Mapping[int, int]) -> None:
        for column, at in settled.items():
            self._column_price[column] -= distance - at
            self._row_price[self.owner[column]] += distance - at
        self._row_price[row] += distance

    def _hand_on(self, column: int, taker: int, reached_from: Mapping[int, int], row: int) -> None:
        """Along the path each row takes the next column; what it had goes to the one before."""
        while True:
            had = self._owned.pop(taker, _ALONE)
            if column != _ALONE:
                self.owner[column], self._owned[taker] = taker, column
            if taker == row:
                return
            column, taker = had, reached_from[had]
