"""Dates of limited precision, as the days they may mean. Pure."""

from calendar import monthrange
from functools import lru_cache
from typing import Literal, NamedTuple

Together = Literal["same", "overlapping", "unknown", "apart"]


class Days(NamedTuple):
    """The first and the last day, as texts that sort like the days: 2015-10-01, 2015-10-31."""

    first: str
    last: str


@lru_cache(maxsize=4096)
def days_of(value: str) -> Days:
    """The days of a date of any precision, or from the first to the last of an interval."""
    first, slash, last = value.partition("/")
    return Days(_first(first), _last(last if slash else first))


def together(one: Days | None, other: Days | None) -> Together:
    """How two dates lie to each other; `unknown` where one is missing."""
    if one is None or other is None:
        return "unknown"
    if one == other:
        return "same"
    return "overlapping" if one.first <= other.last and other.first <= one.last else "apart"


def _first(date: str) -> str:
    return (date + "-01-01")[:10]


def _last(date: str) -> str:
    year, *rest = date.split("-")
    month = rest[0] if rest else "12"
    return date if len(rest) == 2 else f"{year}-{month}-{monthrange(int(year), int(month))[1]:02}"
