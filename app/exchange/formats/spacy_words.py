"""A text as spaCy's words: every span edge is a word edge, and the words give the text back."""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from app.exchange.rows import Fragment

# Punctuation stands alone unless it holds a word together, as in 1,700 or don't. Marks
# that combine and emoji sequences are no punctuation, so they stay with what they belong to.
_ALONE = re.escape(string.punctuation + "“”„‘’«»‹›…—–،؛؟۔、。！？")
_INSIDE = r".,'’\-"
_PIECE = re.compile(rf"[^\s{_ALONE}]+(?:[{_INSIDE}][^\s{_ALONE}]+)*|\s+|[\s\S]")


@dataclass(frozen=True, slots=True)
class Words:
    """Words with whether a single space follows, and where each begins and ends.

    `starts` and `ends` map an offset in the text to the place of the word that begins or ends
    there; every edge of the spans is in them.
    """

    words: list[str]
    spaces: list[bool]
    starts: dict[int, int]
    ends: dict[int, int]

    def covered(self, piece: Fragment) -> tuple[int, int]:
        """First word and one past the last word of a stretch whose edges were given."""
        return self.starts[piece.start], self.ends[piece.end] + 1


def words_of(text: str, pieces: Iterable[Fragment]) -> Words:
    """The text cut into words, also at the edges of `pieces`.

    A single space after a word belongs to it, as spaCy has it, unless a span begins with that
    space or ends behind it; any other white space is a word of its own.
    """
    begins, finishes = set[int](), set[int]()
    for piece in pieces:
        begins.add(piece.start)
        finishes.add(piece.end)
    cuts = {match.start() for match in _PIECE.finditer(text)} | begins | finishes | {len(text)}
    made = Words([], [], {}, {})
    for start, end in pairwise(sorted(cuts)):
        word = text[start:end]
        if word == " " and start not in begins and end not in finishes and _room(made):
            made.spaces[-1] = True
            continue
        made.starts[start] = made.ends[end] = len(made.words)
        made.words.append(word)
        made.spaces.append(False)
    return made


def _room(made: Words) -> bool:
    return bool(made.spaces) and not made.spaces[-1]
