"""Who reports what."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotations.reported import innermost, innermost_of_each
from app.annotations.spans import Span, Target

SPANS = st.tuples(st.integers(0, 25), st.integers(1, 15)).map(lambda p: Span(p[0], p[0] + p[1]))
TARGETS = st.lists(SPANS, min_size=1, max_size=3).map(Target.of)
NAMED = st.dictionaries(st.integers(0, 9), TARGETS, max_size=10)


def marked(target: Target) -> set[int]:
    return {place for span in target.fragments for place in range(span.start, span.end)}


def plainly(own: int, target: Target, contents: dict[int, Target]) -> int | None:
    """The rule once more, in sets of characters."""
    holding = [
        (len(marked(content)), -min(marked(content)), id_)
        for id_, content in contents.items()
        if id_ != own and marked(target) <= marked(content)
    ]
    return min(holding)[2] if holding else None


@given(targets=NAMED, contents=NAMED)
def test_both_ways_follow_the_rule(targets: dict[int, Target], contents: dict[int, Target]) -> None:
    expected = {own: plainly(own, target, contents) for own, target in targets.items()}
    assert innermost_of_each(targets.items(), contents.items()) == expected
    for own, target in targets.items():
        assert innermost(target, contents.items(), own) == expected[own]


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ({}, None),
        ({"far": Target.single(20, 90)}, None),
        ({"cut": Target.single(0, 14)}, None),
        ({"outer": Target.single(0, 90), "inner": Target.single(5, 40)}, "inner"),
        ({"same": Target.single(10, 15)}, "same"),
        ({"early": Target.single(0, 20), "late": Target.single(10, 30)}, "late"),
        ({"b": Target.single(0, 20), "a": Target.single(0, 20)}, "a"),
        ({"gapped": Target((Span(0, 12), Span(13, 90)))}, None),
        ({"gapped": Target((Span(0, 5), Span(9, 16))), "whole": Target.single(8, 40)}, "gapped"),
    ],
    ids=["none", "outside", "cut", "nested", "edges", "later", "id", "gap", "size without gaps"],
)
def test_the_closest_content_reports(contents: dict[str, Target], expected: str | None) -> None:
    target = Target.single(10, 15)
    assert innermost(target, contents.items()) == expected
    assert innermost_of_each([("claim", target)], contents.items()) == {"claim": expected}


def test_an_attribution_never_reports_itself_but_another_may() -> None:
    contents = {"said": Target.single(0, 50), "told": Target.single(10, 30)}
    assert innermost(Target.single(12, 20), contents.items(), own="told") == "said"
    targets = {"told": Target.single(12, 20), "said": Target.single(0, 40)}
    assert innermost_of_each(targets.items(), contents.items()) == {"told": "said", "said": None}


@pytest.mark.parametrize("longest", [300, 30_000])
def test_a_whole_article_is_quick(longest: int) -> None:
    """2,000 annotations, 400 contents: the aim is 50 ms, the bound spares a busy machine."""
    chance = random.Random(1)
    places = [(chance.randrange(30_000), chance.randrange(1, longest)) for _ in range(2_400)]
    spans = [(n, Target.single(start, start + size)) for n, (start, size) in enumerate(places)]
    began = time.process_time()
    innermost_of_each(spans[:2_000], spans[2_000:])
    assert time.process_time() - began < 0.25
