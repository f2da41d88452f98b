"""The check of a span as a caller sent it, against the text it marks.

The words it answers in (`Span`, `Target` and how they lie to each other) are the kernel's, and
are named again here, so that this module is all one needs for work with spans.
"""

from collections.abc import Mapping
from itertools import pairwise

from app.annotations.given import Problem, SpanReader, SpanRefused
from app.kernel.offsets import Ruler
from app.kernel.quotes import locate, nearest
from app.kernel.targets import (
    CONTEXT_WIDTH,
    Span,
    Target,
    contains,
    context_of,
    exact_of,
    overlaps,
    pieces_of,
    text_order,
)

__all__ = [
    "CONTEXT_WIDTH",
    "MOST_FRAGMENTS",
    "Problem",
    "Span",
    "SpanRefused",
    "Target",
    "contains",
    "context_of",
    "exact_of",
    "overlaps",
    "pieces_of",
    "resolve",
    "text_order",
]

MOST_FRAGMENTS = 64
MOST_CANDIDATES = 10
MOST_NEARBY = 5
# A passage told back is cut here: the caller sees what stands there, not a whole article.
_FOUND_SHOWN = 200


def resolve(text: str, ruler: Ruler, given: Mapping[str, object]) -> Target:
    """The target that a caller's span names in `text`; raises `SpanRefused` with every problem.

    `given` may hold `start`, `end`, `exact`, `prefix`, `suffix`, `unit` and `fragments`; None
    and an empty `fragments` count as absent. `ruler` measures the same `text`. The rules:

    * `start` and `end` decide where `exact` is absent or stands exactly there; `prefix` and
      `suffix` are then not looked at (the server writes its own).
    * `exact` without offsets is looked up; `kernel.quotes.locate` states how `prefix` and
      `suffix` choose among several places.
    * Each fragment has offsets and may have `exact`, and a `unit` where it counts otherwise than
      the target; they come in text order and do not overlap. Fragments that touch are merged.
      `start`, `end` and `exact` beside them are the envelope's.

    With offsets in code points the cost is O(len(exact)), whatever the length of the text.
    """
    return _Check(text, ruler, given).target()


class _Check(SpanReader):
    """One run of `resolve`: what was given, and the problems found so far."""

    def __init__(
        self,
        text: str,
        ruler: Ruler,
        given: Mapping[str, object],
        at: str = "",
        problems: list[Problem] | None = None,
    ) -> None:
        super().__init__(ruler, given, at, problems)
        self.text = text
        self.exact = self.string("exact")

    def target(self) -> Target:
        given = self.given
        if given.get("fragments"):
            return self._discontinuous(given["fragments"])
        if given.get("start") is None and given.get("end") is None:
            return self._anchored()
        span = self._span()
        if span is None or self.problems:
            raise SpanRefused(self.problems)
        return Target((span,))

    def _anchored(self) -> Target:
        """The target of a quote that came without offsets."""
        prefix = self.string("prefix") or ""
        suffix = self.string("suffix") or ""
        exact = self.exact
        if self.problems:
            raise SpanRefused(self.problems)
        if exact is None:
            detail = "Send start and end, or the quote itself as exact."
            raise self.refused("", "missing_offsets", detail)
        if not exact:
            raise self.refused("/exact", "empty_span", "A span marks at least one code point.")
        found = locate(self.text, exact, prefix, suffix, MOST_CANDIDATES)
        if found.start is not None:
            return Target.single(found.start, found.start + len(exact))
        if not found.candidates:
            raise self.refused("/exact", "quote_not_found", "The text does not hold this quote.")
        detail = "The quote occurs in more than one place: send offsets, or more prefix and suffix."
        candidates = self._candidates(found.candidates, len(exact))
        raise self.refused("/exact", "ambiguous_quote", detail, candidates=candidates)

    def _discontinuous(self, fragments: object) -> Target:
        if not isinstance(fragments, (list, tuple)):
            raise self.refused("/fragments", "not_a_list", "Fragments are a list of spans.")
        if len(fragments) > MOST_FRAGMENTS:
            limit = f"A target has at most {MOST_FRAGMENTS} fragments."
            raise self.refused("/fragments", "too_many_fragments", limit)
        checked = [self._fragment(n, fragment) for n, fragment in enumerate(fragments)]
        spans = [span for span in checked if span is not None]
        if not self.problems:
            self._check_order(spans)
        if not self.problems:
            self._check_envelope(Span(spans[0].start, spans[-1].end))
        if self.problems:
            raise SpanRefused(self.problems)
        return Target.of(spans)

    def _fragment(self, n: int, fragment: object) -> Span | None:
        at = f"/fragments/{n}"
        if not isinstance(fragment, Mapping):
            self.note(at, "not_an_object", "A fragment is an object.")
            return None
        unit = self.unit if fragment.get("unit") is None else fragment["unit"]
        piece = _Check(self.text, self.ruler, {**fragment, "unit": unit}, at, self.problems)
        return piece._span()

    def _check_order(self, spans: list[Span]) -> None:
        for n, (before, after) in enumerate(pairwise(spans), start=1):
            if after.end <= before.start:
                detail = "Fragments stand in text order."
                self.note(f"/fragments/{n}", "fragments_out_of_order", detail)
            elif after.start < before.end:
                self.note(f"/fragments/{n}", "fragments_overlap", f"It overlaps fragment {n - 1}.")

    def _check_envelope(self, envelope: Span) -> None:
        for key, place in (("start", envelope.start), ("end", envelope.end)):
            value = self.given.get(key)
            if value is None:
                continue
            number, expected = self.integer(value, f"/{key}"), self.outward(place)
            if number is not None and number != expected:
                detail = f"The fragments' envelope has its {key} at {expected}."
                self.note(f"/{key}", "envelope_mismatch", detail)
        self._check_quote(envelope)

    def _span(self) -> Span | None:
        """The span from `start` to `end`, or None with its problems noted."""
        start, end = self.offset("start"), self.offset("end")
        if start is None or end is None:
            return None
        if start >= end:
            self._note_backward(start, end)
            return None
        first, last = self.inward(start, "/start"), self.inward(end, "/end")
        if first is None or last is None:
            return None
        span = Span(first, last)
        self._check_quote(span)
        return span

    def _note_backward(self, start: int, end: int) -> None:
        if start == end:
            self.note("/end", "empty_span", "A span marks at least one code point.")
        else:
            self.note("/end", "reversed_span", "The end lies before the start.")

    def _check_quote(self, span: Span) -> None:
        exact = self.exact
        if exact is None:
            return
        # Compared in place: slicing first would cost what the caller's offsets say, not the quote.
        if len(exact) == span.end - span.start and self.text.startswith(exact, span.start):
            return
        found = self.text[span.start : min(span.end, span.start + _FOUND_SHOWN)]
        if span.end - span.start > _FOUND_SHOWN:
            found += "…"
        near = nearest(self.text, exact, span.start, MOST_NEARBY)
        detail = "The text at these offsets is not the quote."
        candidates = self._candidates(near, len(exact))
        self.note("/exact", "quote_mismatch", detail, found=found, candidates=candidates)

    def _candidates(self, starts: list[int], length: int) -> list[dict[str, object]]:
        return [self._candidate(start, start + length) for start in starts]

    def _candidate(self, start: int, end: int) -> dict[str, object]:
        prefix, suffix = context_of(self.text, start, end)
        place = {"start": self.outward(start), "end": self.outward(end)}
        return {**place, "unit": self.unit.value, "prefix": prefix, "suffix": suffix}
