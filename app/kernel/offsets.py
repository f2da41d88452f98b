"""Offsets into one text, in the three units that callers count in.

Factmark stores code points, as the Web Annotation Data Model (sections 4.2.4 and 4.2.5) asks:
what Python's `str` indices are. Browsers and the JVM count UTF-16 code units, Go, Rust and many
corpora count UTF-8 bytes; a `Ruler` converts between them over one text.
"""

from array import array
from bisect import bisect_right
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

# One mark every so many code points: a table of 1/16 byte a code point, and a conversion
# encodes at most this many code points. Longer strides save nothing worth having.
_STRIDE = 128


class Unit(StrEnum):
    """What an offset counts: code points, UTF-16 code units or UTF-8 bytes."""

    CODEPOINT = "codepoint"
    UTF16 = "utf16"
    BYTE = "byte"


class Lengths(NamedTuple):
    """The length of one text in each unit."""

    codepoints: int
    utf16: int
    bytes: int


class OffsetError(ValueError):
    """An offset that names no place between two code points of the text.

    `code` is `out_of_range` (negative or past the end) or `inside_code_point` (between the halves
    of a surrogate pair, or within a UTF-8 sequence); `detail` is a sentence for people.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


# Per unit: the codec without a byte order mark, and the bytes that make one unit.
_CODECS = {Unit.UTF16: ("utf-16-le", 2), Unit.BYTE: ("utf-8", 1)}


def _size(text: str, unit: Unit) -> int:
    """The length of `text` in `unit`, at the speed of the encoder."""
    if unit is Unit.CODEPOINT or text.isascii():
        return len(text)
    codec, width = _CODECS[unit]
    return len(text.encode(codec)) // width


def lengths(text: str) -> Lengths:
    """The length of `text` in all three units.

    Raises `UnicodeEncodeError` for a lone surrogate, which has no UTF-8 or UTF-16 form.
    """
    return Lengths(len(text), _size(text, Unit.UTF16), _size(text, Unit.BYTE))


class Ruler:
    """Converts offsets over one unchanging text; cheap to make, safe to share between threads.

    Nothing is computed for code points. For another unit, the first use measures the text once;
    only if its length differs from the count of code points is a table of marks made, one every
    128 code points, so ASCII needs none and UTF-16 over a text without astral characters needs
    none either. After that a conversion costs O(log n), whatever the script.

    The text must hold no lone surrogate: converting over such a text raises `UnicodeEncodeError`.
    """

    __slots__ = ("_marks", "_sizes", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._sizes: dict[Unit, int] = {Unit.CODEPOINT: len(text)}
        self._marks: dict[Unit, array[int]] = {}

    def length(self, unit: Unit = Unit.CODEPOINT) -> int:
        """The length of the text in `unit`."""
        size = self._sizes.get(unit)
        if size is None:
            size = self._sizes[unit] = _size(self.text, unit)
        return size

    def to_codepoints(self, offset: int, unit: Unit) -> int:
        """The code point offset of `offset`, which counts in `unit`.

        Raises `OffsetError` where no code point begins or the text ends.
        """
        self._check_range(offset, unit)
        if self._counts_alike(unit):
            return offset
        marks = self._marks_of(unit)
        mark = bisect_right(marks, offset) - 1
        rest = offset - marks[mark]
        return mark * _STRIDE + (_units_in(self._stretch(mark), rest, unit) if rest else 0)

    def from_codepoints(self, index: int, unit: Unit) -> int:
        """The offset in `unit` of the code point offset `index`.

        Raises `OffsetError` for an index below zero or past the end.
        """
        self._check_range(index, Unit.CODEPOINT)
        if self._counts_alike(unit):
            return index
        mark = index // _STRIDE
        return self._marks_of(unit)[mark] + _size(self.text[mark * _STRIDE : index], unit)

    def _check_range(self, offset: int, unit: Unit) -> None:
        # The offset itself is not printed: Python refuses to write out an integer of 5,000 digits.
        if offset < 0:
            raise OffsetError("out_of_range", "An offset is never negative.")
        if offset > self.length(unit):
            size = self.length(unit)
            raise OffsetError("out_of_range", f"The text ends at {size} (counted in {unit}).")

    def _counts_alike(self, unit: Unit) -> bool:
        return self.length(unit) == len(self.text)

    def _stretch(self, mark: int) -> str:
        return self.text[mark * _STRIDE : (mark + 1) * _STRIDE]

    def _marks_of(self, unit: Unit) -> "array[int]":
        marks = self._marks.get(unit)
        if marks is None:
            # Two threads may both make it; they make the same, and one assignment wins.
            steps = range(len(self.text) // _STRIDE)
            sizes = (_size(self._stretch(mark), unit) for mark in steps)
            marks = self._marks[unit] = array("Q", accumulate(sizes, initial=0))
        return marks


def _units_in(stretch: str, rest: int, unit: Unit) -> int:
    """How many code points the first `rest` units of `stretch` make up."""
    codec, width = _CODECS[unit]
    head = stretch.encode(codec)[: rest * width]
    try:
        return len(head.decode(codec))
    except UnicodeDecodeError:
        where = "a surrogate pair" if unit is Unit.UTF16 else "a UTF-8 sequence"
        raise OffsetError("inside_code_point", f"The offset falls inside {where}.") from None
