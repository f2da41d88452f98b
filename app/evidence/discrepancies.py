"""Figures that cannot both hold: those said to agree, and those on one measure. Pure.

Figures are on one measure when what they measure is the same text, folded, in a unit of the same
base. Figures that overlap in one article are one place, tagged by several people: two places
disagree when some figure of one excludes some figure of the other. Places that are linked, one
way or the other, are judged already and left to their link.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from app.annotations.names import fold
from app.evidence.figures import Figure, Reading

MOST_READINGS = 1000
"""How many different readings of one measure are compared, each with each."""


class Tie(NamedTuple):
    """A link between two figures."""

    link: str
    relation: str
    one: str
    other: str


class Discrepancy(NamedTuple):
    """Two figures that cannot both hold, in the order of their ids, and the link between them."""

    one: str
    other: str
    link: str | None = None
    relation: str | None = None


@dataclass(slots=True)
class _Place:
    """What one stretch of an article says of a measure: the figures tagged there."""

    figures: list[Figure]

    @property
    def id(self) -> str:
        return self.figures[0].id


@dataclass(slots=True)
class _Measure:
    """Figures on one measure: where they stand, by how they are read."""

    places: list[_Place] = field(default_factory=list)
    readings: dict[Reading, list[tuple[_Place, Figure]]] = field(default_factory=dict)
    excluding: dict[Reading, list[Reading]] = field(default_factory=dict)
    complete: bool = True

    def partners(self, reading: Reading) -> list[Reading]:
        """The readings that exclude this one, of those that are compared."""
        if reading not in self.excluding:
            others = self.readings if reading in self.readings else ()
            self.excluding[reading] = [each for each in others if reading.excludes(each)]
        return self.excluding[reading]

    def bound(self) -> None:
        """Leave out what is more than can be compared."""
        for reading in list(self.readings)[MOST_READINGS:]:
            del self.readings[reading]
            self.complete = False


class Discrepancies:
    """What cannot hold together among figures and the links between them.

    Time: O(n log n) for n figures and links, and for each measure the square of the number of
    its different readings, of which at most `MOST_READINGS` are compared; `complete` tells
    whether that was enough. Memory: the figures.
    """

    def __init__(self, figures: Iterable[Figure], ties: Iterable[Tie], tolerance: Decimal) -> None:
        self.figures = {figure.id: figure for figure in figures}
        self._readings = {id_: figure.reading(tolerance) for id_, figure in self.figures.items()}
        known = self.figures.keys()
        self._ties = [tie for tie in ties if tie.one in known and tie.other in known]
        self._place_of: dict[str, _Place] = {}
        self._measures = self._measured()
        self.complete = all(measure.complete for measure in self._measures.values())

    def found(self, relations: Iterable[str | None]) -> Iterator[Discrepancy]:
        """Those of links of these relations, None for unlinked, in the order of both ids."""
        wanted = set(relations)
        linked = sorted(self._linked(wanted))
        return heapq.merge(linked, self._unlinked() if None in wanted else ())

    def _linked(self, relations: set[str | None]) -> Iterator[Discrepancy]:
        for tie in self._ties:
            one, other = sorted((tie.one, tie.other))
            if tie.relation in relations and self._readings[one].excludes(self._readings[other]):
                yield Discrepancy(one, other, tie.link, tie.relation)

    def _unlinked(self) -> Iterator[Discrepancy]:
        judged = self._judged()
        every = [
            (place.id, place, measure)
            for measure in self._measures.values()
            for place in measure.places
        ]
        waiting: list[Discrepancy] = []
        for id_, place, measure in sorted(every, key=lambda each: each[0]):
            # A place is named by its least figure, so what comes later begins with a later id.
            while waiting and waiting[0].one < id_:
                yield heapq.heappop(waiting)
            for pair in self._of_place(place, measure, judged):
                heapq.heappush(waiting, pair)
        while waiting:
            yield heapq.heappop(waiting)

    def _of_place(
        self, place: _Place, measure: _Measure, judged: set[tuple[str, str]]
    ) -> Iterator[Discrepancy]:
        """The least pair of figures for each later place that this one disagrees with."""
        least: dict[str, Discrepancy] = {}
        for figure in place.figures:
            for reading in measure.partners(self._readings[figure.id]):
                for there, other in measure.readings[reading]:
                    if there.id <= place.id or (place.id, there.id) in judged:
                        continue
                    pair = Discrepancy(min(figure.id, other.id), max(figure.id, other.id))
                    least[there.id] = min(least.get(there.id, pair), pair)
        return iter(least.values())

    def _judged(self) -> set[tuple[str, str]]:
        """The pairs of places between which there is a link."""
        pairs = set()
        for tie in self._ties:
            one, other = self._place_of.get(tie.one), self._place_of.get(tie.other)
            if one is not None and other is not None:
                low, high = sorted((one.id, other.id))
                pairs.add((low, high))
        return pairs

    def _measured(self) -> dict[tuple[str, str], _Measure]:
        by_measure: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        for figure in self.figures.values():
            measured = figure.attributes.get("measured")
            if measured is not None and self._readings[figure.id].values is not None:
                by_measure[fold(measured), self._readings[figure.id].base].append(figure)
        return {
            name: self._measure(figures) for name, figures in by_measure.items() if len(figures) > 1
        }

    def _measure(self, figures: list[Figure]) -> _Measure:
        measure = _Measure()
        for place in _places(figures):
            measure.places.append(place)
            for figure in place.figures:
                self._place_of[figure.id] = place
                here = measure.readings.setdefault(self._readings[figure.id], [])
                here.append((place, figure))
        measure.bound()
        return measure


def _places(figures: list[Figure]) -> list[_Place]:
    """The figures that overlap in one article together, in the order of their ids."""
    places: list[_Place] = []
    article, end = "", 0
    for figure in sorted(figures, key=lambda each: (each.article, each.start, each.end)):
        if figure.article == article and figure.start < end:
            places[-1].figures.append(figure)
            end = max(end, figure.end)
        else:
            places.append(_Place([figure]))
            article, end = figure.article, figure.end
    for place in places:
        place.figures.sort(key=lambda each: each.id)
    return places
