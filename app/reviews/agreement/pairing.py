"""One-to-one pairing of two layers of spans: the rule that all comparisons share.

First every span is paired with one of exactly the same extent. What is left is paired where
extents overlap: as many pairs as can be, and among equally many the one sharing the most text.
Exact pairs come first so that no twin is torn apart to win a pair elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

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

    O(n log n) where spans are sparse; a heap of k spans all overlapping each other costs O(k³).
    """
    pairs = pair_exact(first, second)
    done_first = {pair.first for pair in pairs}
    done_second = {pair.second for pair in pairs}
    weights = {
        Pair(one, other): weight
        for one, other, weight in _overlaps(first, second)
        if one not in done_first and other not in done_second
    }
    return sorted(pairs + best_pairs(weights))


def best_pairs(weights: Mapping[Pair, int]) -> list[Pair]:
    """The one-to-one choice with the most pairs and, among those, the greatest total weight.

    Weights are positive. Each connected group is solved for itself by the Hungarian method
    (Kuhn 1955), in O(k³) for a group of k; ties fall to the earlier places.
    """
    chosen: list[Pair] = []
    for group in _components(sorted(weights)):
        rows = sorted({pair.first for pair in group})
        columns = sorted({pair.second for pair in group})
        # One more pair must outweigh any gain in shared text.
        bonus = 1 + sum(weights[pair] for pair in group)
        gain = {pair: bonus + weights[pair] for pair in group}
        matrix = [[-gain.get(Pair(row, column), 0) for column in columns] for row in rows]
        picked = (Pair(rows[r], columns[c]) for r, c in _assign(matrix))
        chosen += [pair for pair in picked if pair in gain]
    return sorted(chosen)


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


def _components(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs in groups that share no place with one another."""
    rows: dict[int, list[Pair]] = defaultdict(list)
    columns: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        rows[pair.first].append(pair)
        columns[pair.second].append(pair)
    seen: set[Pair] = set()
    groups: list[list[Pair]] = []
    for seed in pairs:
        if seed in seen:
            continue
        group, frontier = [], [seed]
        seen.add(seed)
        while frontier:
            pair = frontier.pop()
            group.append(pair)
            fresh = [p for p in rows[pair.first] + columns[pair.second] if p not in seen]
            seen.update(fresh)
            frontier += dict.fromkeys(fresh)
        groups.append(sorted(group))
    return groups


def _assign(cost: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The cheapest complete assignment of a rectangular matrix, as (row, column)."""
    if len(cost) > len(cost[0]):
        flipped = [list(column) for column in zip(*cost, strict=True)]
        return [(row, column) for column, row in _assign(flipped)]
    solver = _Hungarian(cost)
    for row in range(len(cost)):
        solver.place(row)
    return sorted((row, column) for column, row in enumerate(solver.owner) if row >= 0)


class _Hungarian:
    """Rows placed one after the other, each by the cheapest augmenting path (dual potentials)."""

    def __init__(self, cost: Sequence[Sequence[int]]) -> None:
        self.cost = cost
        self.row_price = [0] * len(cost)
        self.column_price = [0] * len(cost[0])
        self.owner = [-1] * len(cost[0])

    def place(self, row: int) -> None:
        """Give `row` a column, moving earlier rows where that is cheaper overall."""
        slack: dict[int, int] = {}
        reached_from: dict[int, int] = {}
        rows, current, column = [row], row, -1
        settled: list[int] = []
        open_columns = list(range(len(self.owner)))
        while True:
            for place in open_columns:
                reduced = self.cost[current][place] - self.row_price[current]
                reduced -= self.column_price[place]
                if place not in slack or reduced < slack[place]:
                    slack[place], reached_from[place] = reduced, column
            column = min(open_columns, key=lambda place: (slack[place], place))
            self._reprice(slack[column], rows, settled)
            for place in open_columns:
                slack[place] -= slack[column] if place != column else 0
            open_columns.remove(column)
            settled.append(column)
            if self.owner[column] < 0:
                break
            current = self.owner[column]
            rows.append(current)
        self._augment(column, reached_from, row)

    def _reprice(self, step: int, rows: Sequence[int], settled: Sequence[int]) -> None:
        for row in rows:
            self.row_price[row] += step
        for column in settled:
            self.column_price[column] -= step

    def _augment(self, column: int, reached_from: Mapping[int, int], row: int) -> None:
        while (before := reached_from[column]) >= 0:
            self.owner[column] = self.owner[before]
            column = before
        self.owner[column] = row
