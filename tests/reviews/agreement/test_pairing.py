"""One-to-one pairing: exact first, then as many as can be, then the most shared text."""

from itertools import permutations
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from app.reviews.agreement.pairing import (
    Extent,
    Pair,
    best_pairs,
    pair_exact,
    pair_overlapping,
    shared,
)

extents = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(
    lambda given: ((given[0], given[0] + given[1]),)
)
layers = st.lists(extents, max_size=12)


def test_identical_extents_are_paired_once_each() -> None:
    one: list[Extent] = [((0, 5),), ((0, 5),), ((9, 12),)]
    other: list[Extent] = [((9, 12),), ((0, 5),)]
    assert pair_exact(one, other) == [(0, 1), (2, 0)]


def test_a_twin_is_not_torn_apart_to_win_a_pair_elsewhere() -> None:
    one: list[Extent] = [((0, 10),), ((8, 12),)]
    other: list[Extent] = [((0, 10),), ((0, 5),)]
    assert pair_overlapping(one, other) == [(0, 0)]


def test_more_pairs_win_over_more_shared_text() -> None:
    one: list[Extent] = [((0, 10),), ((9, 30),)]
    other: list[Extent] = [((5, 29),), ((0, 6),)]
    assert pair_overlapping(one, other) == [(0, 1), (1, 0)]


def test_fragments_meet_only_where_their_text_does() -> None:
    gap: Extent = ((0, 4), (10, 14))
    assert shared(gap, ((4, 10),)) == 0
    assert shared(gap, ((2, 12),)) == 4
    assert pair_overlapping([gap], [((4, 10),)]) == []


@given(layers, layers)
def test_pairs_use_each_place_once_and_only_where_text_is_shared(
    one: list[Extent], other: list[Extent]
) -> None:
    pairs = pair_overlapping(one, other)
    assert len({pair.first for pair in pairs}) == len(pairs) == len({p.second for p in pairs})
    assert all(shared(one[pair.first], other[pair.second]) for pair in pairs)
    assert len(pairs) >= len(pair_exact(one, other))


@given(layers, layers)
def test_as_many_pairs_from_either_side(one: list[Extent], other: list[Extent]) -> None:
    forward, backward = pair_overlapping(one, other), pair_overlapping(other, one)
    assert len(forward) == len(backward)
    assert sum(shared(one[p.first], other[p.second]) for p in forward) == sum(
        shared(other[p.first], one[p.second]) for p in backward
    )


weighted = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda place: Pair(*place)),
    st.integers(1, 9),
    max_size=14,
)


@given(weighted)
def test_the_choice_is_the_best_of_all(weights: dict[Pair, int]) -> None:
    chosen = best_pairs(weights)
    reached = (len(chosen), sum(weights[pair] for pair in chosen))
    every = (
        [Pair(row, column) for row, column in enumerate(columns) if Pair(row, column) in weights]
        for columns in permutations(range(5))
    )
    assert reached == max((len(pairs), sum(weights[p] for p in pairs)) for pairs in every)


def test_hundreds_that_overlap_in_one_chain_are_paired_quickly() -> None:
    """Each overlaps its neighbours, so that all are one group: a dense matrix took minutes."""
    one: list[Extent] = [((place * 4, place * 4 + 40),) for place in range(1500)]
    other: list[Extent] = [((start + 1, end + 1),) for ((start, end),) in one]
    begun = process_time()
    assert pair_overlapping(one, other) == [(place, place) for place in range(1500)]
    assert process_time() - begun < 10
