"""Finding letters in texts whatever their case, in every script and on both engines alike."""

from typing import Any

from sqlalchemy import ColumnElement, func, literal

from app.kernel.db import dialect


def holds(text: ColumnElement[Any], letters: str) -> ColumnElement[bool]:
    """The condition that a text has these letters somewhere; their case does not count.

    SQLite itself knows the case of ASCII only. It is quicker at that than a function of ours,
    which is asked only where other letters are looked for.
    """
    if dialect() == "sqlite" and not letters.isascii():
        return func.holds_letters(text, literal(letters.lower())).is_(True)
    return text.icontains(letters, autoescape=True)
