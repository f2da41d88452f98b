"""The quick check by structs and the plain description never disagree."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.annotations.kinds import KINDS, Problem, Refused
from app.annotations.kinds.as_msgspec import check
from app.annotations.kinds.types import Choice, Free, ListOf, Number, Record, Text, Type

ODD_TEXTS = st.sampled_from(
    ["", " ", "\u00a0", "a\x00b", "\ud800", "e\u0301", "😀", "مرحبا", "a\r\nb", "\x1f", "x" * 4001]
)
NUMBERS = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(["1e999999", "1E+5", "-0", "-0.00", "007", "1_0", "١", " 1", "1.", ".5", "+1"]),
    st.from_regex(r"\A-?[0-9]{1,35}(\.[0-9]{1,35})?\Z"),
)
DATES = st.one_of(
    st.dates().map(str),
    st.dates().map(lambda d: str(d)[:7]),
    st.dates().map(lambda d: str(d)[:4]),
    st.tuples(st.dates(), st.dates()).map(lambda ds: f"{ds[0]}/{ds[1]}"),
    st.sampled_from(["2015-02-30", "2015-13", "0000", "2015-1", "2015/2014", "2015-10/2015", "/"]),
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    ODD_TEXTS,
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
)
FREE = st.recursive(JUNK, lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=3))


def typed(described: Type) -> st.SearchStrategy[Any]:
    """Values that are mostly right for the type, so that refusals are not the only verdict."""
    match described:
        case Text(most=21):
            return DATES
        case Text():
            return st.text(min_size=1, max_size=12) | ODD_TEXTS
        case Choice(words=words):
            return st.sampled_from(words)
        case Number():
            return st.integers(-99, 99).map(str) | NUMBERS
        case Free():
            return st.dictionaries(st.text(max_size=3), FREE, max_size=3)
        case ListOf(record=record):
            return st.lists(objects(record), max_size=3)
        case Record():
            return objects(described)


def objects(record: Record) -> st.SearchStrategy[dict[str, Any]]:
    members = {m.name: typed(m.type) | st.none() for m in record.members}
    right = st.fixed_dictionaries({}, optional=members)
    spoiled = st.dictionaries(st.sampled_from([*members, "unknown", "a/b~"]), JUNK, max_size=1)
    return st.builds(lambda a, b: {**a, **b}, right, st.just({}) | spoiled)


CASES = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.tuples(st.just(kind), objects(KINDS[kind].record) | JUNK)
)


def by_description(kind: str, raw: Any) -> dict[str, Any] | list[Problem]:
    try:
        return KINDS[kind].record.load(raw)
    except Refused as refused:
        return refused.problems


def as_set(verdict: dict[str, Any] | list[Problem]) -> Any:
    return verdict if isinstance(verdict, dict) else set(verdict)


@settings(max_examples=600, deadline=None)
@given(CASES)
@example(("figure", {"value": "1", "as_of": {"value": "2015", "precision": "year", "text": "x"}}))
@example(("claim", {"extra": {"deep": 10**30}}))
@example(("claim", {"topic": "\x1f"}))
@example(("attribution", {"sources": [{"name": "A", "type": "\ud800"}]}))
@example(("attribution", {"sources": []}))
def test_objects(case: tuple[str, Any]) -> None:
    kind, raw = case
    expected = by_description(kind, raw)
    assert as_set(check(kind, raw)) == as_set(expected)


@settings(max_examples=600, deadline=None)
@given(CASES)
@example(("figure", {"value": Decimal("12345678901234567890.1230")}))
def test_json_text(case: tuple[str, Any]) -> None:
    """What arrives as JSON text is judged as the parsed object is, and no digit is lost."""
    kind, raw = case
    try:
        sent = dumped(raw)
    except (UnicodeEncodeError, ValueError):
        return
    parsed = json.loads(sent, parse_float=Decimal)
    assert as_set(check(kind, sent)) == as_set(by_description(kind, parsed))


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_normalising_again_changes_nothing(case: tuple[str, Any]) -> None:
    kind, raw = case
    verdict = check(kind, raw)
    if isinstance(verdict, dict):
        assert check(kind, verdict) == verdict
        assert list(check(kind, verdict)) == [
            m.name for m in KINDS[kind].record.members if m.name in verdict
        ]


def dumped(raw: Any) -> bytes:
    """JSON text with decimals written as the numbers they are."""
    if isinstance(raw, Decimal):
        return f"{raw:f}".encode() if abs(raw.adjusted()) < 50 else str(raw).encode()
    if isinstance(raw, dict):
        return b"{%s}" % b",".join(
            json.dumps(k).encode() + b":" + dumped(v) for k, v in raw.items()
        )
    if isinstance(raw, list):
        return b"[%s]" % b",".join(map(dumped, raw))
    return json.dumps(raw, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize("text", [b"", b"{", b'{"value": NaN}', b'"\xff"', b'{"topic": "\\ud800"}'])
def test_text_that_is_no_json(text: bytes) -> None:
    [problem] = check("claim", text)
    assert problem[:2] == ("", "not_json")


def test_raw_json_inside_a_row() -> None:
    assert check("claim", msgspec.Raw(b'{"topic": "war"}')) == {"topic": "war"}


@pytest.mark.parametrize("number", [b"1e99999999999999999999", b"-1e-99999999999999999999"])
def test_exponents_past_every_machine(number: bytes) -> None:
    [value, free] = check("figure", b'{"value": %s, "extra": {"a": %s}}' % (number, number))
    assert value[:2] == ("/value", "not_a_number")
    assert free[:2] == ("/extra/a", "out_of_range")
