"""Tokens and sentences, for formats that know no characters. Pure, and only as clever as needed.

Tokens never cross an edge that is asked for, so a span's edges are always token edges.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

# ASCII and general punctuation, without the joiners and marks that belong to what is before them.
_PUNCTUATION = r"!-/:-@\[-^`{-~¡§«¶·»¿‐-‧‰-⁞⸀-⹿、-〃〈-】〔-〟،؛؟۔״׳"
_TOKEN = re.compile(
    rf"[0-9]+(?:[.,:][0-9]+)+|[^\s{_PUNCTUATION}]+|[{_PUNCTUATION}]",
)
_STOP = re.compile(r"[.!?…。！？؟]+[\"'”’»)\]]*(?=\s)|\n\s*\n|\n")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Za-z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Sgt|Capt|Sen|Rep|Gov|St|No|vs|Jan|Feb|"
    r"Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Ltd|Co|Corp))\Z"
)
_LONGEST_ABBREVIATION = 6


Token = tuple[int, int]
"""Start and end of a stretch of text without white space."""


class Sentence(NamedTuple):
    """A stretch of text from the first to the last character that is no white space."""

    start: int
    end: int


def tokens(text: str, edges: Iterable[int] = ()) -> list[Token]:
    """All tokens in text order; everything but white space is in exactly one.

    A number with points or commas inside is one token, punctuation is one each, and no token
    crosses one of `edges`.
    """
    cuts = sorted({edge for edge in edges if 0 < edge < len(text)} | {0, len(text)})
    found: list[Token] = []
    for start, end in pairwise(cuts):
        found += [match.span() for match in _TOKEN.finditer(text, start, end)]
    return found


def sentences(text: str) -> list[Sentence]:
    """Sentences by a plain rule: at line ends, and after a stop that is no abbreviation's.

    A lower case letter after the stop keeps the sentence going.
    """
    found: list[Sentence] = []
    start = 0
    for stop in _STOP.finditer(text):
        if not _goes_on(text, stop):
            _add(found, text, start, stop.end())
            start = stop.end()
    _add(found, text, start, len(text))
    return found


def sentence_at(found: Sequence[Sentence], place: int) -> int:
    """The index of the sentence that holds the offset, or of the last one before it."""
    return max(0, bisect_right(found, place, key=lambda sentence: sentence.start) - 1)


def whole(found: Sequence[Sentence], spans: Iterable[tuple[int, int]]) -> list[Sentence]:
    """The sentences with those made one that a span runs through."""
    joined: list[Sentence] = []
    running = sorted(spans)
    at, reach = 0, 0
    for sentence in found:
        if joined and reach > sentence.start:
            joined[-1] = Sentence(joined[-1].start, sentence.end)
        else:
            joined.append(sentence)
        while at < len(running) and running[at][0] < sentence.end:
            reach = max(reach, running[at][1])
            at += 1
    return joined


def _goes_on(text: str, stop: re.Match[str]) -> bool:
    if stop.group().startswith("\n"):
        return False
    after = text[stop.end() : stop.end() + 2].lstrip(" ")
    if after[:1].islower():
        return True
    before = text[max(0, stop.start() - _LONGEST_ABBREVIATION) : stop.start()]
    return stop.group() == "." and _ABBREVIATION.search(before) is not None


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        first = start + len(piece) - len(piece.lstrip())
        found.append(Sentence(first, first + len(bare)))
