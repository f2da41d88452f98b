"""The rules of single values: texts, decimals, dates, free JSON. Pure, and written once.

Every path that validates (the documented API, the bulk import) ends in these functions, so
that no two doors of the product admit different things.
"""

import math
import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.annotations.kinds.problems import Problem, Refused, under

PRECISIONS = ("year", "month", "day", "interval")

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?([0-9]+))?")
_PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?")
_WHOLE_DIGITS = _FRACTION_DIGITS = 30
_EXACT_FLOAT_DIGITS = 15
_LONGEST_NUMBER = 100
_LONGEST_EXPONENT = 3

_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_WANTED_PARTS = {"year": 1, "month": 2, "day": 3}
_SHAPES = {"year": "2015", "month": "2015-10", "day": "2015-10-13"}

_DEEPEST = 16
_LARGEST = 2**63


def text_problem(value: str, most: int) -> Problem | None:
    """Why `value` is no plain text of at most `most` code points, or None when it is.

    A text says something, and every database stores it: no NUL, no lone surrogate.
    """
    if len(value) > most:
        return Problem("", "too_long", f"At most {most} characters; this has {len(value)}.")
    if not value.isprintable() and _UNSTORABLE.search(value):
        return Problem("", "bad_character", "Text holds no NUL and no lone surrogate.")
    if not value or value.isspace():
        return Problem("", "blank", "A text says something; leave the attribute out instead.")
    return None


def decimal_text(value: Any) -> str:
    """An exact decimal in plain notation, trailing zeros kept: "1.10", 3, 1e3 → "1000".

    Accepts what JSON calls a number, as a number or in a string, with at most 30 digits
    before and 30 after the point. A binary float counts by its shortest form and only up
    to 15 digits, since past that a digit of what was sent may already be lost. Raises
    `Refused`.
    """
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise Refused.one("not_a_number", 'A number, or a number in a string: 12.5 or "12.5".')
    if isinstance(value, int) and abs(value) >= 10**_WHOLE_DIGITS:
        raise _too_many_digits()
    written = str(value)
    match = _NUMBER.fullmatch(written)
    if match is None:
        raise Refused.one(
            "not_a_number",
            'Digits with an optional minus, point and exponent, as in "-1200.50"; no spaces, '
            "no separators, not infinite.",
        )
    if len(written) > _LONGEST_NUMBER or len(match[1] or "") > _LONGEST_EXPONENT:
        raise _too_many_digits()
    number = Decimal(written)
    if isinstance(value, float) and len(number.as_tuple().digits) > _EXACT_FLOAT_DIGITS:
        raise Refused.one("inexact", "Send a number of more than 15 digits as a string.")
    return _plain(number)


def _plain(number: Decimal) -> str:
    exponent = int(number.as_tuple().exponent)
    if number.adjusted() >= _WHOLE_DIGITS or exponent < -_FRACTION_DIGITS:
        raise _too_many_digits()
    plain = format(number, "f")
    return plain.removeprefix("-") if number.is_zero() else plain


def _too_many_digits() -> Refused:
    return Refused.one("too_many_digits", "At most 30 digits before and 30 after the point.")


@lru_cache(maxsize=4096)
def moment_problem(value: str, precision: str) -> Problem | None:
    """Why `value` is no date of this precision in the calendar, or None when it is.

    Dates are written as ISO 8601 does (2015, 2015-10, 2015-10-13); an interval is two dates
    of one precision with a slash between, both included, the first not after the second.
    """
    if precision != "interval":
        return _point_problem(value, precision)
    first, slash, last = value.partition("/")
    for name in _SHAPES:
        if slash and not _point_problem(first, name) and not _point_problem(last, name):
            if first <= last:
                return None
            return Problem("/value", "reversed_interval", "An interval begins before it ends.")
    return Problem(
        "/value",
        "bad_interval",
        "An interval is two dates of one precision, as in 2015-10-13/2015-11-13.",
    )


def _point_problem(value: str, precision: str) -> Problem | None:
    match = _POINT.fullmatch(value)
    parts = [int(part) for part in match.groups() if part] if match else []
    if len(parts) != _WANTED_PARTS[precision]:
        shape = _SHAPES[precision]
        return Problem("/value", "bad_date", f"A date of precision {precision} looks like {shape}.")
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return Problem("/value", "bad_date", f"The calendar has no {value}.")
    return None


def free_json(value: Any, depth: int = 1) -> Any:
    """A JSON value that every store keeps, numbers as int or float. Raises `Refused`.

    At most 16 levels deep; texts without NUL and lone surrogates; numbers finite and within
    64 bits, because readers of JSON disagree about larger ones.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _free_number(value)
    if isinstance(value, str):
        return _free_text(value)
    if depth > _DEEPEST:
        raise Refused.one("too_deep", f"At most {_DEEPEST} levels.")
    if isinstance(value, dict):
        return {_free_text(k): _member(k, v, depth) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_member(place, v, depth) for place, v in enumerate(value)]
    raise Refused.one("not_json", "Only what JSON can hold.")


def _member(step: str | int, value: Any, depth: int) -> Any:
    try:
        return free_json(value, depth + 1)
    except Refused as refused:
        raise Refused(list(under(step, refused.problems))) from None


def _free_text(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused.one("not_json", "The names in an object are texts.")
    if _UNSTORABLE.search(value):
        raise Refused.one("bad_character", "Text holds no NUL and no lone surrogate.")
    return value


def _free_number(value: float | Decimal) -> int | float:
    number = value if isinstance(value, int) else float(value)
    if not math.isfinite(number) or not -_LARGEST <= number < _LARGEST:
        raise Refused.one("out_of_range", "Numbers here are finite and within 64 bits.")
    return number
