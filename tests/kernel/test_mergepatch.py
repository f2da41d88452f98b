"""Merge patch, held against the RFC's own examples and its properties."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.mergepatch import merge_patch, same

NAMES = st.sampled_from("abc")
SCALARS = st.one_of(st.booleans(), st.integers(0, 2), st.sampled_from(["x", "é"]))
VALUES = st.recursive(
    SCALARS | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
# A document: nothing in it is null, except within arrays, where null is a value.
DOCUMENTS = st.recursive(
    SCALARS | st.lists(SCALARS | st.none(), max_size=2),
    lambda inner: st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)

# RFC 7396, appendix A: original, patch, result.
RFC = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("original", "patch", "result"), RFC)
def test_the_examples_of_the_rfc(original: Any, patch: Any, result: Any) -> None:
    assert merge_patch(original, patch) == result


def test_the_longer_example_of_the_rfc() -> None:
    document = {
        "title": "Goodbye!",
        "author": {"givenName": "John", "familyName": "Doe"},
        "tags": ["example", "sample"],
        "content": "This will be unchanged",
    }
    patch = {
        "title": "Hello!",
        "phoneNumber": "+01-123-456-7890",
        "author": {"familyName": None},
        "tags": ["example"],
    }
    assert merge_patch(document, patch) == {
        "title": "Hello!",
        "author": {"givenName": "John"},
        "tags": ["example"],
        "content": "This will be unchanged",
        "phoneNumber": "+01-123-456-7890",
    }


@given(target=VALUES, patch=VALUES)
def test_patching_twice_changes_nothing_more(target: Any, patch: Any) -> None:
    once = merge_patch(target, patch)
    assert same(merge_patch(once, patch), once)


@given(target=VALUES, patch=VALUES)
def test_neither_argument_is_changed(target: Any, patch: Any) -> None:
    before = copy.deepcopy((target, patch))
    merge_patch(target, patch)
    assert same(list(before), [target, patch])


@given(target=VALUES)
def test_an_empty_patch_keeps_an_object(target: Any) -> None:
    assert same(merge_patch(target, {}), target if isinstance(target, dict) else {})


@given(target=st.dictionaries(NAMES, VALUES))
def test_null_removes_every_member(target: dict[str, Any]) -> None:
    assert merge_patch(target, dict.fromkeys(target)) == {}


def test_one_removed_member_takes_no_other_with_it() -> None:
    target = {"a": 1, "b": {"c": 2, "d": [None]}}
    assert merge_patch(target, {"b": {"c": None}}) == {"a": 1, "b": {"d": [None]}}


@given(document=DOCUMENTS)
def test_a_document_without_nulls_is_a_patch_that_makes_it(document: Any) -> None:
    assert same(merge_patch({}, document), document)


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (1, True, False),
        (0, False, False),
        (1, 1.0, True),
        ([1, [True]], [1, [1]], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": None}, {}, False),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ("1", 1, False),
        ([], {}, False),
    ],
)
def test_sameness_is_that_of_json(first: Any, second: Any, equal: bool) -> None:
    assert same(first, second) is equal
    assert same(second, first) is equal


def test_depth_does_not_matter() -> None:
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"a": deep}
    merged = merge_patch({}, deep)
    assert same(merged, deep)
