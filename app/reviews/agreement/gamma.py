"""Gamma: how much better the coders' best alignment is than that of randomly laid units.

γ = 1 − observed disorder / expected disorder. The observed disorder is that of the best alignment;
the expected one is the mean over random samples, enough of them that its error stays within
`PRECISION` at 95 % confidence (at most `MOST_SAMPLES`). Of the alignments found, γcat compares
labels only, and γk one label: pairs of aligned units, weighted by how well their places agree.

Sources: Mathet, Widlöcher and Métivier 2015 (see `alignment`), sections 4 and 5; for γcat and γk
Y. Mathet, "The Agreement Measure γcat", Computational Linguistics 43(3), 2017, section 4.2.5.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from random import Random
from statistics import fmean, pstdev

from app.reviews.agreement.alignment import (
    POSITION_WEIGHT,
    Alignment,
    Effort,
    best_alignment,
    position_dissimilarity,
)
from app.reviews.agreement.chance import shuffled
from app.reviews.agreement.units import Continuum

FEWEST_SAMPLES, MOST_SAMPLES = 30, 300
PRECISION = 0.05
SEED = 2015


@dataclass(frozen=True, slots=True)
class GammaResult:
    """Gamma of everything added.

    `value` is 1 for identical layers, 0 at chance, below 0 for worse; None when no article had two
    coders and a unit, or chance has no disorder. `categories` (γcat) and `per_label` (γk) are None
    where no two units with overlapping-enough places were aligned, in the data or by chance.
    `exact` is False when some alignment is only the best of those tried.
    """

    value: float | None
    n_units: int
    n_coders: int
    n_articles: int
    observed_disorder: float | None
    expected_disorder: float | None
    categories: float | None
    per_label: Mapping[str, float | None]
    n_samples: int
    exact: bool


@dataclass(slots=True)
class _Ratio:
    """Observed and expected amounts, summed over articles."""

    observed: float = 0.0
    expected: float = 0.0

    def add(self, observed: float, expected: float, weight: float) -> None:
        self.observed += weight * observed
        self.expected += weight * expected

    @property
    def value(self) -> float | None:
        return 1 - self.observed / self.expected if self.expected else None


class Gamma:
    """Gamma over articles streamed one by one, reproducible from `seed`.

    Articles are pooled as sums of disorder weighted by the mean number of units a coder has, so
    every unit weighs the same; one article alone gives the published coefficient. Chance stays
    within an article. The same articles in the same order give the same result. `count_alone` makes
    γcat and γk count a unit without partner as a difference; see `label_disorder`.

    Time: `FEWEST_SAMPLES` to `MOST_SAMPLES` best alignments an article; about 0.1 s for an article
    with 3 coders of 20 units, minutes where hundreds of units lie ten deep: `effort` bounds it.
    Memory: one article.

    Raises:
        ValueError: fewer than one sample.
    """

    def __init__(
        self,
        *,
        seed: int = SEED,
        samples: int = FEWEST_SAMPLES,
        count_alone: bool = False,
        effort: Effort | None = None,
    ) -> None:
        if samples < 1:
            raise ValueError("Chance needs at least one sample.")
        self._count_alone = count_alone
        self._effort = effort
        self._random = Random(seed)  # noqa: S311 - chance to be repeated, not a secret
        self._samples = samples
        self._total = _Ratio()
        self._labels: dict[str | None, _Ratio] = defaultdict(_Ratio)
        self._coders: set[str] = set()
        self._units = self._articles = self._drawn = 0
        self._exact = True
        self._weight = 0.0

    def add_article(self, continuum: Continuum) -> Alignment | None:
        """Take in one article; answers its best alignment, None when it has nothing to align.

        Raises:
            TooMuch: with this article, more steps than `effort` had. It is not taken in.
        """
        coders = len(continuum.coders)
        if coders < 2 or not continuum.units:
            return None
        aligned = best_alignment(continuum.units, coders, self._effort)
        chance = self._chance(continuum)
        weight = len(continuum.units) / coders
        self._weight += weight
        self._total.add(aligned.disorder, fmean(one.disorder for one in chance), weight)
        for label in (None, *sorted({unit.label for unit in continuum.units})):
            self._add_labels(label, aligned, chance, weight)
        self._coders.update(continuum.coders)
        self._units += len(continuum.units)
        self._articles += 1
        self._drawn += len(chance)
        self._exact = self._exact and all(one.exact for one in (aligned, *chance))
        return aligned

    def result(self) -> GammaResult:
        """The gamma of all articles so far."""
        weight = self._weight
        return GammaResult(
            self._total.value,
            self._units,
            len(self._coders),
            self._articles,
            self._total.observed / weight if weight else None,
            self._total.expected / weight if weight else None,
            self._labels[None].value if None in self._labels else None,
            {label: ratio.value for label, ratio in self._labels.items() if label is not None},
            self._drawn,
            self._exact,
        )

    def _chance(self, continuum: Continuum) -> list[Alignment]:
        found = [self._draw(continuum) for _ in range(self._samples)]
        disorders = [one.disorder for one in found]
        mean = fmean(disorders)
        spread = pstdev(disorders) / mean if mean else 0.0
        needed = min(MOST_SAMPLES, ceil((spread * 1.96 / PRECISION) ** 2))
        return found + [self._draw(continuum) for _ in range(needed - len(found))]

    def _draw(self, continuum: Continuum) -> Alignment:
        while not (units := shuffled(continuum, self._random)):
            pass  # every layer drawn was that of a coder who marked nothing
        return best_alignment(units, len(continuum.coders), self._effort)

    def _add_labels(
        self, label: str | None, aligned: Alignment, chance: list[Alignment], weight: float
    ) -> None:
        observed = label_disorder(aligned, label, count_alone=self._count_alone)
        by_chance = [label_disorder(one, label, count_alone=self._count_alone) for one in chance]
        expected = [one for one in by_chance if one is not None]
        if observed is not None and expected:
            self._labels[label].add(observed, fmean(expected), weight)
        elif label is not None:
            self._labels[label]  # named in the result, though undefined


def label_disorder(
    aligned: Alignment, label: str | None = None, *, count_alone: bool = False
) -> float | None:
    """The weighted share of aligned pairs whose labels differ, 0 to 1.

    A pair in a set of v units weighs max(0, 1 − weighted position dissimilarity) / (v − 1). With
    `label` only pairs in which it occurs count. None when no pair has any weight.

    `count_alone` adds, for each unit, every coder missing from its set as a pair of weight 1 that
    differs. The paper leaves these out, as γ itself has counted them; some published values of
    programs were made with them.
    """
    differing = total = 0.0
    for members in aligned.sets:
        for one, other in combinations(members, 2):
            if label is not None and label not in (one.label, other.label):
                continue
            confidence = 1 - POSITION_WEIGHT * position_dissimilarity(one, other)
            weight = max(0.0, confidence) / (len(members) - 1)
            total += weight
            differing += weight if one.label != other.label else 0.0
        if count_alone:
            named = sum(label is None or unit.label == label for unit in members)
            missing = named * (aligned.n_coders - len(members))
            total += missing
            differing += missing
    return differing / total if total else None
