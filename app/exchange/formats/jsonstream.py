"""The items of a large JSON file one at a time, with the line each begins on."""

import codecs
import json
import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from app.exchange.formats.base import Options, Unreadable
from app.exchange.formats.options import whole_number
from app.exchange.formats.parsing import DECODER, broken

_STEP = 256 * 1024
_LARGEST = 64 * 1024 * 1024
_BLANK = re.compile(r"[ \t\n\r]*")
_SCALAR = frozenset("-0123456789tfn")


def items(
    stream: BinaryIO, options: Options, inside: Collection[str] = ()
) -> Iterator[tuple[int, Any]]:
    """Line number and value of each item.

    The file is an array of items, or an object that has such arrays (or objects with such
    arrays) under the keys `inside`; an object without any of these keys is one item itself.
    Option `item_bytes` (64 MiB) bounds one item. Raises `Unreadable` where the JSON breaks.
    """
    source = _Source(stream, whole_number(options, "item_bytes", _LARGEST))
    yield from _inside(source, inside, 0)
    if source.peek():
        raise source.error("More text after the end of the JSON.")


def _inside(source: "_Source", inside: Collection[str], depth: int) -> Iterator[tuple[int, Any]]:
    first = source.peek()
    if first == "[":
        yield from _elements(source)
    elif first == "{" and depth < 4:
        yield from _members(source, inside, depth)
    elif first:
        raise source.error("An array or an object was expected.")
    else:
        raise source.error("The file is empty.")


def _elements(source: "_Source") -> Iterator[tuple[int, Any]]:
    source.take("[")
    if source.peek() == "]":
        source.take("]")
        return
    while True:
        source.peek()
        line = source.line
        yield line, source.value()
        if source.peek() == "]":
            source.take("]")
            return
        source.take(",")


def _members(source: "_Source", inside: Collection[str], depth: int) -> Iterator[tuple[int, Any]]:
    line, streamed = source.line, False
    whole: dict[str, Any] = {}
    source.take("{")
    more = source.peek() != "}"
    while more:
        if source.peek() != '"':
            raise source.error("A key was expected.")
        key = source.value()
        if key in whole:
            raise source.error("A key stands twice in one object.")
        source.take(":")
        if key in inside and source.peek() in ("[", "{"):
            streamed = True
            yield from _inside(source, inside, depth + 1)
        else:
            whole[key] = source.value()
        more = source.peek() == ","
        if more:
            source.take(",")
    source.take("}")
    if not streamed:
        yield line, whole


class _Source:
    """The characters of a stream, a piece at a time, with the place that reading has come to."""

    def __init__(self, stream: BinaryIO, largest: int) -> None:
        self._stream, self._largest = stream, largest
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._ended = "", 0, False
        self.line = 1

    def peek(self) -> str:
        """The next character that is not blank, or "" at the end."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            self._move(blank.end() if blank else self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grow():
                return ""

    def take(self, char: str) -> None:
        """Goes past `char`, which must be next."""
        if self.peek() != char:
            raise self.error(f"{char!r} was expected.")
        self._at += 1

    def value(self) -> Any:
        """The whole JSON value that is next."""
        first = self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._hopeless(error) or not self._grow():
                    raise self.error(broken(error).detail) from None
                continue
            except (ValueError, RecursionError) as error:
                raise self.error(broken(error).detail) from None
            # A number or word may go on in what is not read yet.
            if end == len(self._text) and first in _SCALAR and self._grow():
                continue
            self._move(end)
            return found

    def error(self, detail: str) -> Unreadable:
        """An error at the line that reading has come to."""
        return Unreadable(detail, code="bad_json", line=self.line)

    def _hopeless(self, error: json.JSONDecodeError) -> bool:
        """Whether more text cannot mend it: it breaks well before the end of what is read."""
        return not error.msg.startswith("Unterminated") and error.pos < len(self._text) - 64

    def _move(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to

    def _grow(self) -> bool:
        """Reads at least as much as is waiting, so that long values cost no more than twice."""
        if self._ended:
            return False
        waiting = self._text[self._at :]
        if len(waiting) > self._largest:
            raise Unreadable("An item is too large.", code="too_long", line=self.line)
        data = self._stream.read(max(_STEP, len(waiting)))
        self._ended = not data
        try:
            more = self._decoder.decode(data, self._ended)
        except UnicodeDecodeError as error:
            detail = f"This is not UTF-8: {error.reason}."
            raise Unreadable(detail, code="bad_encoding", line=self.line) from None
        self._text, self._at = waiting + more, 0
        return bool(more) or not self._ended
