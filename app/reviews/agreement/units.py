"""What the span measures look at: units on a continuum, and who looked at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


class BadUnit(ValueError):
    """A unit or continuum no measure can work with: empty, reversed, or outside its text."""


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """One span as one coder marked it: code points, `end` exclusive.

    A discontinuous annotation is given as one unit a fragment.

    Raises:
        BadUnit: the span is empty, reversed or begins before 0.
    """

    coder: str
    start: int
    end: int
    label: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise BadUnit(f"A unit needs 0 <= start < end, not {self.start}:{self.end}.")

    @property
    def length(self) -> int:
        """How many code points the unit covers; at least 1."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Continuum:
    """One article as its coders saw it: the text from `begin` to `end` and their units.

    `coders` are all who worked on it, also those who marked nothing: leaving them out would turn
    a disagreement (one found a claim, the other none) into silence. Kept sorted, without repeats.

    Raises:
        BadUnit: the text is empty, a unit lies outside it, or its coder is not among `coders`.
    """

    units: tuple[Unit, ...]
    coders: tuple[str, ...]
    begin: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.begin < self.end:
            raise BadUnit(f"A continuum needs 0 <= begin < end, not {self.begin}:{self.end}.")
        known = set(self.coders)
        for unit in self.units:
            if unit.coder not in known:
                raise BadUnit(f"{unit.coder!r} is not among the continuum's coders.")
            if unit.start < self.begin or unit.end > self.end:
                raise BadUnit(f"{unit.start}:{unit.end} lies outside {self.begin}:{self.end}.")

    @property
    def length(self) -> int:
        """How many code points the continuum has."""
        return self.end - self.begin

    def by_coder(self) -> dict[str, list[Unit]]:
        """Every coder's units in text order; coders without units have an empty list."""
        layers: dict[str, list[Unit]] = {coder: [] for coder in self.coders}
        for unit in self.units:
            layers[unit.coder].append(unit)
        return layers


def continuum(
    units: Iterable[Unit], *, length: int, coders: Iterable[str] = (), begin: int = 0
) -> Continuum:
    """A continuum of `length` code points from `begin`; coders of the units are added to `coders`.

    Raises:
        BadUnit: as `Continuum`.
    """
    ordered = tuple(sorted(units, key=_text_order))
    everyone = sorted({*coders, *(unit.coder for unit in ordered)})
    return Continuum(ordered, tuple(everyone), begin, begin + length)


def without_overlap(units: Iterable[Unit]) -> list[Unit]:
    """Of each coder's units with one label, those that do not overlap an earlier kept one.

    Krippendorff's unitizing allows one coder no overlap within a label. The earliest unit stays,
    of several that begin together the longest; exact repeats fall away too.
    """
    kept: list[Unit] = []
    ordered = sorted(units, key=lambda unit: (unit.coder, unit.label, unit.start, -unit.end))
    for _, layer in groupby(ordered, key=lambda unit: (unit.coder, unit.label)):
        reach = 0
        for unit in layer:
            if unit.start >= reach:
                kept.append(unit)
                reach = unit.end
    return sorted(kept, key=_text_order)


def _text_order(unit: Unit) -> tuple[int, int, str, str]:
    return unit.start, -unit.end, unit.label, unit.coder
