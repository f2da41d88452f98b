"""The best alignment is the cheapest of all partitions, and quick where texts are ordinary."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reviews.agreement.alignment import (
    Effort,
    TooMuch,
    best_alignment,
    dissimilarity,
)
from app.reviews.agreement.units import Unit


def partitions(units: Sequence[Unit]) -> Iterator[list[list[Unit]]]:
    """All ways to part units into sets with at most one unit of a coder."""
    if not units:
        yield []
        return
    first, rest = units[0], units[1:]
    for smaller in partitions(rest):
        yield [[first], *smaller]
        for place, members in enumerate(smaller):
            if first.coder not in {unit.coder for unit in members}:
                yield [*smaller[:place], [first, *members], *smaller[place + 1 :]]


def cost_of(members: Sequence[Unit], coders: int) -> float:
    """The definition: the mean over all pairs of coders, 1 for a pair that lacks a unit."""
    pairs = coders * (coders - 1) // 2
    present = list(combinations(members, 2))
    apart = sum(dissimilarity(one, other) for one, other in present)
    return (apart + (pairs - len(present))) / pairs


units_of = st.lists(
    st.builds(
        lambda coder, start, length, label: Unit(coder, start, start + length, label),
        st.sampled_from("abc"),
        st.integers(0, 20),
        st.integers(1, 8),
        st.sampled_from("xy"),
    ),
    max_size=7,
)


@settings(max_examples=60)
@given(units_of)
def test_no_partition_is_cheaper(units: list[Unit]) -> None:
    found = best_alignment(units, 3)
    least = min(sum(cost_of(members, 3) for members in sets) for sets in partitions(units))
    assert found.exact
    assert found.cost == pytest.approx(least)
    assert found.cost == pytest.approx(sum(cost_of(members, 3) for members in found.sets))


@given(units_of)
def test_every_unit_stands_in_one_set_once(units: list[Unit]) -> None:
    found = best_alignment(units, 4)
    assert sorted(unit for members in found.sets for unit in members) == sorted(units)
    for members in found.sets:
        assert len({unit.coder for unit in members}) == len(members)


@given(units_of)
def test_the_order_given_does_not_matter(units: list[Unit]) -> None:
    assert best_alignment(units, 3) == best_alignment(units[::-1], 3)


def test_identical_layers_have_no_disorder() -> None:
    units = [Unit(coder, start, start + 5, "x") for coder in "abcd" for start in (0, 9, 30)]
    found = best_alignment(units, 4)
    assert found.disorder == 0
    assert [len(members) for members in found.sets] == [4, 4, 4]


def test_of_equal_costs_fewer_sets() -> None:
    # Side by side and of one length: α·1² = 3, so with three coders joining costs just as much
    # as standing alone when labels differ, (3 + 1 + 2) / 3 = 2.
    units = [Unit("a", 0, 4, "x"), Unit("b", 4, 8, "y")]
    assert best_alignment(units, 3).sets == ((units[0], units[1]),)


def test_a_crowded_text_says_that_it_is_not_exact() -> None:
    units = [
        Unit(coder, start, start + 20 + start % 7, "xyz"[start % 3])
        for number, coder in enumerate("abcd")
        for start in range(number, 40, 4)
    ]
    found = best_alignment(units, 4)
    assert not found.exact
    assert sorted(unit for members in found.sets for unit in members) == sorted(units)
    assert found.cost < len(units)


def test_no_units_have_no_disorder() -> None:
    assert best_alignment([], 2).disorder == 0


def test_all_who_marked_a_unit_are_coders_and_they_are_two() -> None:
    with pytest.raises(ValueError, match="coders"):
        best_alignment([Unit("a", 0, 1, "x")], 1)
    with pytest.raises(ValueError, match="coders"):
        best_alignment([Unit(coder, 0, 1, "x") for coder in "abc"], 2)


def test_what_would_take_too_long_stops_after_as_many_steps_as_were_granted() -> None:
    dense = [Unit(coder, start, start + 40, "x") for coder in "abcde" for start in range(0, 800, 4)]
    effort = Effort(200_000)
    with pytest.raises(TooMuch):
        best_alignment(dense, 5, effort)
    assert effort.left < 0


def test_effort_is_counted_alike_every_time_and_changes_nothing() -> None:
    units = [Unit(coder, start, start + 9, "x") for coder in "abc" for start in range(0, 200, 10)]
    first, second = Effort(10**6), Effort(10**6)
    assert (
        best_alignment(units, 3, first)
        == best_alignment(units, 3)
        == best_alignment(units, 3, second)
    )
    assert 0 < first.left == second.left < 10**6
