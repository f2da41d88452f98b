"""Kappa: agreement on labels of units that every coder labelled, corrected for chance.

Both kappas see complete units only; what they left out is counted in `n_left_out`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KappaResult:
    """A kappa with the shares of agreement behind it.

    `value` is 1 for complete agreement, 0 for what chance gives, below 0 for less; None without
    units or when a single label was used throughout, where chance alone agrees completely.
    """

    value: float | None
    n_units: int
    n_coders: int
    observed_agreement: float | None
    expected_agreement: float | None
    n_left_out: int


def _result(
    observed: float | None, expected: float | None, *, units: int, coders: int, left_out: int
) -> KappaResult:
    value = None
    if observed is not None and expected is not None and expected < 1:
        value = (observed - expected) / (1 - expected)
    return KappaResult(value, units, coders, observed, expected, left_out)


class CohenKappa:
    """Two coders: κ = (Po − Pe) / (1 − Pe), each coder's own label shares making Pe.

    Source: J. Cohen, "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20(1), 1960. Time O(1) a unit; memory O(labels²).
    """

    def __init__(self) -> None:
        self.table: Counter[tuple[str, str]] = Counter()
        self._left_out = 0

    def add(self, first: str | None, second: str | None, times: int = 1) -> None:
        """One unit's labels by the first and the second coder; None where one gave none.

        `times` is how many units have these labels.
        """
        if first is None or second is None:
            self._left_out += times
        else:
            self.table[first, second] += times

    def result(self) -> KappaResult:
        """The kappa of all units so far."""
        units = self.table.total()
        if not units:
            return _result(None, None, units=0, coders=2, left_out=self._left_out)
        agreed = sum(count for (first, second), count in self.table.items() if first == second)
        rows: Counter[str] = Counter()
        columns: Counter[str] = Counter()
        for (first, second), count in self.table.items():
            rows[first] += count
            columns[second] += count
        by_chance = sum(rows[label] * columns[label] for label in rows)
        return _result(
            agreed / units,
            by_chance / units**2,
            units=units,
            coders=2,
            left_out=self._left_out,
        )


class FleissKappa:
    """A fixed number of coders, not always the same people: κ = (P̄ − P̄e) / (1 − P̄e).

    P̄ is the mean share of agreeing pairs in a unit, P̄e the sum of the labels' squared shares.
    With two coders this is Scott's pi. Units with another number of labels are left out.

    Source: J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological
    Bulletin 76(5), 1971. Time O(coders) a unit; memory O(labels).

    Raises:
        ValueError: fewer than two coders.
    """

    def __init__(self, n_coders: int) -> None:
        if n_coders < 2:
            raise ValueError("Fleiss' kappa needs at least two coders.")
        self._coders = n_coders
        self._labels: Counter[str] = Counter()
        self._units = 0
        self._left_out = 0
        self._agreeing_pairs = 0

    def add(self, labels: Iterable[str | None], times: int = 1) -> None:
        """One unit's labels, one a coder; None where a coder gave none.

        `times` is how many units have these labels.
        """
        given = Counter(label for label in labels if label is not None)
        if given.total() != self._coders:
            self._left_out += times
            return
        self._units += times
        for label, count in given.items():
            self._labels[label] += count * times
            self._agreeing_pairs += count * (count - 1) * times

    def result(self) -> KappaResult:
        """The kappa of all units so far."""
        coders, units = self._coders, self._units
        if not units:
            return _result(None, None, units=0, coders=coders, left_out=self._left_out)
        ratings = units * coders
        return _result(
            self._agreeing_pairs / (ratings * (coders - 1)),
            sum(count * count for count in self._labels.values()) / ratings**2,
            units=units,
            coders=coders,
            left_out=self._left_out,
        )
