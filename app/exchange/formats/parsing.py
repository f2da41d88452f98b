"""JSON read from strangers: UTF-8 only, no repeated keys, no NaN, bounded depth; never a crash."""

import json
import math
from typing import Any, NoReturn

from app.exchange.formats.base import Unreadable


def parsed_line(data: bytes) -> Any:
    """The JSON value of one line or file; raises `Unreadable`."""
    return parsed(decoded(data))


def decoded(data: bytes) -> str:
    """UTF-8 without its byte order mark; raises `Unreadable` for any other encoding."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        detail = f"This is not UTF-8: {error.reason} at byte {error.start}."
        raise Unreadable(detail, code="bad_encoding") from None


def parsed(text: str) -> Any:
    """The JSON value of a text; raises `Unreadable`."""
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise broken(error) from None


def broken(error: Exception) -> Unreadable:
    """What to answer for an error of the JSON parser."""
    if isinstance(error, RecursionError):
        return Unreadable("The JSON is nested too deeply.", code="bad_json")
    return Unreadable(f"This is not JSON: {error}", code="bad_json")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _refused(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _finite(word: str) -> float:
    value = float(word)
    if math.isinf(value):
        raise ValueError(f"{word[:40]} is past what JSON readers can hold")
    return value


DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refused, parse_float=_finite)
