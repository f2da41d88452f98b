"""Seating: even loads, mixed pairs, nobody twice on one article."""

from collections import Counter, defaultdict
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.seating import OverlapTooLarge, SeatingError, spread


def named(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


@st.composite
def campaigns(draw: st.DrawFn) -> tuple[list[str], list[str], int]:
    people = draw(st.integers(1, 8))
    return (
        named("article", draw(st.integers(0, 40))),
        named("user", people),
        draw(st.integers(1, people)),
    )


def companies(seats: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for article, user in seats:
        found[article].append(user)
    return found


def meetings(seats: list[tuple[str, str]]) -> Counter[frozenset[str]]:
    return Counter(
        frozenset(pair)
        for company in companies(seats).values()
        for pair in combinations(company, 2)
    )


@given(campaigns())
def test_every_article_has_its_overlap_and_loads_differ_by_one(
    campaign: tuple[list[str], list[str], int],
) -> None:
    articles, users, overlap = campaign
    seats = spread(articles, users, overlap)
    assert list(companies(seats)) == articles
    for company in companies(seats).values():
        assert len(company) == len(set(company)) == overlap
    loads = Counter(user for _, user in seats)
    assert max(loads[user] for user in users) - min(loads[user] for user in users) <= 1
    assert seats == spread(articles, users, overlap)


@given(campaigns())
def test_pairs_meet_about_equally_often(campaign: tuple[list[str], list[str], int]) -> None:
    articles, users, overlap = campaign
    met = meetings(spread(articles, users, overlap))
    times = [met[frozenset(pair)] for pair in combinations(users, 2)]
    if times:
        assert max(times) - min(times) <= (2 if overlap <= 3 else 3)


@pytest.mark.parametrize("people", range(2, 9))
def test_one_round_of_pairs_lets_everyone_meet(people: int) -> None:
    articles = named("article", 3 * people * (people - 1) // 2)
    met = meetings(spread(articles, named("user", people), 2))
    assert len(met) == people * (people - 1) // 2
    assert max(met.values()) - min(met.values()) <= 2


def test_who_has_least_comes_first() -> None:
    seats = spread(named("article", 4), ["ann", "bo", "cy"], 1, {"ann": 3, "bo": 1})
    assert Counter(user for _, user in seats) == {"bo": 2, "cy": 2}


@given(campaigns(), st.lists(st.integers(0, 5), min_size=8, max_size=8))
def test_earlier_loads_are_evened_out_as_far_as_seats_reach(
    campaign: tuple[list[str], list[str], int], earlier: list[int]
) -> None:
    articles, users, overlap = campaign
    before = dict(zip(users, earlier, strict=False))
    gained = Counter(user for _, user in spread(articles, users, overlap, before))
    after = {user: before[user] + gained[user] for user in users}
    # Whoever gained a seat an idle one could have had would show here: nobody who gained stands
    # more than one above anybody who was free for every article.
    idle = [user for user in users if not gained[user]]
    for user in users:
        if gained[user]:
            assert all(after[user] <= before[other] + 1 for other in idle)
    spread_before = max(before.values()) - min(before.values())
    assert max(after.values()) - min(after.values()) <= max(1, spread_before)


def test_people_already_there_count_and_are_not_seated_twice() -> None:
    seats = spread(["a", "b"], ["ann", "bo", "cy"], 2, seated={"a": ["ann"], "b": ["ann", "bo"]})
    assert len(seats) == 1
    article, user = seats[0]
    assert article == "a"
    assert user == "cy"  # has met ann less often than bo has


def test_large_teams_are_seated_without_trying_everything() -> None:
    users = named("user", 40)
    seats = spread(named("article", 40), users, 6)
    loads = Counter(user for _, user in seats)
    assert set(loads.values()) == {6}
    assert max(meetings(seats).values()) <= 3


def test_an_overlap_larger_than_the_team_is_refused() -> None:
    with pytest.raises(OverlapTooLarge, match="overlap of 3") as refused:
        spread(["a"], ["ann", "bo"], 3)
    assert (refused.value.overlap, refused.value.people) == (3, 2)


@pytest.mark.parametrize(
    ("articles", "users", "overlap"),
    [(["a"], ["ann"], 0), (["a", "a"], ["ann"], 1), (["a"], ["ann", "ann"], 1)],
)
def test_impossible_wishes_are_refused(articles: list[str], users: list[str], overlap: int) -> None:
    with pytest.raises(SeatingError):
        spread(articles, users, overlap)


@given(campaigns(), st.data())
def test_the_barred_are_never_seated_and_everyone_else_as_far_as_they_reach(
    campaign: tuple[list[str], list[str], int], data: st.DataObject
) -> None:
    articles, users, overlap = campaign
    barred = {
        article: data.draw(st.sets(st.sampled_from(users)), label=article) for article in articles
    }
    found = companies(spread(articles, users, overlap, barred=barred))
    for article in articles:
        assert not barred[article] & set(found[article])
        assert len(found[article]) == min(overlap, len(users) - len(barred[article]))


def test_vacant_seats_count_towards_the_overlap() -> None:
    seats = spread(["a", "b"], ["ann", "bo"], 2, vacant={"a": 1, "b": 2})
    assert [article for article, _ in seats] == ["a"]
    assert spread(["a"], ["ann"], 2, vacant={"a": 1}) == [("a", "ann")]


def test_one_more_can_join_those_who_are_there() -> None:
    assert spread(["a"], ["cy"], 3, seated={"a": ["ann", "bo"]}) == [("a", "cy")]
    with pytest.raises(OverlapTooLarge):
        spread(["a"], ["cy"], 4, seated={"a": ["ann", "bo"]})
