"""Where each place of an old text went in a new one. Pure; one alignment serves many places."""

from bisect import bisect_right
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from app.kernel.quotes import shared_start

# Aligning costs the product of the two changed parts: here about half a second. Past it, places
# are only estimated, in proportion.
_MOST_COMPARED = 4_000_000_000


class Effort:
    """How much comparing may still cost, in products of lengths: 4e9 take about half a second.

    Shared by all that is looked for in one text, so that no text, however made, keeps us busy
    for longer than that. Counted and not clocked: the same texts get the same answer.
    """

    def __init__(self, left: int = 2 * _MOST_COMPARED) -> None:
        self._left = left

    def affords(self, one: int, other: int) -> bool:
        """Whether two strings of these lengths can be compared; if so, it is spent."""
        if one * other > self._left:
            return False
        self._left -= one * other
        return True


class Alignment:
    """Two texts side by side: what they share at both ends, and what became of the middle.

    The shared ends cost O(n) at most. The part between is aligned once, on first need, with the
    fewest insertions, deletions and replacements of code points (Levenshtein distance, as
    rapidfuzz computes it).
    """

    def __init__(self, old: str, new: str, effort: Effort | None = None) -> None:
        self.old = old
        self.new = new
        self.effort = effort or Effort()
        self.head = shared_start(old, new)
        room = min(len(old), len(new)) - self.head
        self.tail = min(shared_start(old[::-1], new[::-1]), room)

    @property
    def shift(self) -> int:
        """How far the shared ending moved."""
        return len(self.new) - len(self.old)

    def unchanged(self, start: int, end: int) -> int | None:
        """The new start of `old[start:end]` if it lies in a shared end, else None."""
        if end <= self.head:
            return start
        if start >= len(self.old) - self.tail:
            return start + self.shift
        return None

    def image(self, start: int, end: int) -> tuple[int, int]:
        """What became of `old[start:end]`: offsets into the new text, equal if it was deleted.

        Insertions at the edges stay outside. In texts too long to align it is an estimate.
        """
        first, last = self._follow(start, 0), self._follow(end - 1, 1)
        return first, max(first, last)

    def _follow(self, place: int, after: int) -> int:
        """Where the code point at `place` begins in the new text; with `after` 1, where it ends."""
        if place < self.head:
            return place + after
        if place >= len(self.old) - self.tail:
            return place + self.shift + after
        if not self._steps:
            return self._estimate(place)
        starts, steps = self._steps
        inner = place - self.head
        src, dest, dest_end = steps[bisect_right(starts, inner) - 1]
        return self.head + min(dest + inner - src + after, dest_end)

    def _estimate(self, place: int) -> int:
        old = len(self.old) - self.head - self.tail
        new = len(self.new) - self.head - self.tail
        return self.head + (place - self.head) * new // old

    @cached_property
    def _steps(self) -> tuple[list[int], list[tuple[int, int, int]]] | None:
        """The edits that use up old text: their starts, and (old start, new start, new end)."""
        old = self.old[self.head : len(self.old) - self.tail]
        new = self.new[self.head : len(self.new) - self.tail]
        if len(old) * len(new) > _MOST_COMPARED or not self.effort.affords(len(old), len(new)):
            return None
        edits = Levenshtein.opcodes(old, new)
        steps = [
            (edit.src_start, edit.dest_start, edit.dest_end)
            for edit in edits
            if edit.src_start < edit.src_end
        ]
        return [step[0] for step in steps], steps
