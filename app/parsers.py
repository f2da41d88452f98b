"""How the text of a setting is read. A parser's docstring is the rule, as its refusal says it."""

import re
from collections.abc import Callable
from pathlib import Path

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@*\s]+")
_ADDRESS = re.compile(r"https?://[^/?#@\s]+(?:/[^?#\s]*)?")


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        value = int(raw)
        if not low <= value <= high:
            raise ValueError
        return value

    parse.__doc__ = f"a whole number from {low} to {high}"
    return parse


def flag(raw: str) -> bool:
    """one of 1, 0, true, false, yes, no"""
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
        raw.lower()
    ]


def path(raw: str) -> Path:
    """a folder"""
    return Path(raw)


def level(raw: str) -> str:
    """one of DEBUG, INFO, WARNING, ERROR"""
    if raw.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError
    return raw.upper()


def text(raw: str) -> str:
    """a text"""
    return raw


def origins(raw: str) -> tuple[str, ...]:
    """origins such as https://front.example.org, separated by commas"""
    given = (word.strip().rstrip("/").lower() for word in raw.split(","))
    found = tuple(word for word in given if word)
    if not all(_ORIGIN.fullmatch(word) for word in found):
        raise ValueError
    return found


def address(raw: str) -> str:
    """an address such as https://factmark.example.org"""
    if not _ADDRESS.fullmatch(raw):
        raise ValueError
    return raw
