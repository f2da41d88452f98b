"""Spans and targets: what is marked in a text, and how two of them lie to each other.

All offsets are code points, `end` exclusive.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

CONTEXT_WIDTH = 32


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, `text[start:end]`; never empty. Raises `ValueError` otherwise."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("A span starts at 0 or later and ends after it starts.")


@dataclass(frozen=True, slots=True)
class Target:
    """What is marked: one span, or several with gaps between them (a discontinuous target).

    Fragments are in text order and never touch, so one selection has exactly one spelling and
    equal targets mark the same characters. `Target.of` merges what touches or overlaps.
    Raises `ValueError` for no fragments, or fragments that touch or are out of order.
    """

    fragments: tuple[Span, ...]

    def __post_init__(self) -> None:
        if not self.fragments:
            raise ValueError("A target has at least one fragment.")
        for before, after in pairwise(self.fragments):
            if after.start <= before.end:
                raise ValueError("Fragments stand in text order with a gap between them.")

    @classmethod
    def single(cls, start: int, end: int) -> "Target":
        """The contiguous target from `start` to `end`."""
        return cls((Span(start, end),))

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "Target":
        """The target that marks every character of `spans`, in whatever order they come."""
        merged: list[Span] = []
        for span in sorted(spans, key=lambda span: span.start):
            if merged and span.start <= merged[-1].end:
                merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
            else:
                merged.append(span)
        return cls(tuple(merged))

    @property
    def start(self) -> int:
        """Where the envelope starts: the first fragment's start."""
        return self.fragments[0].start

    @property
    def end(self) -> int:
        """Where the envelope ends: the last fragment's end."""
        return self.fragments[-1].end

    @property
    def size(self) -> int:
        """How many code points are marked, gaps not counted."""
        return sum(span.end - span.start for span in self.fragments)


def contains(outer: Target, inner: Target) -> bool:
    """Whether every fragment of `inner` lies inside some fragment of `outer` (edges included)."""
    if inner.start < outer.start or inner.end > outer.end:
        return False
    if len(outer.fragments) == 1:
        return True
    return all(
        any(whole.start <= part.start and part.end <= whole.end for whole in outer.fragments)
        for part in inner.fragments
    )


def overlaps(first: Target, second: Target) -> bool:
    """Whether the two mark at least one code point in common."""
    if first.end <= second.start or second.end <= first.start:
        return False
    return any(
        one.start < other.end and other.start < one.end
        for one in first.fragments
        for other in second.fragments
    )


def text_order(target: Target) -> tuple[int, int, tuple[tuple[int, int], ...]]:
    """The sort key of text order: earlier first, of those the longest first, then by fragments."""
    return target.start, -target.end, tuple((span.start, span.end) for span in target.fragments)


def exact_of(text: str, target: Target) -> str:
    """The text of the envelope, `text[start:end]`; with gaps included where there are any."""
    return text[target.start : target.end]


def pieces_of(text: str, target: Target) -> list[str]:
    """The marked text, fragment by fragment."""
    return [text[span.start : span.end] for span in target.fragments]


def context_of(text: str, start: int, end: int, width: int = CONTEXT_WIDTH) -> tuple[str, str]:
    """Up to `width` code points before `start` and after `end`: prefix and suffix."""
    return text[max(start - width, 0) : start], text[end : end + width]
