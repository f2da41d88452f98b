"""Layers side by side: groups, differences, and the units that labels are compared on."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.differences import differences
from app.reviews.matching import (
    Group,
    Marked,
    compare,
    exactly_alike,
    matched_labels,
)


def claim(name: str, start: int, end: int, **attributes: object) -> Marked:
    return Marked(name, "claim", ((start, end),), attributes)


def seen(groups: list[Group]) -> list[tuple[str, list[str]]]:
    return [(g.likeness, sorted(m.id for m in g.members.values())) for g in groups]


def test_exact_overlapping_and_single() -> None:
    layers = {
        "ann": [claim("a1", 0, 10), claim("a2", 20, 30), claim("a3", 50, 60)],
        "bo": [claim("b1", 0, 10), claim("b2", 22, 35)],
        "cy": [],
    }
    groups = compare(layers)
    assert seen(groups) == [
        ("exact", ["a1", "b1"]),
        ("overlapping", ["a2", "b2"]),
        ("single", ["a3"]),
    ]
    assert groups[0].missing == ("cy",)
    assert groups[2].missing == ("bo", "cy")
    assert (groups[1].start, groups[1].end) == (20, 35)


def test_kinds_are_compared_apart() -> None:
    figure = Marked("b1", "figure", ((0, 10),))
    groups = compare({"ann": [claim("a1", 0, 10)], "bo": [figure]})
    assert [(group.likeness, group.kind) for group in groups] == [
        ("single", "claim"),
        ("single", "figure"),
    ]


def test_a_chain_never_joins_two_spans_of_one_annotator() -> None:
    layers = {
        "ann": [claim("a1", 0, 10), claim("a2", 12, 22)],
        "bo": [claim("b1", 4, 16)],
        "cy": [claim("c1", 11, 22)],
    }
    groups = compare(layers)
    assert all(len(group.members) == len(set(group.members)) for group in groups)
    assert ("overlapping", ["a2", "c1"]) in [
        (likeness, [name for name in ids if name != "b1"]) for likeness, ids in seen(groups)
    ]
    assert sorted(name for _, ids in seen(groups) for name in ids) == ["a1", "a2", "b1", "c1"]


def test_three_alike_are_one_group_and_two_of_three_are_overlapping() -> None:
    alike = {who: [claim(who[0] + "1", 3, 9)] for who in ("ann", "bo", "cy")}
    assert seen(compare(alike)) == [("exact", ["a1", "b1", "c1"])]
    layers = {**alike, "cy": [claim("c1", 3, 8)]}
    assert seen(compare(layers)) == [("overlapping", ["a1", "b1", "c1"])]


def test_discontinuous_spans_are_exact_only_fragment_by_fragment() -> None:
    parts = Marked("a1", "claim", ((0, 4), (8, 12)))
    whole = claim("b1", 0, 12)
    assert seen(compare({"ann": [parts], "bo": [whole]})) == [("overlapping", ["a1", "b1"])]
    hole = claim("b1", 4, 8)
    assert [g.likeness for g in compare({"ann": [parts], "bo": [hole]})] == ["single", "single"]


def test_differences_are_named_by_path() -> None:
    one = claim("a1", 0, 9, topic="war", time={"value": "2015", "text": "last year"}, tags=["a"])
    other = claim("b1", 0, 9, topic="war", time={"value": "2016"}, tags=["a"], modality=None)
    (group,) = compare({"ann": [one], "bo": [other]})
    assert [(d.path, dict(d.values)) for d in group.differences] == [
        ("/time/text", {"a1": "last year"}),
        ("/time/value", {"a1": "2015", "b1": "2016"}),
    ]


@pytest.mark.parametrize(
    ("one", "other", "paths"),
    [
        ({"x": 1}, {"x": True}, ["/x"]),
        ({"x": None}, {}, []),
        ({"a/b": 1}, {"a/b": 2}, ["/a~1b"]),
        ({"x": [{"p": 1, "q": 2}]}, {"x": [{"q": 2, "p": 1}]}, []),
        ({"x": [1, 2]}, {"x": [2, 1]}, ["/x"]),
        ({"x": {"y": 1}}, {"x": "y"}, ["/x", "/x/y"]),
        ({"x": "absent"}, {}, ["/x"]),
    ],
)
def test_what_counts_as_a_difference(
    one: dict[str, object], other: dict[str, object], paths: list[str]
) -> None:
    assert [found.path for found in differences({"1": one, "2": other})] == paths


def test_labels_are_compared_on_the_same_unit() -> None:
    layers = {
        "ann": [claim("a1", 0, 10, claim_type="quote"), claim("a2", 20, 30, claim_type="causal")],
        "bo": [claim("b1", 1, 10, claim_type="causal")],
        "cy": [claim("c1", 0, 10)],
    }
    labels = matched_labels(layers, lambda m: str(m.attributes.get("claim_type", "")) or None)
    assert labels == [{"ann": "quote", "bo": "causal", "cy": None}]


def test_the_kind_can_be_the_label() -> None:
    figure = Marked("b1", "figure", ((0, 10),))
    layers = {"ann": [claim("a1", 0, 10)], "bo": [figure]}
    assert matched_labels(layers, lambda m: m.kind) == []
    found = matched_labels(layers, lambda m: m.kind, within_kind=False)
    assert found == [{"ann": "claim", "bo": "figure"}]


def test_what_at_least_two_marked_alike() -> None:
    groups = compare(
        {
            "ann": [claim("a1", 0, 10, topic="war"), claim("a2", 20, 30)],
            "bo": [claim("b1", 0, 10, topic="war"), claim("b2", 20, 31)],
            "cy": [claim("c1", 0, 10, topic="peace"), claim("c2", 20, 30)],
        }
    )
    assert exactly_alike(groups, 2) == [("a1", "b1"), ("a2", "c2")]
    assert exactly_alike(groups, 3) == []
    assert exactly_alike(groups, 3, attributes=False) == [("a1", "b1", "c1")]
    with pytest.raises(ValueError, match="At least one"):
        exactly_alike(groups, 0)


def test_equal_parties_decide_nothing() -> None:
    groups = compare({"ann": [claim("a1", 0, 10)], "bo": [claim("b1", 0, 9)]})
    assert exactly_alike(groups, 1) == []


teams = st.dictionaries(
    st.sampled_from(["ann", "bo", "cy", "di"]),
    st.lists(st.tuples(st.integers(0, 25), st.integers(1, 9)), max_size=6),
)


@given(teams, st.integers(0, 99))
def test_every_annotation_is_in_one_group_whatever_the_order(
    team: dict[str, list[tuple[int, int]]], seed: int
) -> None:
    layers = {
        who: [claim(f"{who}{n}", start, start + size) for n, (start, size) in enumerate(spans)]
        for who, spans in team.items()
    }
    groups = compare(layers)
    listed = [marked.id for group in groups for marked in group.members.values()]
    assert sorted(listed) == sorted(m.id for layer in layers.values() for m in layer)
    for group in groups:
        assert {*group.members, *group.missing} == set(layers)
        assert (group.likeness == "single") == (len(group.members) == 1)
    random = Random(seed)
    shuffled = {who: random.sample(layers[who], len(layers[who])) for who in reversed(layers)}
    assert compare(shuffled) == groups
