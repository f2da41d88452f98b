"""Krippendorff's alpha for unitizing: do coders cut the same units, with the same labels?

For one label on a continuum of length L with R coders:

    Do = 2 · Σ over pairs of coders Σ δ² / (R (R−1) L²)

where δ² is (difference of starts)² + (difference of ends)² for two units that overlap, and the
squared length of a unit lying wholly in the other's gap. De is what Do would be on average if all
units and gaps of all coders were thrown together and laid out at random:

    De = (2/L) Σ over units [ (N−1)/3 · (2l³ − 3l² + l) + l² Σ over gaps g ≥ l of (g − l + 1) ]
         / ( R L (R L − 1) − Σ over units l (l−1) )

for N units of lengths l. α = 1 − Do / De; over several labels the sums of Do and of De are taken.

Source: K. Krippendorff, "On the reliability of unitizing contiguous data", Sociological
Methodology 25, 1995; Content Analysis, 2nd ed. 2004, pp. 251-256 (whose De is the one used). The
family of 2016 (Krippendorff, Mathet, Bouvry, Widlöcher) defines other coefficients with other
numbers. One coder's units of one label must not overlap: the earliest and longest stay.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from typing import NamedTuple

from app.reviews.agreement.units import Continuum, Unit, without_overlap


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Observed and expected disagreement, of one label or of all."""

    observed: float
    expected: float

    @property
    def alpha(self) -> float | None:
        """1 − observed / expected; None where chance could not disagree."""
        return 1 - self.observed / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class UnitizingResult:
    """Unitizing alpha of everything added, and of each label.

    `value` is 1 for identical units, 0 at chance, below 0 for worse; None when no article had two
    coders and a unit. `n_units` counts units after dropping overlaps, `n_left_out` those dropped,
    `n_articles` the articles with two coders or more.
    """

    value: float | None
    n_units: int
    n_coders: int
    n_articles: int
    observed_disagreement: float | None
    expected_disagreement: float | None
    per_label: Mapping[str, Disagreement]
    n_left_out: int


class OfLabel(NamedTuple):
    """One article's units of a label: what disagrees, how many there are, and were left out."""

    disagreement: Disagreement
    n_units: int
    n_left_out: int


@dataclass(frozen=True, slots=True)
class Unitized:
    """One article as it goes into the alpha; `weight` is R L²."""

    coders: tuple[str, ...]
    weight: float
    per_label: Mapping[str, OfLabel]

    def of(self, labels: Iterable[str]) -> "Unitized":
        """The same article as if these labels were all there are."""
        kept = {label: self.per_label[label] for label in labels if label in self.per_label}
        return Unitized(self.coders, self.weight, kept)


class UnitizingAlpha:
    """Unitizing alpha over articles streamed one by one.

    Articles are pooled as Σ w·Do and Σ w·De with w = R L², which undoes the norming by length, so
    that every unit weighs the same whatever article it stands in; one article alone gives exactly
    the published coefficient. Chance stays within an article: no unit is imagined in another.

    Time for an article of n units and R coders: O(R n + n log n). Memory: one small entry a label
    and the coders' names, however many articles are added.
    """

    def __init__(self) -> None:
        self._observed: dict[str, float] = defaultdict(float)
        self._expected: dict[str, float] = defaultdict(float)
        self._weight = 0.0
        self._articles = 0
        self._units = 0
        self._left_out = 0
        self._coders: set[str] = set()

    def add_article(self, continuum: Continuum) -> None:
        """Take in one article; with fewer than two coders it says nothing and is passed over."""
        if len(continuum.coders) >= 2:
            self.add(unitized(continuum))

    def add(self, article: Unitized) -> None:
        """Take in one article that was looked at already."""
        self._weight += article.weight
        self._articles += 1
        self._coders.update(article.coders)
        for label, (found, units, left_out) in article.per_label.items():
            self._units += units
            self._left_out += left_out
            self._observed[label] += article.weight * found.observed
            self._expected[label] += article.weight * found.expected

    def result(self) -> UnitizingResult:
        """The alpha of all articles so far."""
        per_label = {
            label: Disagreement(self._observed[label] / self._weight, expected / self._weight)
            for label, expected in sorted(self._expected.items())
        }
        labels = len(per_label)
        total = Disagreement(
            sum(found.observed for found in per_label.values()) / (labels or 1),
            sum(found.expected for found in per_label.values()) / (labels or 1),
        )
        return UnitizingResult(
            total.alpha,
            self._units,
            len(self._coders),
            self._articles,
            total.observed if labels else None,
            total.expected if labels else None,
            per_label,
            self._left_out,
        )


def unitized(continuum: Continuum) -> Unitized:
    """One continuum, looked at label by label.

    Raises:
        ValueError: fewer than two coders, between whom nothing can be compared.
    """
    if len(continuum.coders) < 2:
        raise ValueError("Unitizing alpha needs at least two coders.")
    layers: dict[str, dict[str, list[Unit]]] = {}
    for unit in without_overlap(continuum.units):
        if unit.label not in layers:
            layers[unit.label] = {coder: [] for coder in continuum.coders}
        layers[unit.label][unit.coder].append(unit)
    marked = Counter(unit.label for unit in continuum.units)
    per_label = {
        label: _of_label(list(by_coder.values()), marked[label], continuum)
        for label, by_coder in sorted(layers.items())
    }
    weight = float(len(continuum.coders) * continuum.length**2)
    return Unitized(continuum.coders, weight, per_label)


def disagreements(continuum: Continuum) -> dict[str, Disagreement]:
    """Observed and expected disagreement of every label used on one continuum.

    Raises:
        ValueError: as `unitized`.
    """
    return {label: each.disagreement for label, each in unitized(continuum).per_label.items()}


def _of_label(layers: Sequence[Sequence[Unit]], marked: int, continuum: Continuum) -> OfLabel:
    kept = sum(map(len, layers))
    found = Disagreement(_observed(layers, continuum), _expected(layers, continuum))
    return OfLabel(found, kept, marked - kept)


def _observed(layers: Sequence[Sequence[Unit]], continuum: Continuum) -> float:
    coders = len(layers)
    total = sum(_difference(one, other) for one, other in combinations(layers, 2))
    return 2 * total / (coders * (coders - 1) * continuum.length**2)


def _difference(first: Sequence[Unit], second: Sequence[Unit]) -> int:
    """Σ δ² of two coders' units of one label, both in text order and without overlap."""
    alone_first, alone_second = set(range(len(first))), set(range(len(second)))
    total = here = there = 0
    while here < len(first) and there < len(second):
        one, other = first[here], second[there]
        if one.start < other.end and other.start < one.end:
            total += (one.start - other.start) ** 2 + (one.end - other.end) ** 2
            alone_first.discard(here)
            alone_second.discard(there)
        if one.end <= other.end:
            here += 1
        else:
            there += 1
    total += sum(first[place].length ** 2 for place in alone_first)
    return total + sum(second[place].length ** 2 for place in alone_second)


def _expected(layers: Sequence[Sequence[Unit]], continuum: Continuum) -> float:
    lengths = [unit.length for layer in layers for unit in layer]
    gaps = sorted(gap for layer in layers for gap in _gaps(layer, continuum))
    sums = [0, *accumulate(gaps)]
    by_units = by_gaps = 0
    for length in lengths:
        by_units += (len(lengths) - 1) * (2 * length**3 - 3 * length**2 + length)
        place = bisect_left(gaps, length)
        room = sums[-1] - sums[place] - (len(gaps) - place) * (length - 1)
        by_gaps += length**2 * room
    whole = len(layers) * continuum.length
    pairs = whole * (whole - 1) - sum(length * (length - 1) for length in lengths)
    return 2 * (by_units / 3 + by_gaps) / (continuum.length * pairs)


def _gaps(layer: Sequence[Unit], continuum: Continuum) -> list[int]:
    """The lengths of one coder's stretches without a unit."""
    edges = [continuum.begin]
    for unit in layer:
        edges += [unit.start, unit.end]
    edges.append(continuum.end)
    stretches = zip(edges[::2], edges[1::2], strict=True)
    return [end - start for start, end in stretches if end > start]
