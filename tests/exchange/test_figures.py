"""Figures read from their words: what is certain exactly, anything else vague."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotations.kinds.as_msgspec import check
from app.exchange.imports.figures import figure_said

VAGUE = {"form": "vague"}
LANGUAGES = st.sampled_from([None, "en", "en-GB", "de", "pt-BR"])
AMOUNTS = st.decimals(0, 10**15, allow_nan=False, allow_infinity=False, places=2) | st.integers(
    0, 10**20
)
PIECES = st.sampled_from(
    ["at least ", "between ", "-", "$", "1", "23", "456", "0", ",", ".", "\u00a0", " ", " and ",
     " to ", "million", "%", " people", "forty", "+", "٣", "x", "\n"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "language", "said"),
    [
        ("14", None, {"value": "14"}),
        (" 14\npeople ", None, {"value": "14", "unit": "people"}),
        ("1,234", "en", {"value": "1234"}),
        ("1.234", "en-GB", {"value": "1.234"}),
        ("1,234 people", None, {"value": "1234", "unit": "people"}),
        ("1,234,567", None, {"value": "1234567"}),
        ("1.234.567,50", "de", {"value": "1234567.50"}),
        ("12\u00a0500 km", "fr", {"value": "12500", "unit": "km"}),
        ("0,5 %", "de", {"value": "0.5", "unit": "percent", "quantity_kind": "percentage"}),
        ("−5 per cent", None, {"value": "-5", "unit": "percent", "quantity_kind": "percentage"}),
        ("$2.50 million", None,
         {"value": "2500000", "quantity_kind": "monetary", "scale": "million"}),
        ("€3bn", None, {"value": "3000000000", "unit": "EUR", "quantity_kind": "monetary",
                        "scale": "bn"}),
        ("More than 40", None, {"value": "40", "comparator": "more_than"}),
        ("40 or more people", None, {"value": "40", "comparator": "at_least", "unit": "people"}),
        ("40+", None, {"value": "40", "comparator": "at_least"}),
        ("between 10 and 20", None, {"value": "10", "value_max": "20", "comparator": "between"}),
        ("5–10%", None, {"value": "5", "value_max": "10", "comparator": "between",
                         "unit": "percent", "quantity_kind": "percentage"}),
        ("forty-two children", None, {"value": "42", "unit": "children", "form": "words"}),
        ("Two million", "en", {"value": "2000000", "scale": "million", "form": "words"}),
    ],
)  # fmt: skip
def test_what_is_certain_is_read(words: str, language: str | None, said: dict[str, str]) -> None:
    assert figure_said(words, language) == {"form": "digits", **said}


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("", None), ("dozens", None), ("10 October", None), ("4th", None), ("9/11", None),
        ("1,234", None), ("1.234", "de"), ("1.234", None), ("over 1.234", None),
        ("12,5", "en"), ("1.234.567", "en"), ("12,34,567", None), ("1,2,3", None), ("007", None),
        ("5 million", "de"), ("5 people", "nl"), ("forty", "de"), ("1,234 million", None),
        ("2-1", None), ("2-3", None), ("20-10 %", None), ("between 10 and 20 million", None),
        ("over 5 to 10 people", None), ("at least 5+", None), ("five to six", None),
        ("$5 people", None), ("$5 to €10", None), ("14 of 20", None), ("5 dozen", None),
        ("9" * 30 + " million", None), ("٣", None), ("12 500", None),
    ],
)  # fmt: skip
def test_what_may_mean_two_things_is_vague(words: str, language: str | None) -> None:
    assert figure_said(words, language) == VAGUE


@given(st.lists(PIECES).map("".join) | st.text(), LANGUAGES)
def test_whatever_it_says_a_figure_comes_out(words: str, language: str | None) -> None:
    assert check("figure", said := figure_said(words, language)) == said
    assert said == VAGUE or "value" in said


@given(AMOUNTS, st.sampled_from([("hundred", 2), ("million", 6), ("billion", 9), ("", 0)]))
def test_english_numbers_are_exact(amount: Decimal | int, scale: tuple[str, int]) -> None:
    word, power = scale
    said = figure_said(f"about {amount:,} {word}", "en")
    if len(str(int(amount))) + power > 30:
        assert said == VAGUE
        return
    assert Decimal(said["value"]) == Decimal(f"{amount}e{power}")


@given(AMOUNTS)
def test_without_a_language_no_number_is_read_wrong(amount: Decimal | int) -> None:
    """Written the English and the continental way, a bare number is read right or not at all."""
    english = f"{amount:,}"
    continental = english.translate(str.maketrans(",.", ".,"))
    for written in (english, continental):
        said = figure_said(written)
        assert said == VAGUE or Decimal(said["value"]) == Decimal(amount)
