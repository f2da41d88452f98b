"""What readers check alike: texts, offsets, quotes. Each raises `Unreadable`."""

from typing import Any

from app.exchange.formats.base import Options, Unreadable
from app.exchange.rows import Fragment, Person
from app.kernel.jsons import MAX_DEPTH
from app.kernel.offsets import OffsetError, Ruler, Unit

UNKNOWN = Person("", "")
"""Who tagged it, where a file does not say."""

_SHOWN = 60
_DEEPEST = 2 * MAX_DEPTH
"""How deep anything is followed; whether a member is nested too deeply is for the API to say."""


def unit_of(options: Options) -> Unit:
    """What the file's offsets count: option `unit`, by default code points."""
    try:
        return Unit(options.get("unit", Unit.CODEPOINT))
    except ValueError:
        detail = "`unit` is codepoint, utf16 or byte."
        raise Unreadable(detail, code="bad_option") from None


def storable(value: Any, what: str) -> str:
    """A text without NUL and lone surrogates, which no database and no UTF-8 file can hold."""
    if not isinstance(value, str):
        raise Unreadable(f"{what} is missing or is no text.", code="not_a_text")
    if "\x00" in value:
        raise Unreadable(f"{what} holds a NUL.", code="bad_character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unreadable(f"{what} holds half a surrogate pair.", code="bad_character") from None
    return value


def optional(value: Any, what: str) -> str | None:
    """The same, or None where nothing stands."""
    return None if value is None else storable(value, what)


def offset(value: Any, what: str) -> int:
    """A whole number of JSON; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable(f"{what} is no integer.", code="not_an_integer")
    return value


def json_safe(value: Any, what: str, depth: int = 0) -> Any:
    """A JSON value in which every text is storable."""
    if depth > _DEEPEST:
        raise Unreadable(f"{what} is nested too deeply.", code="bad_json")
    if isinstance(value, str):
        return storable(value, what)
    if isinstance(value, list):
        return [json_safe(entry, what, depth + 1) for entry in value]
    if isinstance(value, dict):
        return {storable(k, what): json_safe(v, what, depth + 1) for k, v in value.items()}
    return value


class Page:
    """One article's text, with offsets in the unit its file counts in."""

    def __init__(self, text: str, unit: Unit = Unit.CODEPOINT) -> None:
        self.text, self.unit, self._ruler = text, unit, Ruler(text)

    def fragment(self, start: Any, end: Any, quote: str | None = None) -> Fragment:
        """The stretch between two offsets; where a quote is given it must stand there."""
        first, last = self._place(start, "The start"), self._place(end, "The end")
        if first >= last:
            raise Unreadable("A span ends after it starts.", code="empty_span")
        exact = self.text[first:last]
        if quote is not None and quote != exact:
            raise self._mismatch(start, end, quote, exact)
        return Fragment(first, last, exact)

    def _place(self, value: Any, what: str) -> int:
        try:
            return self._ruler.to_codepoints(offset(value, what), self.unit)
        except OffsetError as error:
            raise Unreadable(f"{what}: {error.detail}", code=error.code) from None

    def _mismatch(self, start: int, end: int, quote: str, exact: str) -> Unreadable:
        detail = f"The text there is {exact[:_SHOWN]!r}, the file says {quote[:_SHOWN]!r}."
        for unit in Unit:
            if unit is not self.unit and self._fits(start, end, unit, quote):
                detail += f" It fits if the offsets count in {unit}: send unit={unit}."
                break
        return Unreadable(detail, code="quote_mismatch")

    def _fits(self, start: int, end: int, unit: Unit, quote: str) -> bool:
        try:
            first = self._ruler.to_codepoints(start, unit)
            return self.text[first : self._ruler.to_codepoints(end, unit)] == quote
        except OffsetError:
            return False
