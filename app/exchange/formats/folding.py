"""Texts with LF as their only line end, for formats whose readers fold CR LF; and the way back."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from app.exchange.formats.base import Unreadable
from app.exchange.rows import Json

_RETURNS = re.compile("\r\n?")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `pairs` are the places of its LFs that were CR LF, `lone` those that were CR.

    Offsets keep their order both ways. An edge between CR and LF has no place in the folded
    text and moves before the pair.
    """

    text: str
    pairs: tuple[int, ...] = ()
    lone: tuple[int, ...] = ()

    @classmethod
    def of(cls, original: str) -> "Folded":
        """The original with every CR LF and every lone CR turned into LF."""
        if "\r" not in original:
            return cls(original)
        pairs: list[int] = []
        lone: list[int] = []
        for match in _RETURNS.finditer(original):
            if len(match.group()) == 2:
                pairs.append(match.start() - len(pairs))
            else:
                lone.append(match.start() - len(pairs))
        return cls(_RETURNS.sub("\n", original), tuple(pairs), tuple(lone))

    def place(self, original: int) -> int:
        """The folded offset of an offset in the original text."""
        # The k-th pair began k characters further right in the original.
        low, high = 0, len(self.pairs)
        while low < high:
            middle = (low + high) // 2
            if self.pairs[middle] + middle < original:
                low = middle + 1
            else:
                high = middle
        return original - low

    def back(self, folded: int) -> int:
        """The offset in the original text of a folded offset."""
        return folded + bisect_left(self.pairs, folded)

    def original(self) -> str:
        """The text with its own line ends again."""
        if not self.pairs and not self.lone:
            return self.text
        ends = {**dict.fromkeys(self.pairs, "\r\n"), **dict.fromkeys(self.lone, "\r")}
        pieces, last = [], 0
        for place in sorted(ends):
            pieces += [self.text[last:place], ends[place]]
            last = place + 1
        return "".join([*pieces, self.text[last:]])

    def note(self) -> Json:
        """What a file must remember to restore the line ends; empty when all are LF."""
        every = tuple(i for i, char in enumerate(self.text) if char == "\n") if self.pairs else ()
        if self.pairs and self.pairs == every:
            return {"all": "crlf"}
        return {k: list(v) for k, v in (("crlf", self.pairs), ("cr", self.lone)) if v}

    @classmethod
    def noted(cls, text: str, note: Any) -> "Folded":
        """The folded `text` with the line ends that `note` remembers; raises `Unreadable`."""
        if not isinstance(note, dict) or not note:
            return cls(text)
        if note.get("all") == "crlf":
            return cls(text, tuple(i for i, char in enumerate(text) if char == "\n"))
        pairs, lone = (_places(note.get(name, []), text) for name in ("crlf", "cr"))
        if set(pairs) & set(lone):
            raise _stale()
        return cls(text, pairs, lone)


def _places(found: Any, text: str) -> tuple[int, ...]:
    if not isinstance(found, list) or not all(type(place) is int for place in found):
        raise _stale()
    if any(not 0 <= place < len(text) or text[place] != "\n" for place in found):
        raise _stale()
    return tuple(sorted(set(found)))


def _stale() -> Unreadable:
    return Unreadable("The noted line ends do not fit the text.", code="line_ends_mismatch")
