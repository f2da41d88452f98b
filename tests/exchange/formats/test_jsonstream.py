"""JSON items one at a time, however the stream is cut."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.formats import jsonstream
from app.exchange.formats.base import Unreadable
from tests.exchange.formats.reading import Pipe

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("🔥\n\\u"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def items(data: bytes, step: int = 3, inside: Any = (), **options: Any) -> list[tuple[int, Any]]:
    return list(jsonstream.items(Pipe(data, step), options, inside))  # type: ignore[arg-type]


@given(st.lists(values, max_size=5), st.integers(1, 9), st.sampled_from([None, 1]))
def test_items_are_what_the_json_library_reads(found: list[Any], step: int, indent: Any) -> None:
    data = json.dumps(found, indent=indent, ensure_ascii=False).encode()
    assert [value for _, value in items(data, step)] == found


def test_arrays_inside_objects_and_lines() -> None:
    data = b'\xef\xbb\xbf{"a": [1],\n"first": {"items": [\n1.5,\n\n"x"], "n": 2}, "total": 2}'
    assert items(data, inside=("first", "items")) == [(3, 1.5), (5, "x")]
    assert items(b'{"a": {"b": [1]}}', inside=("x",)) == [(1, {"a": {"b": [1]}})]
    assert items(b"[]") == items(b'{"items": []}', inside=("items",)) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"[1 2]", "bad_json"),
        (b"[1,]", "bad_json"),
        (b"[1", "bad_json"),
        (b'["\\ud83', "bad_json"),
        (b"[" + b"9" * 5000 + b"]", "too_long"),
        (b"[tru]", "bad_json"),
        (b'{"items": [1], "items": [2]} x', "bad_json"),
        (b"[" + b'"' + b"x" * 5000, "too_long"),
        (b'["\xff"]', "bad_encoding"),
        ('["café"]'.encode()[:-3], "bad_encoding"),
    ],
)
def test_broken_files_are_named(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        items(data, 500, ("items",), item_bytes=1000)
    assert caught.value.code == code
    assert caught.value.line == 1


def test_a_number_past_pythons_limit_of_digits_is_no_crash() -> None:
    with pytest.raises(Unreadable):
        items(b"[" + b"9" * 5000 + b"]", 500)


def test_a_mistake_early_in_a_long_item_is_seen_without_reading_on() -> None:
    stream = Pipe(b"[{nonsense" + b" " * 500_000 + b"]", 300_000)
    with pytest.raises(Unreadable):
        list(jsonstream.items(stream, {}))  # type: ignore[arg-type]
    assert stream.read(1) == b" "
