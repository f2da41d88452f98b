"""How links add up: against every walk there is."""

from collections.abc import Collection, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.evidence.stances import Judged, Reached, walk

NODES = "abcdef"
PAIRS = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda p: p[0] != p[1])
LINKS = st.lists(st.tuples(PAIRS, st.booleans()), max_size=14)
Links = list[tuple[tuple[str, str], bool]]
many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def judged(links: Links) -> list[Judged]:
    return [Judged(f"{n:02}", *pair, sign) for n, (pair, sign) in enumerate(links)]


def reach(links: Links, depth: int, most: int = 100) -> dict[str, Reached]:
    every = judged(links)

    def look(ids: Collection[str], limit: int) -> Sequence[Judged]:
        return [link for link in every if {link.one, link.other} & set(ids)][:limit]

    return walk("a", depth, look, most).reached


def every_walk(links: Links, depth: int) -> dict[str, dict[bool, int]]:
    """The length of the shortest walk of each sign to each node, by trying all of them."""
    rim = {("a", True)}
    found: dict[str, dict[bool, int]] = {}
    for hops in range(1, depth + 1):
        rim = {
            (there, supports and sign)
            for here, supports in rim
            for pair, sign in links
            for one, there in (pair, pair[::-1])
            if one == here and (supports or sign)
        }
        for node, supports in rim:
            found.setdefault(node, {}).setdefault(supports, hops)
    found.pop("a", None)
    return found


@many
@given(LINKS, st.integers(1, 4))
def test_the_stance_is_that_of_the_shortest_walk(links: Links, depth: int) -> None:
    reached, walks = reach(links, depth), every_walk(links, depth)
    assert reached.keys() == walks.keys()
    for node, lengths in walks.items():
        least = min(lengths.values())
        stances = {supports for supports, hops in lengths.items() if hops == least}
        stance = "disputed" if len(stances) == 2 else "supports" if True in stances else "opposes"
        assert (reached[node].hops, reached[node].stance) == (least, stance)


@many
@given(LINKS, st.integers(1, 4))
def test_every_chain_is_sound(links: Links, depth: int) -> None:
    for node, reached in reach(links, depth).items():
        assert reached.contested == (len(reached.chains) == 2)
        for chain in reached.chains:
            assert chain.hops <= depth
            assert (chain.nodes[0], chain.nodes[-1]) == ("a", node)
            assert len(set(chain.nodes)) == len(chain.nodes)
            contradictions = sum(not link.corroborates for link in chain.links)
            assert contradictions == (0 if chain.supports else 1)
            for here, link, there in zip(chain.nodes, chain.links, chain.nodes[1:], strict=False):
                assert {link.one, link.other} == {here, there}


@pytest.mark.parametrize(
    ("first", "second", "stance"),
    [
        (True, True, "supports"),
        (True, False, "opposes"),
        (False, True, "opposes"),
        (False, False, None),
    ],
)
def test_two_signs(first: bool, second: bool, stance: str | None) -> None:
    reached = reach([(("a", "b"), first), (("b", "c"), second)], 2)
    assert (reached["c"].stance if "c" in reached else None) == stance


def test_what_one_person_links_one_way_and_another_the_other_is_disputed() -> None:
    reached = reach([(("a", "b"), True), (("b", "a"), False)], 1)
    assert reached["b"].stance == "disputed"


def test_a_longer_chain_of_the_other_sign_only_contests() -> None:
    links = [(("a", "b"), True), (("a", "c"), True), (("c", "b"), False)]
    assert (reach(links, 2)["b"].stance, reach(links, 2)["b"].contested) == ("supports", True)


def test_more_links_than_are_followed_make_a_walk_incomplete() -> None:
    every = [Judged(f"{n}", "a", f"x{n}", True) for n in range(5)]

    def look(_: Collection[str], limit: int) -> Sequence[Judged]:
        return every[:limit]

    assert walk("a", 1, look, 5).complete
    found = walk("a", 1, look, 4)
    assert (len(found.reached), found.complete) == (4, False)
