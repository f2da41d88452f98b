"""A figure read from its own words, for files that say nothing of it but where it stands. Pure.

Only what is certain is read; all else is a figure whose form is vague, for a person to
complete. The words known here are English, so they count where no other language is told.
Digits are the same everywhere but for one thing: `1.234` is a thousand in some languages and
little more than one in others. That is read only where the article's language or the words
beside it are English.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.annotations.kinds import values
from app.annotations.kinds.problems import Refused

Json = dict[str, Any]

_SPACE = "\u00a0\u202f\u2009"
_SCANDINAVIAN = {"over": "more_than", "under": "less_than"}
_BOUNDS = _SCANDINAVIAN | {
    "more than": "more_than", "less than": "less_than", "fewer than": "less_than",
    "at least": "at_least", "no fewer than": "at_least", "no less than": "at_least",
    "at most": "at_most", "no more than": "at_most", "up to": "at_most",
    "about": "approx", "around": "approx", "approximately": "approx", "roughly": "approx",
    "between": "between", "exactly": "exact",
}  # fmt: skip
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "bn": 9}
_PERCENT = ("percent", "per cent")
_PEOPLE = ("people", "men", "women", "children", "soldiers")
_TIMES = ("years", "months", "weeks", "days", "hours")
_ENGLISH = {*_PERCENT, *_PEOPLE, *_TIMES, *_BOUNDS, "hundred", "thousand", "or more"}
_ENGLISH -= _SCANDINAVIAN.keys()
"""Words that no other language has in these places, so that they tell how digits are meant."""
_ANYWHERE = {"", "%", "km", "kg"}
_UNITS = (*_PERCENT, *_PEOPLE, *_TIMES, "%", "km", "kg", "kilometres", "kilometers", "miles",
          "minutes", "tonnes", "dollars", "euros")  # fmt: skip
_MONEY = {"$": None, "us$": "USD", "€": "EUR", "£": None}
"""The currency that a sign tells for certain: there are many dollars and pounds."""

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
          "eighteen", "nineteen"]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = {word: number for number, word in enumerate((*_ONES, *_TEENS), 1)}
_NUMBERS |= {word: number * 10 for number, word in enumerate(_TENS, 2)}
_NUMBERS |= {f"{ten}-{one}": _NUMBERS[ten] + _NUMBERS[one] for ten in _TENS for one in _ONES}


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_AMOUNT = (
    rf"(?P<money{{0}}>{_any(_MONEY)})?"
    rf"(?P<number{{0}}>[0-9]+(?:[.,'’{_SPACE}][0-9]+)*|(?:{_any(_NUMBERS)})\b)"
    rf"(?:[ {_SPACE}]?(?P<scale{{0}}>{_any(_SCALES)})\b)?"
)
_FIGURE = re.compile(
    rf"(?:(?P<bound>{_any(_BOUNDS)}) )?(?P<minus>[-−])?{_AMOUNT.format(1)}"
    rf"(?:(?P<to> and | to |[-–]){_AMOUNT.format(2)})?(?P<more> or more|\+)?"
    rf"(?:[ {_SPACE}]?(?P<unit>{_any(_UNITS)}))?",
    re.IGNORECASE | re.ASCII,
)
_GROUPED = re.compile(rf"([1-9][0-9]{{0,2}}(?:([.,'’{_SPACE}])[0-9]{{3}})(?:\2[0-9]{{3}})*)(.*)")
_PLAIN = re.compile(r"(0|[1-9][0-9]*)(?:([.,])([0-9]+))?")


class _Unsure(Exception):
    """What is said may be meant in more than one way."""


def figure_said(exact: str, language: str | None = None) -> Json:
    """The attributes that the words of a figure say, or that its form is vague.

    `language` is the article's (BCP 47), None where nobody knows. What comes out holds before
    the rules of a figure.
    """
    found = _FIGURE.fullmatch(re.sub(r"[ \t\r\n]+", " ", exact).strip(" "))
    try:
        if found is None:
            raise _Unsure
        said = {name: (word or "").lower() for name, word in found.groupdict().items()}
        scale = {"scale": found["scale1"]} if found["scale1"] else {}
        return {**_amounts(said, _english(said, language)), **_measured(said), **scale}
    except (_Unsure, Refused):
        return {"form": "vague"}


def _english(said: dict[str, str], language: str | None) -> bool:
    """Whether the figure is surely English. Raises _Unsure for English words elsewhere."""
    tells = {*said.values()} & _ENGLISH or {said["number1"], said["number2"]} & _NUMBERS.keys()
    if " or more" in said.values():
        tells = _ENGLISH
    if language is None:
        return bool(tells)
    if language.lower().partition("-")[0] in ("en", "eng"):
        return True
    words = said["bound"] or said["scale1"] or said["scale2"]
    if tells or words or said["unit"] not in _ANYWHERE:
        raise _Unsure
    return False


def _amounts(said: dict[str, str], english: bool) -> Json:
    """Value, value_max, comparator and form."""
    low = _value(said["number1"], said["scale1"], english, said["minus"])
    form = "words" if said["number1"] in _NUMBERS else "digits"
    bound = _BOUNDS.get(said["bound"])
    if said["to"]:
        high = _value(said["number2"], said["scale2"], english)
        _check_range(said, low, high)
        return {"value": low, "value_max": high, "comparator": "between", "form": form}
    if bound == "between" or (bound and said["more"]):
        raise _Unsure
    if said["more"]:
        bound = "at_least"
    return {"value": low, "form": form, **({"comparator": bound} if bound else {})}


def _check_range(said: dict[str, str], low: str, high: str) -> None:
    """Two numbers may be a range, or a score, a date, an hour; sure is what is measured alike."""
    between = said["bound"] == "between"
    joined = said["to"] == " and " if between else said["to"] != " and " and not said["bound"]
    measured = between or said["unit"] or said["money1"]
    alike = all(said[f"{name}1"] == said[f"{name}2"] for name in ("scale", "money"))
    rising = not said["minus"] and not said["more"] and Decimal(low) < Decimal(high)
    if not (joined and measured and alike and rising):
        raise _Unsure


def _measured(said: dict[str, str]) -> Json:
    """Unit and what sort of quantity it is, as far as the words tell."""
    unit, money = said["unit"], said["money1"]
    if unit and money:
        raise _Unsure
    if unit in ("%", *_PERCENT):
        return {"unit": "percent", "quantity_kind": "percentage"}
    if money or unit in ("dollars", "euros"):
        currency = _MONEY.get(money) or unit
        return {**({"unit": currency} if currency else {}), "quantity_kind": "monetary"}
    return {"unit": unit} if unit else {}


def _value(number: str, scale: str, english: bool, minus: str = "") -> str:
    """The exact number, its magnitude word multiplied out, as a plain decimal."""
    plain = _NUMBERS.get(number) or _digits(number, english)
    sign, digits, exponent = Decimal(plain).as_tuple()
    # Put together from its digits it is exact, where a product would be rounded.
    power = int(exponent) + _SCALES.get(scale, 0)
    return values.decimal_text(Decimal((1 if minus else sign, digits, power)))


def _digits(number: str, english: bool) -> str:
    """Digits without separators and with a point. Raises _Unsure where they may mean two things."""
    if grouped := _GROUPED.fullmatch(number):
        whole, separator, rest = grouped.groups()
        once = number.count(separator) == 1
        if once and not rest and separator in ".," and not english:
            raise _Unsure
        if not (english and separator == "." and once):
            if separator == rest[:1] or (english and separator == "."):
                raise _Unsure
            number = re.sub(r"[^0-9]", "", whole) + rest
    found = _PLAIN.fullmatch(number)
    if found is None or (english and found[2] == ","):
        raise _Unsure
    return number.replace(",", ".")
