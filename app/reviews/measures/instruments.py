"""What every measure is: an instrument that reads sheets and tells results of one shape. Pure.

A result has `value`, null where the data cannot define it and then `reason`; how many units,
coders and articles stand behind it; and what else the measure tells. See `agreement` for the
formulas and their sources.
"""

from collections.abc import Collection
from typing import Any, Protocol

from app.reviews.measures.sheets import Sheet

Json = dict[str, Any]


class Instrument(Protocol):
    """Reads sheets one by one, and then tells its results by name."""

    def add(self, sheet: Sheet) -> None: ...

    def results(self) -> dict[str, Json]: ...


class Seen:
    """Which coders and how many articles a measure is about; sheets come article by article."""

    def __init__(self) -> None:
        self.coders: set[str] = set()
        self.articles = 0
        self._last = ""

    def note(self, sheet: Sheet, coders: Collection[str] = ()) -> None:
        self.articles += sheet.article_id != self._last
        self._last = sheet.article_id
        self.coders.update(coders or sheet.coders)

    def result(self, value: float | None, n_units: int, **more: Any) -> Json:
        why = None if value is not None else "no_variation" if n_units else "no_units"
        return {
            "value": value,
            "reason": why,
            "n_units": n_units,
            "n_coders": len(self.coders),
            "n_articles": self.articles,
            **more,
        }
