"""The figure: a quantity that an article states."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.annotations.kinds.base import Kind
from app.annotations.kinds.problems import Problem
from app.annotations.kinds.types import Attribute, Choice, Number, Text, when

_TWO_ENDS = 'The comparator "between" has two ends.'


def _says_how_much(loaded: Mapping[str, Any]) -> Problem | None:
    if "value" in loaded:
        return None
    if loaded.get("comparator") == "between":
        return Problem("/value", "value_needed", _TWO_ENDS)
    if loaded.get("form") != "vague":
        return Problem("/value", "value_needed", 'A figure has a value, or its form is "vague".')
    return None


def _range(loaded: Mapping[str, Any]) -> Problem | None:
    between, top = loaded.get("comparator") == "between", loaded.get("value_max")
    if top is None:
        return Problem("/value_max", "value_max_needed", _TWO_ENDS) if between else None
    if not between:
        detail = 'value_max goes with the comparator "between".'
        return Problem("/value_max", "value_max_unexpected", detail)
    if "value" in loaded and Decimal(top) < Decimal(loaded["value"]):
        return Problem("/value_max", "reversed_range", "value_max is not less than value.")
    return None


FIGURE = Kind(
    name="figure",
    doc="A quantity in the text, with its unit and how exactly it is meant.",
    attributes=(
        Attribute(
            "value",
            Number(),
            "The whole number meant, magnitude words multiplied out: 2.5 million is 2500000. "
            "The lower end when the comparator is between.",
        ),
        Attribute("value_max", Number(), "The upper end; only when the comparator is between."),
        Attribute("unit", Text(100), "The unit as the field names it: km, USD, percent, people."),
        Attribute(
            "comparator",
            Choice(("exact", "approx", "at_least", "at_most", "more_than", "less_than", "between")),
            "How the text bounds the value.",
        ),
        Attribute("scale", Text(50), "The magnitude word as written: thousand, million."),
        Attribute(
            "quantity_kind",
            Choice(
                (
                    "monetary",
                    "percentage",
                    "count",
                    "measurement",
                    "ratio",
                    "temporal",
                    "ordinal",
                    "index",
                )
            ),
            "What sort of quantity it is.",
        ),
        Attribute("measured", Text(500), "What is counted or measured."),
        Attribute("as_of", when(), "The date for which the figure holds."),
        Attribute("said_on", when(), "The date on which it was stated."),
        Attribute("form", Choice(("digits", "words", "vague")), "How the text writes it."),
        Attribute(
            "status",
            Choice(("reported", "estimate", "forecast", "target")),
            "Whether it is known, guessed, foreseen or aimed at.",
        ),
    ),
    rules=(_says_how_much, _range),
)
