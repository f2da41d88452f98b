"""JSON is read strictly, and what was read can always be written."""

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import jsons
from app.kernel.errors import Invalid, Malformed, Refused
from tests.support.problems import pointers_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_reads_back(value: Any) -> None:
    assert jsons.loads(jsons.dumps(value)) == value
    assert jsons.loads(jsons.canonical(value)) == value


@given(VALUES)
def test_the_standard_reader_agrees(value: Any) -> None:
    assert jsons.loads(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b"{} {}", "malformed_json"),
        (b"{'a': 1}", "malformed_json"),
        (b"[1,]", "malformed_json"),
        (b"NaN", "malformed_json"),
        (b'{"a": [Infinity]}', "malformed_json"),
        (b"-Infinity", "malformed_json"),
        (b"01", "malformed_json"),
        (b'"\xff"', "malformed_json"),
        (b'"\xed\xa0\x80"', "malformed_json"),  # a surrogate spelt in UTF-8
        ("\ufeff{}".encode(), "malformed_json"),
        ('"a"'.encode("utf-16"), "malformed_json"),
        (b'"\n"', "malformed_json"),
    ],
)
def test_what_is_no_json_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        jsons.loads(raw)
    assert caught.value.word == code


@pytest.mark.parametrize("raw", [b'{"a": 1, "a": 2}', b'[{"b": {"a": null, "c": 0, "a": null}}]'])
def test_a_member_named_twice_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(Invalid, match="'a'") as caught:
        jsons.loads(raw)
    assert caught.value.word == "duplicate_member"


def test_finding_a_member_named_twice_takes_no_longer_for_many() -> None:
    names = [f'"{number}":0' for number in range(100_000)]
    raw = ("{" + ",".join([*names, '"99999":1']) + "}").encode()
    began = time.perf_counter()
    with pytest.raises(Invalid, match="'99999'"):
        jsons.loads(raw)
    assert time.perf_counter() - began < 5


def _nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def test_nesting_has_a_limit() -> None:
    assert jsons.loads(_nested(jsons.MAX_DEPTH)) is not None
    for levels in (jsons.MAX_DEPTH + 2, 900, 100_000):
        with pytest.raises(Malformed, match="Nested"):
            jsons.loads(_nested(levels))


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        (rb'{"a": "x\u0000"}', "/a", "nul"),
        (rb'{"a": ["x", "\ud800"]}', "/a/1", "lone_surrogate"),
        (rb'{"a/b": {"~c": "\udfff\ud83d"}}', "/a~1b/~0c", "lone_surrogate"),
        (rb'{"x": {"\u0000": 1}}', "/x", "nul"),
        (rb'"\ude00"', "", "lone_surrogate"),
        (rb'["\ud83d\ude00 \ud83d"]', "/0", "lone_surrogate"),
    ],
)
def test_what_no_text_may_hold_is_refused_where_it_stands(
    raw: bytes, pointer: str, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        jsons.loads(raw)
    assert pointers_of(caught.value) == {pointer: code}


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert jsons.loads(rb'"\ud83d\ude00"') == "😀"


def test_fractions_stay_exact() -> None:
    assert jsons.loads(b"0.1") == Decimal("0.1")
    assert jsons.loads(b"[1.10]")[0].as_tuple() == Decimal("1.10").as_tuple()
    assert type(jsons.loads(b"7")) is int


@pytest.mark.parametrize(
    "raw",
    [
        b"1e999999999",
        b"-1e400",
        b"1e-999999999",
        b"0e999999999",
        b"1e99999999999999999999999",
        b"1" * 5000,
        b"-" + b"9" * 300,
        b"18446744073709551616",
        b"1e300",
        b"1.7e308",
    ],
)
def test_numbers_past_what_others_can_read_do_no_harm(raw: bytes) -> None:
    """Refused, or written again; and quickly."""
    began = time.perf_counter()
    try:
        value = jsons.loads(raw)
    except Refused:
        pass
    else:
        json.loads(jsons.dumps([value]))
        json.loads(jsons.canonical([value]))
    assert time.perf_counter() - began < 1


def test_canonical_json_does_not_depend_on_the_order_of_members() -> None:
    one, other = {"b": 1, "a": {"d": 2, "c": 3}}, {"a": {"c": 3, "d": 2}, "b": 1}
    assert jsons.canonical(one) == jsons.canonical(other) == b'{"a":{"c":3,"d":2},"b":1}'
    assert jsons.dumps(one) != jsons.dumps(other)
