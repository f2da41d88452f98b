"""What values figures allow, in which units, on which days, and when two cannot both hold."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.evidence.days import days_of, together
from app.evidence.figures import TOLERANCE, Figure, Range, Reading, range_of
from app.evidence.units import KNOWN, unit_of

NUMBERS = st.decimals(-1000, 1000, places=2).map(lambda number: format(number, "f"))
COMPARATORS = ("exact", "approx", "at_least", "at_most", "more_than", "less_than", "between")
DATES = st.sampled_from(["2015", "2015-10", "2015-11-02", "2015-10-13/2015-11-13", "2016-02"])
many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    said: dict[str, Any] = {"comparator": draw(st.sampled_from(COMPARATORS))}
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)), key=Decimal)
    said |= {"value": low, "unit": draw(st.sampled_from(["km", "mile", "person", "boats"]))}
    if said["comparator"] == "between":
        said["value_max"] = high
    if draw(st.booleans()):
        said["as_of"] = {"value": draw(DATES)}
    if draw(st.booleans()):
        said["status"] = draw(st.sampled_from(["reported", "estimate", "forecast", "target"]))
    if draw(st.booleans()):
        said["quantity_kind"] = draw(st.sampled_from(["count", "measurement"]))
    return Figure("f", "a", 0, 1, said)


def reading(**said: Any) -> Reading:
    return Figure("f", "a", 0, 1, {"unit": "person", **said}).reading()


def excludes(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return reading(**one).excludes(reading(**other))


@many
@given(figures(), figures())
def test_exclusion_is_symmetric(one: Figure, other: Figure) -> None:
    assert one.reading().excludes(other.reading()) == other.reading().excludes(one.reading())


@many
@given(figures())
def test_nothing_excludes_itself(figure: Figure) -> None:
    assert not figure.reading().excludes(figure.reading())


@many
@given(figures())
def test_what_was_said_is_among_the_values(figure: Figure) -> None:
    values = range_of(figure.attributes, TOLERANCE)
    assert values is not None
    value = Decimal(figure.attributes["value"])
    if figure.attributes["comparator"] not in {"more_than", "less_than"}:
        assert values.meets(Range(value, value))


@many
@given(figures(), figures(), st.integers(0, 50), st.integers(0, 50))
def test_more_tolerance_never_makes_a_discrepancy(
    one: Figure, other: Figure, less: int, more: int
) -> None:
    near, far = sorted((Decimal(less) / 100, Decimal(more) / 100))
    if one.reading(far).excludes(other.reading(far)):
        assert one.reading(near).excludes(other.reading(near))


@many
@given(figures(), figures())
def test_ranges_that_exclude_each_other_have_no_number_in_common(
    one: Figure, other: Figure
) -> None:
    first, second = one.reading(), other.reading()
    if first.excludes(second):
        assert first.values is not None
        assert second.values is not None
        ends = [end for end in (*first.values[:2], *second.values[:2]) if end is not None]
        for probe in (*ends, *((a + b) / 2 for a in ends for b in ends)):
            point = Range(probe, probe)
            assert not (first.values.meets(point) and second.values.meets(point))


def said(words: str, **more: Any) -> dict[str, Any]:
    """A figure's attributes from a comparator and a value, or a value alone."""
    comparator, _, value = words.rpartition(" ")
    low, _, high = value.partition("-")
    ends = {"value": low, "value_max": high} if high else {"value": low}
    return {**ends, **({"comparator": comparator} if comparator else {}), **more}


SEPTEMBER = {"as_of": {"value": "2015-09"}}


@pytest.mark.parametrize(
    ("one", "other", "excluding"),
    [
        (said("approx 1700"), said("approx 2500"), True),
        (said("approx 1700"), said("1850"), False),
        (said("1700"), said("between 1700-2500"), False),
        (said("0"), said("1"), True),
        (said("43", quantity_kind="count"), said("more_than 43"), True),
        (said("43"), said("more_than 43"), False),
        (said("more_than 90"), said("at_least 85"), False),
        (said("less_than 10"), said("at_least 10"), True),
        (said("at_most 10"), said("at_least 10"), False),
        (said("2500000", scale="million"), said("2460000"), False),
        (said("2500000", scale="million"), said("2440000"), True),
        (said("2500000"), said("2460000"), True),
        (said("30000000", scale="Million"), said("29600000"), False),
        (said("2.5"), said("2.46"), False),
        (said("2.50"), said("2.46"), True),
        (said("2", unit="km"), said("2000", unit="metres"), False),
        (said("10", unit="miles"), said("16", unit="km"), False),
        (said("10", unit="miles"), said("12", unit="km"), True),
        (said("2", unit="tons"), said("9", unit="tonnes"), False),
        (said("1", unit="base"), said("0", unit="position"), False),
        (said("1", unit=None), said("3", unit=None), True),
        (said("1", unit=None), said("3"), False),
        (said("1", status="reported"), said("3", status="estimate"), True),
        (said("1", status="target"), said("3", status="reported"), False),
        (said("1", status="target"), said("3", status="target"), True),
        (said("1"), {"form": "vague"}, False),
        (said("1", **SEPTEMBER), said("3", as_of={"value": "2015-09-09"}), True),
        (said("1", **SEPTEMBER), said("3", as_of={"value": "2015-10"}), False),
        (said("1", **SEPTEMBER), said("3"), True),
    ],
)
def test_when_two_cannot_both_hold(
    one: dict[str, Any], other: dict[str, Any], excluding: bool
) -> None:
    assert excludes(one, other) == excluding


@many
@given(st.sampled_from(sorted(KNOWN)), st.sampled_from(sorted(KNOWN)), NUMBERS)
def test_conversion_round_trips(one: str, other: str, number: str) -> None:
    here, there = unit_of(one), unit_of(other)
    if here.base == there.base:
        value = Fraction(number)
        converted = value * Fraction(here.factor) / Fraction(there.factor)
        assert converted * Fraction(there.factor) / Fraction(here.factor) == value


@many
@given(st.sampled_from(sorted(KNOWN)), NUMBERS)
def test_a_figure_is_read_the_same_in_the_base_of_its_unit(name: str, number: str) -> None:
    unit = unit_of(name)
    exact = Fraction(number) * Fraction(unit.factor)
    values = reading(value=number, unit=name, comparator="at_least").values
    assert values is not None
    assert values.low is not None
    assert Fraction(values.low) == exact


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Kilometres", "km"),
        ("per  cent", "%"),
        ("persons", "people"),
        ("Boats", "boat"),
        ("miles per hour", "mph"),
        ("hrs.", "hour"),
        ("square kilometres", "km²"),
    ],
)
def test_spellings_of_one_unit(written: str, same: str) -> None:
    assert unit_of(written) == unit_of(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ton", "tonne"), ("month", "day"), ("usd", "eur"), ("dollar", "usd"), ("civilian", "person")],
)
def test_what_is_not_certain_is_not_converted(one: str, other: str) -> None:
    assert unit_of(one).base != unit_of(other).base


def test_days() -> None:
    assert days_of("2015") == ("2015-01-01", "2015-12-31")
    assert days_of("2016-02") == ("2016-02-01", "2016-02-29")
    assert days_of("2015-10/2015-11") == ("2015-10-01", "2015-11-30")
    assert together(days_of("2015"), days_of("2015-11-02")) == "overlapping"
    assert together(days_of("2015-10"), days_of("2015-10-01/2015-10-31")) == "same"
    assert together(days_of("2015-10"), days_of("2015-11")) == "apart"
    assert together(None, days_of("2015")) == "unknown"
