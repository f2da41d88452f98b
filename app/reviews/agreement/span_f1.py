"""Span F1: how many spans two coders share, the first number to show.

F1 = 2m / (|A| + |B|) for m pairs of spans with the same label, each span used once. Exact asks for
the same extent; overlapping takes the pairs of `pairing`. It needs no true negatives, which text
does not have, and is the same whichever coder is called first.

Source: G. Hripcsak and A. S. Rothschild, "Agreement, the F-measure, and reliability in information
retrieval", JAMIA 12(3), 2005.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.reviews.agreement.pairing import Extent, pair_exact, pair_overlapping


class LabelledSpan(NamedTuple):
    """A span as F1 sees it; a discontinuous one has several fragments and counts once."""

    label: str
    extent: Extent


class Met(NamedTuple):
    """How many spans of one label two coders marked in an article, and how many of them meet."""

    first: int
    second: int
    exact: int
    overlapping: int


class Shared(NamedTuple):
    """One article's pairs as places in the two lists, and the places left alone."""

    exact: list[tuple[int, int]]
    overlapping: list[tuple[int, int]]
    only_first: list[int]
    only_second: list[int]


@dataclass(frozen=True, slots=True)
class F1Result:
    """An F1 with its counts.

    `value` runs from 0 to 1, None when neither coder marked anything. `n_units` is
    |A| + |B|; `matched` is m.
    """

    value: float | None
    n_units: int
    n_coders: int
    n_articles: int
    matched: int
    n_first: int
    n_second: int


def f1(matched: int, first: int, second: int) -> float | None:
    """2·matched / (first + second); None when both are empty."""
    return 2 * matched / (first + second) if first + second else None


class SpanF1:
    """Exact and overlapping F1 of one pair of coders over streamed articles.

    Counts are pooled, so every span weighs the same. Time as `pair_overlapping`; memory O(1).
    """

    def __init__(self) -> None:
        self._articles = self._first = self._second = 0
        self._exact_pairs = self._overlapping_pairs = 0

    def add_article(self, first: Sequence[LabelledSpan], second: Sequence[LabelledSpan]) -> Shared:
        """Take in both coders' spans of one article; answers which met and which stand alone.

        `only_first` and `only_second` are what is alone even when overlap is enough.
        """
        exact: list[tuple[int, int]] = []
        overlapping: list[tuple[int, int]] = []
        for label in sorted({span.label for span in (*first, *second)}):
            ours, ours_at = _of_label(first, label)
            theirs, theirs_at = _of_label(second, label)
            exact += [(ours_at[a], theirs_at[b]) for a, b in pair_exact(ours, theirs)]
            overlapping += [(ours_at[a], theirs_at[b]) for a, b in pair_overlapping(ours, theirs)]
        self.add([Met(len(first), len(second), len(exact), len(overlapping))])
        return Shared(
            sorted(exact),
            sorted(overlapping),
            _without(len(first), (a for a, _ in overlapping)),
            _without(len(second), (b for _, b in overlapping)),
        )

    def add(self, met: Iterable[Met]) -> None:
        """Take in an article that was compared already: what two coders share of each label."""
        self._articles += 1
        for first, second, exact, overlapping in met:
            self._first += first
            self._second += second
            self._exact_pairs += exact
            self._overlapping_pairs += overlapping

    def exact(self) -> F1Result:
        """F1 where only the same extent counts."""
        return self._result(self._exact_pairs)

    def overlapping(self) -> F1Result:
        """F1 where any shared text counts."""
        return self._result(self._overlapping_pairs)

    def _result(self, matched: int) -> F1Result:
        first, second = self._first, self._second
        value = f1(matched, first, second)
        return F1Result(value, first + second, 2, self._articles, matched, first, second)


def _of_label(spans: Sequence[LabelledSpan], label: str) -> tuple[list[Extent], list[int]]:
    places = [place for place, span in enumerate(spans) if span.label == label]
    return [spans[place].extent for place in places], places


def _without(size: int, taken: Iterable[int]) -> list[int]:
    gone = set(taken)
    return [place for place in range(size) if place not in gone]
