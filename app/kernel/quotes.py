"""Finding a quoted passage in a text, and telling like places apart by what stands around them.

Pure string work in code points; places are given by where they start. Quotes that repeat with
themselves ("aa" in "aaa") count at every place. Work is bounded: a text of 10 MB and a quote
made to repeat cannot keep a request busy for more than some tens of milliseconds.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

# How far from the place asked for a quote still counts as nearby, in code points.
NEARBY = 20_000
# A context that agrees only in part counts from so many code points on: shorter agreement
# is what any two places in a text have by chance (" to the", "s, and ").
LEAST_CONTEXT = 8
# Looked at when context agrees only in part: so much of it on each side, and so many places.
_CONTEXT_READ = 256
_PLACES_SCORED = 5_000
# Comparing a long quote at many places costs their product; this is where looking stops.
_COMPARED = 2_000_000
_RINGS = (128, 1_024, 8_192, NEARBY)


class Found(NamedTuple):
    """Where a quote was found: the one place, or the candidates between which nothing decides.

    `start` is the place when there is exactly one, else None; `candidates` are then the first
    places in text order (empty: the quote does not occur).
    """

    start: int | None
    candidates: list[int]


def places(text: str, quote: str, low: int = 0, high: int | None = None) -> Iterator[int]:
    """Where `quote` starts in `text`, ascending, from `low` up to `high` (itself included).

    An empty quote has no place. Stops early in texts made to repeat a very long quote.
    """
    if not quote:
        return
    stop = len(text) if high is None else min(high + len(quote), len(text))
    allowed = max(16, _COMPARED // len(quote))
    at = text.find(quote, max(low, 0), stop)
    while at >= 0 and allowed:
        yield at
        allowed -= 1
        at = text.find(quote, at + 1, stop)


def nearest(text: str, quote: str, start: int, most: int) -> list[int]:
    """Up to `most` places of `quote` within `NEARBY` of `start`, nearest first."""
    found: list[int] = []
    for ring in _RINGS:
        found = list(places(text, quote, start - ring, start + ring))
        if len(found) >= most:
            break
    return sorted(found, key=lambda at: (abs(at - start), at))[:most]


def agreement(text: str, start: int, end: int, prefix: str, suffix: str) -> tuple[int, int]:
    """How many code points of `prefix` and of `suffix` stand around `text[start:end]`.

    Counted outward from the passage; at most 256 on each side.
    """
    read = _CONTEXT_READ
    before = shared_start(text[max(start - read, 0) : start][::-1], prefix[-read:][::-1])
    return before, shared_start(text[end : end + read], suffix[:read])


def locate(text: str, quote: str, prefix: str = "", suffix: str = "", most: int = 10) -> Found:
    """The place of `quote` that its context points to.

    1. Places where the whole prefix and suffix stand beside the quote come first: one wins,
       several stay ambiguous.
    2. Without such a place, a quote that occurs once is that place, whatever the context says.
    3. Else each place counts the code points of prefix and suffix that agree, outward from the
       quote; a side counts from 8 code points on, or when it agrees whole. The longest agreement
       wins if no other place has as much. Past 5,000 places nothing is decided this way.

    `most` bounds the candidates of an ambiguous quote: the places that tie, in text order.
    """
    around = places(text, prefix + quote + suffix) if quote else iter(())
    whole = [at + len(prefix) for at in islice(around, most + 1)]
    if whole:
        return _decide(whole, most)
    if not (prefix or suffix):
        return Found(None, [])
    found = list(islice(places(text, quote), _PLACES_SCORED + 1))
    if len(found) <= 1 or len(found) > _PLACES_SCORED:
        return _decide(found, most)
    return _decide(_best(text, len(quote), found, prefix, suffix), most)


def _best(text: str, length: int, found: list[int], prefix: str, suffix: str) -> list[int]:
    scores = [_score(text, at, at + length, prefix, suffix) for at in found]
    top = max(scores)
    return [at for at, score in zip(found, scores, strict=True) if score == top]


def _score(text: str, start: int, end: int, prefix: str, suffix: str) -> int:
    before, after = agreement(text, start, end, prefix, suffix)
    return _counted(before, prefix) + _counted(after, suffix)


def _counted(agreed: int, given: str) -> int:
    return agreed if agreed >= min(LEAST_CONTEXT, len(given)) else 0


def _decide(found: list[int], most: int) -> Found:
    return Found(found[0], []) if len(found) == 1 else Found(None, found[:most])


def shared_start(first: str, second: str) -> int:
    """The length of the beginning that two strings share; by halving, at the speed of memcmp."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
