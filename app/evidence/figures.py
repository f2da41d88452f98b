"""What values a figure allows, and when two figures cannot both hold. Pure.

A figure is read as a range of values in the base of its unit (see `units`):

- exact, or no comparator: the value, give or take half of the last digit that was written, for
  what is written was rounded: 2.5 may be 2.46. A whole number of things counted is meant as it
  stands. With a magnitude word the digits are those before it: 2.5 million is rounded to a
  tenth of a million.
- approx: the value give or take the tolerance, a share of it that the reader chooses, and never
  less than exact allows.
- at_least, at_most, more_than, less_than: all beyond the value, with or without it.
- between: from the value to `value_max`, both included.

A vague figure has no range. Two figures cannot both hold when their units have one base, neither
is vague, their `as_of` dates have a day in common or one is missing, both are facts, or forecasts,
or targets, and their ranges have no value in common. Whenever something of that is not so, nothing
is said: a discrepancy is to be certain, not likely.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, NamedTuple

from app.evidence.days import Days, days_of, together
from app.evidence.units import unit_of

TOLERANCE = Decimal("0.1")
_EXACT = Context(prec=200)
"""Digits enough that no product here is ever rounded."""
_HALF = Decimal("0.5")
_MAGNITUDES = {
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "mn": 6,
    "billion": 9,
    "bn": 9,
    "trillion": 12,
}
"""The power of ten of each magnitude word, as news in English uses it."""


class Range(NamedTuple):
    """Values from `low` to `high`, None being without end; `open` ends are not included."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def is_below(self, other: "Range") -> bool:
        """Whether every value here is less than every value there."""
        if self.high is None or other.low is None:
            return False
        touching_apart = self.high == other.low and (self.high_open or other.low_open)
        return self.high < other.low or touching_apart

    def meets(self, other: "Range") -> bool:
        """Whether a value lies in both."""
        return not (self.is_below(other) or other.is_below(self))


class Reading(NamedTuple):
    """How a figure is read: everything that tells whether it can hold beside another."""

    base: str
    values: Range | None
    days: Days | None
    standing: str

    def excludes(self, other: "Reading") -> bool:
        """Whether both cannot hold."""
        return (
            self.values is not None
            and other.values is not None
            and self.base == other.base
            and self.standing == other.standing
            and not self.values.meets(other.values)
            and together(self.days, other.days) != "apart"
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it was tagged. `attributes` are as the kind normalised them."""

    id: str
    article: str
    start: int
    end: int
    attributes: Mapping[str, Any]

    def reading(self, tolerance: Decimal = TOLERANCE) -> Reading:
        """How it is read; `tolerance` is the share that `approx` gives or takes."""
        unit, said = unit_of(self.attributes.get("unit")), self.attributes
        values = range_of(said, tolerance)
        if values is not None:
            values = values._replace(
                low=_times(values.low, unit.factor), high=_times(values.high, unit.factor)
            )
        as_of = said.get("as_of")
        days = days_of(as_of["value"]) if as_of else None
        status = said.get("status")
        standing = status if status in {"forecast", "target"} else "fact"
        return Reading(unit.base, values, days, standing)


def range_of(said: Mapping[str, Any], tolerance: Decimal) -> Range | None:
    """The values that a figure's attributes allow, in its own unit; None where it is vague."""
    if said.get("value") is None:
        return None
    value = Decimal(said["value"])
    if said.get("comparator") == "between":
        return Range(value, Decimal(said["value_max"]))
    if bounded := _BOUNDS.get(said.get("comparator", "exact")):
        return bounded(value)
    spread = _rounding(value, said)
    if said.get("comparator") == "approx":
        spread = max(spread, _EXACT.multiply(abs(value), tolerance))
    return _around(value, spread)


_BOUNDS: dict[str, Callable[[Decimal], Range]] = {
    "at_least": lambda value: Range(value, None),
    "at_most": lambda value: Range(None, value),
    "more_than": lambda value: Range(value, None, low_open=True),
    "less_than": lambda value: Range(None, value, high_open=True),
}


def _around(value: Decimal, spread: Decimal) -> Range:
    low, high = _EXACT.subtract(value, spread), _EXACT.add(value, spread)
    return Range(low, high, bool(spread), bool(spread))


def _rounding(value: Decimal, said: Mapping[str, Any]) -> Decimal:
    """Half of the last digit that was written; nothing for whole numbers of things counted."""
    exponent = int(value.as_tuple().exponent)
    power = _MAGNITUDES.get(str(said.get("scale", "")).strip().casefold().removesuffix("s"))
    if power is not None:
        digits = value.scaleb(-power, _EXACT).normalize(_EXACT)
        exponent = min(0, int(digits.as_tuple().exponent)) + power
    elif exponent >= 0 and said.get("quantity_kind") in {"count", "ordinal"}:
        return Decimal(0)
    return _HALF.scaleb(exponent, _EXACT)


def _times(value: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if value is None else _EXACT.multiply(value, factor)
