"""The signed graph against plain ways of saying the same."""

from itertools import count, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.evidence.graph import LONGEST_CHAIN, SignedGraph

NODES = "abcdefgh"
PAIRS = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda p: p[0] != p[1])
LINKS = st.lists(st.tuples(PAIRS, st.booleans()), max_size=25)
Links = list[tuple[tuple[str, str], bool]]
many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def graph_of(links: Links) -> SignedGraph:
    graph = SignedGraph()
    for number, ((one, other), corroborates) in enumerate(links):
        graph.add(f"{number:03}", one, other, corroborates=corroborates)
    return graph


def joined(links: Links, start: str) -> dict[str, int]:
    """How far whatever corroboration joins with `start` is from it: one ring after the other."""
    near = {pair for pair, corroborates in links if corroborates}
    far = {start: 0}
    for distance in count(1):
        ring = {
            there
            for one, other in near
            for here, there in ((one, other), (other, one))
            if far.get(here) == distance - 1 and there not in far
        }
        if not ring:
            return far
        far |= dict.fromkeys(ring, distance)
    raise AssertionError


@many
@given(LINKS)
def test_groups_are_what_corroboration_joins(links: Links) -> None:
    graph = graph_of(links)
    nodes = {node for pair, _ in links for node in pair}
    assert sorted(node for members in graph.groups.values() for node in members) == sorted(nodes)
    for node in nodes:
        group = sorted(joined(links, node))
        assert graph.groups[graph.group_of(node)] == group
        assert graph.group_of(node) == group[0]


@many
@given(LINKS)
def test_a_contradiction_is_a_conflict_if_and_only_if_corroboration_joins_its_ends(
    links: Links,
) -> None:
    graph = graph_of(links)
    inside = [edge.link for edge in graph.conflicts()]
    between = [edge.link for edge in graph.between()]
    expected = [
        f"{number:03}"
        for number, ((one, other), corroborates) in enumerate(links)
        if not corroborates and other in joined(links, one)
    ]
    assert inside == expected
    every = [f"{number:03}" for number, (_, corroborates) in enumerate(links) if not corroborates]
    assert sorted(inside + between) == every


@many
@given(LINKS, st.sampled_from(NODES), st.sampled_from(NODES))
def test_a_chain_is_shortest_and_each_step_is_a_corroboration(
    links: Links, one: str, other: str
) -> None:
    graph = graph_of(links)
    if one not in graph or other not in graph or one == other:
        return
    chain = graph.chain(one, other)
    distance = joined(links, one).get(other)
    if distance is None:
        assert chain is None
        return
    assert chain is not None
    assert [chain[0].node, chain[-1].node] == [one, other]
    assert chain[0].link is None
    assert len(chain) == distance + 1
    for before, step in pairwise(chain):
        pair, corroborates = links[int(step.link or "")]
        assert corroborates
        assert set(pair) == {before.node, step.node}
    assert graph_of(links).chain(one, other) == chain


def test_a_chain_is_given_up_past_a_length() -> None:
    def row(length: int) -> SignedGraph:
        return graph_of([((f"{n:04}", f"{n + 1:04}"), True) for n in range(length)])

    chain = row(LONGEST_CHAIN).chain("0000", f"{LONGEST_CHAIN:04}")
    assert chain is not None
    assert len(chain) == LONGEST_CHAIN + 1
    assert row(LONGEST_CHAIN + 1).chain("0000", f"{LONGEST_CHAIN + 1:04}") is None


def test_a_pair_that_is_linked_both_ways_is_a_conflict() -> None:
    graph = graph_of([(("a", "b"), True), (("b", "a"), False)])
    assert [edge.link for edge in graph.conflicts()] == ["001"]
    assert [step.link for step in graph.chain("a", "b") or ()] == [None, "000"]


def test_three_that_exclude_each_other_are_no_conflict() -> None:
    graph = graph_of([(("a", "b"), False), (("b", "c"), False), (("a", "c"), False)])
    assert list(graph.conflicts()) == []
    assert list(graph.groups) == ["a", "b", "c"]
