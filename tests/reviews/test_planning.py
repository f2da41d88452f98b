"""Planning seats before anything is written."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reviews.assignments.planning import Plan, Standing, plan

ARTICLES = ["a", "b", "c"]


def test_seats_for_anybody_fill_every_article_up() -> None:
    standing = Standing(seated={"a": ["ann"]}, vacant={"b": 2, "c": 1})
    assert plan(ARTICLES, None, 2, standing) == Plan([("a", None), ("c", None)], {})


def test_who_is_there_is_not_seated_again_and_what_lacks_is_told() -> None:
    standing = Standing(seated={"a": ["ann"]}, barred={"b": ["ann"], "c": ["bo", "ann"]})
    planned = plan(ARTICLES, ["ann", "bo"], 2, standing)
    assert planned == Plan([("a", "bo"), ("b", "bo")], {"b": 1, "c": 2})


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(1, 6), st.data())
def test_planning_the_same_twice_adds_nothing(
    articles: int, people: int, data: st.DataObject
) -> None:
    names = [f"article{number}" for number in range(articles)]
    users = [f"user{number}" for number in range(people)]
    overlap = data.draw(st.integers(1, people))
    first = plan(names, users, overlap, Standing())
    assert not first.short
    assert Counter(article for article, _ in first.seats) == dict.fromkeys(names, overlap)
    seated = {name: [user for at, user in first.seats if at == name and user] for name in names}
    assert plan(names, users, overlap, Standing(seated=seated)) == Plan([], {})
