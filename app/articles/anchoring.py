"""Finding what was marked again, after the text was edited. Pure.

Each fragment is looked for in this order:

1. In the beginning or the ending that both texts share, it is where it was, shifted at most.
2. Where the alignment of the changed part leads, if the quote stands there unchanged and what
   surrounds it agrees.
3. Else the best of: where the alignment leads, the identical quotes nearest to that place, and
   the likest passage near it (rapidfuzz's partial ratio).

The score of a place, 0 to 1, is the likeness of the quote together with 32 code points of context
on each side, weighted by length, and never more than the likeness of the quote alone; likeness is
the normalised insertion-deletion similarity. So a long quote speaks for itself, and a short one
("12") stands and falls with its surroundings.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rapidfuzz import fuzz

from app.articles.alignment import Alignment, Effort
from app.kernel.quotes import nearest, places, shared_start
from app.kernel.targets import Span, Target, context_of

# A quote that stands unchanged is taken as found from this score on: at 0.75 a five-letter quote
# still has nearly three quarters of its context, which chance likeness (about 0.4) does not give.
SURE = 0.75
# Below this nobody is troubled with a guess: the place is about as unlike as any other.
UNCERTAIN = 0.5
# Two identical quotes whose scores lie closer than this cannot be told apart.
MARGIN = 0.05
# An unchanged quote with one place in both texts: so long, it is sure; so short, it is a hint.
LONG_QUOTE = 32
SHORT_QUOTE = 4
# The likest passage is sought for quotes of this length, so far around the expected place.
_FUZZY_LENGTHS = range(8, 1_001)
_FUZZY_REACH = 1_000
_IDENTICAL_TRIED = 16


class Status(StrEnum):
    """What became of a target.

    kept: same offsets, same quote. moved: same quote at other offsets. uncertain: a place that a
    person should look at. orphaned: no place.
    """

    KEPT = "kept"
    MOVED = "moved"
    UNCERTAIN = "uncertain"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where a target is in the new text (None when orphaned), and how like it is: 0 to 1."""

    status: Status
    target: Target | None
    score: float


@dataclass(frozen=True, slots=True)
class _Place:
    """One fragment's place in the new text."""

    start: int
    end: int
    score: float
    sure: bool


ORPHANED = Anchored(Status.ORPHANED, None, 0.0)


class Anchors:
    """Where the spans of `old` are in `new`. Each is looked for once, however often it is asked.

    So parts that mark the same words go to the same place, and what was looked for beforehand
    costs nothing later. `effort` bounds the work, and may be shared between several of these.
    """

    def __init__(self, old: str, new: str, effort: Effort | None = None) -> None:
        self.old, self.new = old, new
        self._alignment = Alignment(old, new, effort)
        self._found: dict[Span, _Place | None] = {}

    def find(self, target: Target) -> Anchored:
        """One target; `ValueError` where it reaches past the end of the old text."""
        if target.end > len(self.old):
            raise ValueError("The target reaches past the end of the old text.")
        found = [self._place_of(span) for span in target.fragments]
        whole = [place for place in found if place is not None]
        if len(whole) < len(found) or not _in_order(whole):
            return ORPHANED
        anchored = Target.of(Span(place.start, place.end) for place in whole)
        score = min(place.score for place in whole)
        if not all(place.sure for place in whole):
            return Anchored(Status.UNCERTAIN, anchored, score)
        return Anchored(Status.KEPT if anchored == target else Status.MOVED, anchored, score)

    def _place_of(self, span: Span) -> "_Place | None":
        if span not in self._found:
            self._found[span] = _find(self._alignment, span.start, span.end)
        return self._found[span]


def _in_order(found: list[_Place]) -> bool:
    return all(before.end <= after.start for before, after in pairwise(found))


def _find(alignment: Alignment, start: int, end: int) -> _Place | None:
    shifted = alignment.unchanged(start, end)
    if shifted is not None:
        return _Place(shifted, shifted + end - start, 1.0, sure=True)
    return _Search(alignment, start, end).best()


class _Search:
    """The search for one fragment in the changed part."""

    def __init__(self, alignment: Alignment, start: int, end: int) -> None:
        self.old, self.new = alignment.old, alignment.new
        self.effort = alignment.effort
        self.quote = self.old[start:end]
        self.context = context_of(self.old, start, end)
        self.image = alignment.image(start, end)

    def best(self) -> _Place | None:
        """The best place, or None when every one is too unlike."""
        led = self._identical_image()
        if led and led.score >= SURE:
            return _Place(led.start, led.end, led.score, sure=True)
        identical = self._identical()
        if identical and (identical.sure or self._single()):
            return identical
        others = [*self._changed_image(), *self._likest()]
        found = [place for place in (identical, *others) if place]
        best = max(found, key=lambda place: place.score, default=None)
        return best if best and best.score >= UNCERTAIN else None

    def _identical_image(self) -> _Place | None:
        start, end = self.image
        return self._place(start, end) if self.new[start:end] == self.quote else None

    def _identical(self) -> _Place | None:
        """The best of the unchanged quotes; sure if the context says so and no other is as good."""
        starts = nearest(self.new, self.quote, self.image[0], _IDENTICAL_TRIED)
        if not starts:
            starts = list(next(([at] for at in places(self.new, self.quote)), []))
        found = [self._place(at, at + len(self.quote)) for at in starts]
        # Sorting is stable: of equals, the nearest stays first.
        found.sort(key=lambda place: -place.score)
        if not found:
            return None
        best, rival = found[0], found[1].score if len(found) > 1 else 0.0
        sure = best.score >= SURE and best.score - rival >= MARGIN
        sure = sure or (len(self.quote) >= LONG_QUOTE and self._single())
        return _Place(best.start, best.end, best.score, sure)

    def _single(self) -> bool:
        """Whether the quote says something and stands in exactly one place of both texts."""
        return len(self.quote) >= SHORT_QUOTE and all(
            sum(1 for _ in zip(range(2), places(text, self.quote), strict=False)) == 1
            for text in (self.old, self.new)
        )

    def _changed_image(self) -> list[_Place]:
        start, end = self.image
        return [self._place(start, end)] if start < end else []

    def _likest(self) -> list[_Place]:
        """The passage near the expected place that is most like the quote."""
        if len(self.quote) not in _FUZZY_LENGTHS:
            return []
        low = max(self.image[0] - _FUZZY_REACH, 0)
        window = self.new[low : self.image[0] + len(self.quote) + _FUZZY_REACH]
        found = fuzz.partial_ratio_alignment(self.quote, window, score_cutoff=100 * UNCERTAIN)
        # In a window shorter than the quote it is the quote that is cut, and this says nothing.
        if found is None or len(window) < len(self.quote) or found.dest_start >= found.dest_end:
            return []
        return [self._place(low + found.dest_start, low + found.dest_end)]

    def _place(self, start: int, end: int) -> _Place:
        return _Place(start, end, self._score(start, end), sure=False)

    def _score(self, start: int, end: int) -> float:
        likeness = self._likeness(self.new[start:end])
        total, length = likeness * len(self.quote), len(self.quote)
        for was, now in zip(self.context, context_of(self.new, start, end), strict=True):
            total += len(was) * fuzz.ratio(was, now) / 100
            length += len(was)
        return round(min(likeness, total / length), 4)

    def _likeness(self, passage: str) -> float:
        """How like the quote a passage is; where telling costs too much, at least how like."""
        if passage == self.quote:
            return 1.0
        if self.effort.affords(len(self.quote), len(passage)):
            return fuzz.ratio(self.quote, passage) / 100
        head = shared_start(self.quote, passage)
        room = min(len(self.quote), len(passage)) - head
        tail = min(shared_start(self.quote[::-1], passage[::-1]), room)
        return 2 * (head + tail) / (len(self.quote) + len(passage))
