"""Which pairs of figures are told: against looking at every pair."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.evidence import discrepancies
from app.evidence.discrepancies import Discrepancies, Discrepancy, Tie
from app.evidence.figures import TOLERANCE, Figure

many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def figure(id_: str, value: str, *, article: str = "", start: int = 0, **said: Any) -> Figure:
    attributes = {"value": value, "unit": "person", "measured": "the dead", **said}
    return Figure(id_, article or f"article {id_}", start, start + 5, attributes)


def pairs(
    figures: Sequence[Figure], ties: Sequence[Tie] = (), *relations: str | None
) -> list[tuple[str, str]]:
    found = Discrepancies(figures, ties, TOLERANCE).found(relations or (None, "corroborates"))
    return [(pair.one, pair.other) for pair in found]


FIGURES = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.integers(0, 12),
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from(["the dead", "The  dead", "the hurt"]),
        st.sampled_from([None, "2015", "2015-10", "2016"]),
    ),
    max_size=9,
).map(
    lambda drawn: [
        Figure(
            f"f{n}",
            article,
            start,
            start + 2,
            {"value": value, "measured": measured} | ({"as_of": {"value": as_of}} if as_of else {}),
        )
        for n, (article, start, value, measured, as_of) in enumerate(drawn)
    ]
)
TIES = st.lists(
    st.tuples(
        st.integers(0, 8), st.integers(0, 8), st.sampled_from(["corroborates", "contradicts"])
    ).filter(lambda tie: tie[0] != tie[1]),
    max_size=4,
).map(lambda drawn: [Tie(f"l{n}", r, f"f{a}", f"f{b}") for n, (a, b, r) in enumerate(drawn)])


def plainly(figures: list[Figure], ties: list[Tie]) -> set[Discrepancy]:
    """Every pair that the module's words mean, by looking at each."""
    by_id = {each.id: each for each in figures}
    read = {each.id: each.reading() for each in figures}

    def measure(each: Figure) -> str:
        return " ".join(each.attributes["measured"].casefold().split())

    place = {each.id: {each.id} for each in figures}
    for one, other in combinations(figures, 2):
        over = one.start < other.end and other.start < one.end
        if one.article == other.article and over and measure(one) == measure(other):
            whole = place[one.id] | place[other.id]
            place |= dict.fromkeys(whole, whole)
    known = [tie for tie in ties if {tie.one, tie.other} <= by_id.keys()]
    judged = {frozenset((min(place[tie.one]), min(place[tie.other]))) for tie in known}
    best: dict[frozenset[str], Discrepancy] = {}
    for one, other in combinations(sorted(by_id), 2):
        both = frozenset((min(place[one]), min(place[other])))
        alike = measure(by_id[one]) == measure(by_id[other])
        if len(both) == 2 and both not in judged and alike and read[one].excludes(read[other]):
            best.setdefault(both, Discrepancy(one, other))
    linked = {
        Discrepancy(*sorted((tie.one, tie.other)), tie.link, tie.relation)
        for tie in known
        if tie.relation == "corroborates" and read[tie.one].excludes(read[tie.other])
    }
    return set(best.values()) | linked


@many
@given(FIGURES, TIES)
def test_every_pair_and_no_other_in_order(figures: list[Figure], ties: list[Tie]) -> None:
    found = list(Discrepancies(figures, ties, TOLERANCE).found([None, "corroborates"]))
    assert set(found) == plainly(figures, ties)
    assert len(set(found)) == len(found)
    keys = [(pair.one, pair.other) for pair in found]
    assert keys == sorted(keys)


def test_figures_said_to_agree_and_figures_on_one_measure() -> None:
    linked = [figure("1", "40"), figure("2", "12", measured="the lost")]
    assert pairs(linked) == []
    assert pairs(linked, [Tie("l", "corroborates", "2", "1")]) == [("1", "2")]
    assert pairs(linked, [Tie("l", "contradicts", "1", "2")]) == []
    assert pairs(linked, [Tie("l", "contradicts", "1", "2")], "contradicts") == [("1", "2")]
    assert pairs([figure("1", "40"), figure("2", "12")]) == [("1", "2")]


def test_what_several_people_tagged_in_one_place_is_one_figure() -> None:
    ana = figure("1", "40", article="A", start=0)
    ben = figure("2", "41", article="A", start=3)
    other = figure("3", "12")
    assert pairs([ana, ben]) == []
    assert pairs([ana, ben, other]) == [("1", "3")]
    assert pairs([ana, ben, other], [Tie("l", "contradicts", "2", "3")]) == []
    far = figure("2", "41", article="A", start=30)
    assert pairs([ana, far]) == [("1", "2")]


def test_too_many_readings_of_one_measure_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discrepancies, "MOST_READINGS", 2)
    some = [figure(str(n), str(10 * n + 10), article="A", start=10 * n) for n in range(3)]
    found = Discrepancies(some, [], TOLERANCE)
    assert not found.complete
    assert [(pair.one, pair.other) for pair in found.found([None])] == [("0", "1")]
    assert Discrepancies(some[:2], [], TOLERANCE).complete
