"""The figure: a quantity that an article states."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.annotations.kinds.base import Kind
from app.annotations.kinds.problems import Problem
from app.annotations.kinds.types import Attribute, Choice, Number, Text, when


def _says_how_much(loaded: Mapping[str, Any]) -> Iterable[Problem]:
    between = loaded.get("comparator") == "between"
    if "value" in loaded:
        return
    if between:
        yield Problem("/value", "value_needed", 'The comparator "between" has two ends.')
    elif loaded.get("form") != "vague":
        yield Problem("/value", "value_needed", 'A figure has a value, or its form is "vague".')


def _range(loaded: Mapping[str, Any]) -> Iterable[Problem]:
    comparator, value, top = (loaded.get(n) for n in ("comparator", "value", "value_max"))
    if comparator != "between" and top is not None:
        detail = 'value_max goes with the comparator "between".'
        yield Problem("/value_max", "value_max_unexpected", detail)
    elif comparator == "between" and top is None:
        yield Problem("/value_max", "value_max_needed", 'The comparator "between" has two ends.')
    elif top is not None and value is not None and Decimal(top) < Decimal(value):
        yield Problem("/value_max", "reversed_range", "value_max is not less than value.")


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
