"""Krippendorff's alpha for values given to units, with gaps, from the coincidence matrix."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Value = str | int | float
Distance = Callable[[Value, Value, Mapping[Value, int]], float]
"""How far two values lie apart, given how often each value was used; 0 for the same value."""


@dataclass(frozen=True, slots=True)
class AlphaResult:
    """An alpha with the disagreement behind it.

    `value` is 1 without disagreement, 0 at chance, below 0 for systematic disagreement; None when
    no unit has two values, or only one value was ever used, where nothing could have differed.
    `n_units` counts units with two values or more, `n_left_out` those with fewer.
    """

    value: float | None
    n_units: int
    n_coders: int
    observed_disagreement: float | None
    expected_disagreement: float | None
    n_left_out: int


def nominal(one: Value, other: Value, _counts: Mapping[Value, int]) -> float:
    """1 for different values."""
    return float(one != other)


def ordinal(one: Value, other: Value, counts: Mapping[Value, int]) -> float:
    """The squared number of ranked values between the two, each end counted half."""
    low, high = sorted((one, other), key=_rank)
    between = sum(n for value, n in counts.items() if _rank(low) <= _rank(value) <= _rank(high))
    return float(between - (counts[low] + counts[high]) / 2) ** 2


def interval(one: Value, other: Value, _counts: Mapping[Value, int]) -> float:
    """The squared difference of two numbers."""
    return (_rank(one) - _rank(other)) ** 2


def _rank(value: Value) -> float:
    if isinstance(value, str):
        raise TypeError("Ordinal and interval values are numbers; give words their rank first.")
    return float(value)


class Alpha:
    """α = 1 − Do / De over all pairable values, for any number of coders and any gaps.

    A unit with m values adds 1 / (m − 1) to the coincidence of each ordered pair of its values;
    Do is the mean distance over these coincidences, De the mean over all pairs of values drawn
    from the whole, without replacement.

    Source: K. Krippendorff, Content Analysis, 2nd ed. 2004, pp. 221-236; "Computing
    Krippendorff's Alpha-Reliability", 2011. Time O(values²) a unit; memory O(values²).
    """

    def __init__(self, distance: Distance = nominal) -> None:
        self._distance = distance
        self._counts: Counter[Value] = Counter()
        # Coincidences are kept by unit size as whole numbers: sums of 1/(m-1) would drift.
        self._by_size: Counter[tuple[int, Value, Value]] = Counter()
        self._units = 0
        self._left_out = 0
        self._coders = 0

    def add(self, values: Iterable[Value | None], times: int = 1) -> None:
        """One unit's values, one a coder; None where a coder gave none.

        `times` is how many units have these values.
        """
        given = Counter(value for value in values if value is not None)
        size = given.total()
        self._coders = max(self._coders, size)
        if size < 2:
            self._left_out += times
            return
        self._units += times
        for one, count in given.items():
            self._counts[one] += count * times
            for other, others in given.items():
                pairs = count * (others - (one == other))
                if pairs:
                    self._by_size[size, one, other] += pairs * times

    def coincidences(self) -> dict[tuple[Value, Value], float]:
        """The coincidence matrix, symmetric: which values met in one unit, and how much."""
        matrix: dict[tuple[Value, Value], float] = {}
        for (size, one, other), pairs in self._by_size.items():
            matrix[one, other] = matrix.get((one, other), 0.0) + pairs / (size - 1)
        return matrix

    def result(self) -> AlphaResult:
        """The alpha of all units so far; `n_coders` is the most values one unit had."""
        n = self._counts.total()
        if not n:
            return AlphaResult(None, 0, self._coders, None, None, self._left_out)
        counts, distance = self._counts, self._distance
        observed = (
            sum(
                weight * distance(one, other, counts)
                for (one, other), weight in self.coincidences().items()
            )
            / n
        )
        expected = sum(
            times * others * distance(one, other, counts)
            for one, times in counts.items()
            for other, others in counts.items()
        ) / (n * (n - 1))
        value = 1 - observed / expected if expected else None
        return AlphaResult(value, self._units, self._coders, observed, expected, self._left_out)


class NominalAlpha(Alpha):
    """Alpha for labels without order: any two different labels differ equally."""

    def __init__(self) -> None:
        super().__init__(nominal)
