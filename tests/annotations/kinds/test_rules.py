"""What each kind admits and refuses, by the words of the contract."""

from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.annotations.kinds import KINDS
from app.annotations.kinds.as_jsonschema import kind_schema
from app.annotations.kinds.as_msgspec import check

CONTRACT = {
    "claim": "statement claim_type modality check_worthiness topic time location",
    "figure": "value value_max unit comparator scale quantity_kind measured as_of said_on form"
    " status",
    "attribution": "sources quotation act author_stance said_on via",
}
FULL: dict[str, dict[str, Any]] = {
    "claim": {
        "statement": "Strikes missed IS.",
        "claim_type": "numerical",
        "modality": "denied",
        "check_worthiness": "check_worthy",
        "topic": "strikes",
        "time": {"value": "2015-10", "precision": "month", "text": "in October"},
        "location": "Aleppo",
        "extra": {"desk": "foreign", "rank": 2},
    },
    "figure": {
        "value": "2000000",
        "value_max": "2500000.50",
        "unit": "people",
        "comparator": "between",
        "scale": "million",
        "quantity_kind": "count",
        "measured": "refugees",
        "as_of": {"value": "2015-10-13/2015-11-13", "precision": "interval"},
        "said_on": {"value": "2015", "precision": "year"},
        "form": "words",
        "status": "estimate",
    },
    "attribution": {
        "sources": [{"name": "Mark Toner", "type": "government"}, {"name": "aides"}],
        "quotation": "mixed",
        "act": "no_comment",
        "author_stance": "neutral",
        "said_on": {"value": "2015-09-18", "precision": "day"},
        "via": "Reuters",
    },
}


@pytest.mark.parametrize("kind", CONTRACT)
def test_attributes_are_those_of_the_contract(kind: str) -> None:
    assert " ".join(a.name for a in KINDS[kind].attributes) == CONTRACT[kind]


@pytest.mark.parametrize("kind", FULL)
def test_everything_at_once_is_kept(kind: str) -> None:
    assert check(kind, FULL[kind]) == FULL[kind]


@pytest.mark.parametrize("kind", FULL)
def test_nothing_is_required_but_a_figures_value(kind: str) -> None:
    nulls = dict.fromkeys(FULL[kind])
    verdict = check(kind, nulls)
    assert ([p.code for p in verdict] == ["value_needed"]) if kind == "figure" else verdict == {}


def test_only_attributions_have_parts() -> None:
    assert [name for name, kind in KINDS.items() if kind.has_parts] == ["attribution"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (3, "3"),
        ("1.10", "1.10"),
        (Decimal("1.10"), "1.10"),
        (1e3, "1000.0"),
        ("1e3", "1000"),
        ("1.0E-3", "0.0010"),
        ("-0.0", "0.0"),
        ("-1.5", "-1.5"),
        (10**29, "1" + "0" * 29),
        ("9" * 30 + "." + "9" * 30, "9" * 30 + "." + "9" * 30),
    ],
)
def test_numbers_stay_exact(sent: Any, kept: str) -> None:
    assert check("figure", {"value": sent}) == {"value": kept}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (True, "not_a_number"),
        ("NaN", "not_a_number"),
        (float("inf"), "not_a_number"),
        (Decimal("-Infinity"), "not_a_number"),
        ("1,000", "not_a_number"),
        (" 1", "not_a_number"),
        ("1_0", "not_a_number"),
        ("\u0661", "not_a_number"),
        ("", "not_a_number"),
        ([1], "not_a_number"),
        ("1e999999", "too_many_digits"),
        ("1e99999999999999999999", "too_many_digits"),
        pytest.param(10**5000, "too_many_digits", id="past str()"),
        ("1" * 31, "too_many_digits"),
        ("0." + "1" * 31, "too_many_digits"),
        (0.1234567890123456789, "inexact"),
    ],
)
def test_numbers_refused(sent: Any, code: str) -> None:
    [problem] = check("figure", {"value": sent})
    assert problem[:2] == ("/value", code)


@pytest.mark.parametrize(
    ("figure", "pointer", "code"),
    [
        ({"value": 1, "value_max": 2}, "/value_max", "value_max_unexpected"),
        ({"value": 1, "value_max": 2, "comparator": "exact"}, "/value_max", "value_max_unexpected"),
        ({"value": 1, "comparator": "between"}, "/value_max", "value_max_needed"),
        ({"value": 3, "value_max": "2.9", "comparator": "between"}, "/value_max", "reversed_range"),
        ({"value_max": 2, "comparator": "between", "form": "vague"}, "/value", "value_needed"),
        ({"form": "words"}, "/value", "value_needed"),
    ],
)
def test_rules_between_attributes(figure: dict[str, Any], pointer: str, code: str) -> None:
    [problem] = check("figure", figure)
    assert problem[:2] == (pointer, code)


def test_a_vague_figure_needs_no_value() -> None:
    assert check("figure", {"form": "vague"}) == {"form": "vague"}


@pytest.mark.parametrize(
    ("value", "precision"),
    [
        ("2015", "year"),
        ("2016-02-29", "day"),
        ("2015-12", "month"),
        ("2013/2015", "interval"),
        ("2015-10-13/2015-10-13", "interval"),
    ],
)
def test_dates(value: str, precision: str) -> None:
    when = {"value": value, "precision": precision}
    assert check("attribution", {"said_on": when}) == {"said_on": when}


@pytest.mark.parametrize(
    ("when", "pointer", "code"),
    [
        ({"value": "2015", "precision": "day"}, "/said_on/value", "bad_date"),
        ({"value": "2015-02-29", "precision": "day"}, "/said_on/value", "bad_date"),
        ({"value": "2015-13", "precision": "month"}, "/said_on/value", "bad_date"),
        ({"value": "0000", "precision": "year"}, "/said_on/value", "bad_date"),
        ({"value": "2015-10-13\n", "precision": "day"}, "/said_on/value", "bad_date"),
        ({"value": "2015/2014", "precision": "interval"}, "/said_on/value", "reversed_interval"),
        (
            {"value": "2015-10/2015-11-01", "precision": "interval"},
            "/said_on/value",
            "bad_interval",
        ),
        ({"value": "2015", "precision": "interval"}, "/said_on/value", "bad_interval"),
        ({"value": "2015", "precision": "century"}, "/said_on/precision", "not_a_choice"),
        ({"value": "2015"}, "/said_on", "incomplete_date"),
        ({"precision": "day", "value": None}, "/said_on", "incomplete_date"),
        ({}, "/said_on", "incomplete_date"),
        ({"text": "in May"}, "/said_on/text", "unknown_field"),
        ("2015", "/said_on", "not_an_object"),
    ],
)
def test_dates_refused(when: Any, pointer: str, code: str) -> None:
    [problem] = check("attribution", {"said_on": when})
    assert problem[:2] == (pointer, code)


def test_a_claims_time_may_be_words_alone() -> None:
    assert check("claim", {"time": {"text": "last spring"}}) == {"time": {"text": "last spring"}}


@pytest.mark.parametrize(
    ("sources", "pointer", "code"),
    [
        ([{"type": "person"}], "/sources/0/name", "required"),
        ([{"name": "A"}, {"name": None}], "/sources/1/name", "required"),
        ([{"name": "A", "type": "alien"}], "/sources/0/type", "not_a_choice"),
        ([{"name": "A", "x/~": 1}], "/sources/0/x~1~0", "unknown_field"),
        ([{"name": "A"}] * 51, "/sources", "too_many"),
        ({"name": "A"}, "/sources", "not_a_list"),
    ],
)
def test_sources_refused(sources: Any, pointer: str, code: str) -> None:
    [problem] = check("attribution", {"sources": sources})
    assert problem[:2] == (pointer, code)


def nested(levels: int) -> dict[str, Any]:
    return {"a": nested(levels - 1)} if levels > 1 else {}


@pytest.mark.parametrize(
    ("extra", "pointer", "code"),
    [
        ({"a": [0, "\x00"]}, "/extra/a/1", "bad_character"),
        ({"\ud800": 0}, "/extra", "bad_character"),
        ({"a": float("nan")}, "/extra/a", "out_of_range"),
        ({"a": 2**64}, "/extra/a", "out_of_range"),
        ({"a": object()}, "/extra/a", "not_json"),
        ({"a": {1: 2}}, "/extra/a", "not_json"),
        ([], "/extra", "not_an_object"),
        (nested(18), "/extra" + "/a" * 16, "too_deep"),
    ],
)
def test_extra_refused(extra: Any, pointer: str, code: str) -> None:
    [problem] = check("claim", {"extra": extra})
    assert problem[:2] == (pointer, code)


def test_extra_keeps_null_and_empty() -> None:
    extra = {"a": None, "b": [], "c": 1.5, "d": nested(14)}
    assert check("claim", {"extra": extra}) == {"extra": extra}


def test_every_broken_attribute_is_named() -> None:
    broken = {
        "value": "x",
        "as_of": {"value": "2015-02-30", "precision": "day"},
        "unit": " ",
        "n": 0,
    }
    assert {p.pointer for p in check("figure", broken)} == {"/value", "/as_of/value", "/unit", "/n"}


@pytest.mark.parametrize("kind", FULL)
def test_json_schema_admits_what_the_kind_admits(kind: str) -> None:
    schema = kind_schema(KINDS[kind])
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(FULL[kind])
    assert validator.is_valid(dict.fromkeys(FULL[kind]))
    assert not validator.is_valid({"unheard_of": 1})
    assert not validator.is_valid({next(iter(FULL[kind])): {}})


def test_columns_flatten_dates_and_keep_lists_as_json() -> None:
    figure = {c.name: c.take(FULL["figure"]) for c in KINDS["figure"].columns}
    assert figure["as_of_value"] == "2015-10-13/2015-11-13"
    assert figure["said_on_precision"] == "year"
    assert figure["value_max"] == "2500000.50"
    attribution = {c.name: c.take(FULL["attribution"]) for c in KINDS["attribution"].columns}
    assert attribution["sources"] == (
        '[{"name":"Mark Toner","type":"government"},{"name":"aides"}]'
    )
    claim = {c.name: c.take({}) for c in KINDS["claim"].columns}
    assert set(claim.values()) == {None}
    assert {c.type for c in KINDS["figure"].columns} == {"text", "decimal", "json"}
