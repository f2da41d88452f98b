"""JSON read strictly and written one way."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from app.kernel.errors import Invalid, Malformed, invalid_field

MAX_DEPTH = 64
_EXPONENT = 308
_LEAST, _MOST = -(2**63), 2**64 - 1
_SURROGATE = re.compile("[\ud800-\udfff\x00]")


class _TwiceError(ValueError):
    """A member named twice in one object."""


class _RangeError(ValueError):
    """A number that no other reader of JSON could hold."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _TwiceError(name)
            seen.add(name)
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _number(raw: str) -> Decimal:
    """The exact value of a number with a fraction or an exponent."""
    try:
        value = Decimal(raw)
    except InvalidOperation:
        raise _RangeError(raw) from None
    if not -_EXPONENT <= value.adjusted() < _EXPONENT:
        raise _RangeError(raw)
    return value


def _whole(raw: str) -> int | Decimal:
    """A whole number; past 64 bits as a decimal, which only fields of exact numbers take."""
    if len(raw) > _EXPONENT:
        raise _RangeError(raw)
    value = int(raw)
    return value if _LEAST <= value <= _MOST else Decimal(value)


_decoder = json.JSONDecoder(
    object_pairs_hook=_members, parse_constant=_no_constant, parse_float=_number, parse_int=_whole
)


def loads(raw: bytes) -> Any:
    """The value of a JSON text in UTF-8, read strictly.

    Numbers with a fraction, and whole ones past 64 bits, become exact decimals. Refused: NaN
    and infinities, numbers past the range of a double (RFC 8259, section 6), members named
    twice, nesting past MAX_DEPTH, lone surrogates and NUL in any string or member name.
    """
    try:
        value = _decoder.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Malformed(
            f"The body is not UTF-8: byte {error.start}.", code="malformed_json"
        ) from None
    except _TwiceError as error:
        detail = f"The member {str(error)[:80]!r} stands twice in one object."
        raise Invalid(detail, code="duplicate_member") from None
    except _RangeError as error:
        detail = f"The number {str(error)[:40]} is past what JSON readers can hold."
        raise Invalid(detail, code="number_out_of_range") from None
    except RecursionError:
        raise Malformed(f"Nested past {MAX_DEPTH} levels.", code="malformed_json") from None
    except ValueError as error:
        raise Malformed(f"The body is not JSON: {error}.", code="malformed_json") from None
    _check(value, "", 0, clean=b"\\u" not in raw and b"\x00" not in raw)
    return value


def _check(value: Any, pointer: str, depth: int, *, clean: bool) -> None:
    """Refuse what JSON allows and no text may hold; `clean` when no escape can hide it."""
    if depth > MAX_DEPTH:
        raise Malformed(f"Nested past {MAX_DEPTH} levels.", code="malformed_json")
    if isinstance(value, dict):
        for name, member in value.items():
            if not clean:
                _check_text(name, pointer)
            if isinstance(member, (dict, list, str)):
                _check(member, f"{pointer}/{escape(name)}", depth + 1, clean=clean)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            if isinstance(member, (dict, list, str)):
                _check(member, f"{pointer}/{index}", depth + 1, clean=clean)
    elif isinstance(value, str) and not clean:
        _check_text(value, pointer)


def _check_text(text: str, pointer: str) -> None:
    if found := _SURROGATE.search(text):
        code = "nul" if found[0] == "\x00" else "lone_surrogate"
        what = "NUL" if code == "nul" else "a lone surrogate"
        raise invalid_field(pointer, code, f"Character {found.start()} is {what}.")


def escape(member: str) -> str:
    """A member name as one step of a JSON pointer (RFC 6901)."""
    return member.replace("~", "~0").replace("/", "~1")


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and _LEAST <= value <= _MOST:
            return int(value)
        return float(value)
    raise TypeError(type(value).__name__)


def dumps(value: Any) -> bytes:
    """JSON in UTF-8, compact; moments in UTC with `Z`. Member order is kept."""
    return orjson.dumps(value, default=_exact, option=orjson.OPT_UTC_Z)


def canonical(value: Any) -> bytes:
    """JSON in UTF-8 with members in order, so that equal values are equal bytes."""
    return orjson.dumps(value, default=_exact, option=orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS)
