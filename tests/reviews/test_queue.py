"""The review queue: what waits, in which order, and for whom."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.reviews.desk import FIGURE, Desk, read
from tests.support.problems import assert_problem

Json = dict[str, Any]


def queue(desk: Desk, name: str = "reviewer", **query: Any) -> Json:
    return read(desk.as_(name).get(f"{desk.path}/review-queue", query=query))


def told(page: Json) -> list[tuple[str, str, float]]:
    return [
        (item["article"]["title"], item["annotation"]["author"]["name"], item["disagreement"])
        for item in page["items"]
    ]


def test_the_most_disputed_articles_come_first_and_the_oldest_of_equals(desk: Desk) -> None:
    calm, disputed, lonely = (desk.article(title=title) for title in ("calm", "disputed", "one"))
    desk.tag("ann", lonely)
    for article in (calm, disputed):
        desk.tag("ann", article)
        desk.tag("bo", article)
    desk.tag("cy", disputed, FIGURE)
    assert told(queue(desk)) == [
        ("disputed", "ann", 0.333),
        ("disputed", "bo", 0.333),
        ("disputed", "cy", 0.333),
        ("calm", "ann", 0.0),
        ("calm", "bo", 0.0),
        ("one", "ann", 0.0),
    ]
    desk.done("bo", lonely["id"])
    assert told(queue(desk))[0] == ("one", "ann", 1.0)
    assert queue(desk)["items"][0]["n_coders"] == 2


def test_only_what_waits_for_this_reviewer_is_there(desk: Desk) -> None:
    article = desk.article()
    desk.tag("ann", article, state="draft")
    decided = desk.tag("bo", article)
    assert desk.review("critic", decided, "approve").status_code == 200
    desk.tag("reviewer", article)
    desk.tag("cy", article, FIGURE)
    assert [name for _, name, _ in told(queue(desk))] == ["cy"]
    assert [name for _, name, _ in told(queue(desk, "critic"))] == ["reviewer", "cy"]
    assert [name for _, name, _ in told(queue(desk, "critic", kind="claim"))] == ["reviewer"]
    path = f"/articles/{article['id']}/adjudication"
    assert desk.as_("critic").post(path, {"done": True}).status_code == 201
    assert queue(desk)["items"] == []
    read(desk.as_("critic").post(f"{path}/reopen"))
    assert [name for _, name, _ in told(queue(desk))] == ["cy"]


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_join_up(desk: Desk, limit: int) -> None:
    for count in (1, 2, 3):
        article = desk.article()
        for name in ("ann", "bo", "cy")[:count]:
            desk.tag(name, article, target={"start": count, "end": 2 * count + len(name)})
    whole = queue(desk)
    pages, after = [], None
    while True:
        page = queue(desk, limit=limit, **({"after": after} if after else {}))
        pages += page["items"]
        after = page["next"]
        if after is None:
            break
    assert pages == whole["items"]
    assert len(pages) == 6


def test_what_was_decided_between_two_pages_hides_nothing(desk: Desk) -> None:
    first, second = desk.article(), desk.article()
    waiting = [desk.tag("ann", article) for article in (first, first, second)]
    page = queue(desk, limit=1)
    assert [item["annotation"]["id"] for item in page["items"]] == [waiting[0]["id"]]
    for claim in waiting[:2]:
        assert desk.review("reviewer", claim, "approve").status_code == 200
    rest = queue(desk, limit=1, after=page["next"])
    assert [item["annotation"]["id"] for item in rest["items"]] == [waiting[2]["id"]]
    assert rest["next"] is None


def test_what_has_no_place_in_the_present_text_waits_undisputed(desk: Desk) -> None:
    article = desk.article()
    desk.tag("ann", article)
    desk.tag("bo", article, FIGURE)
    assert {item["disagreement"] for item in queue(desk)["items"]} == {1.0}
    path = f"/articles/{article['id']}/text"
    read(desk.as_("manager").put(path, {"text": "Quite another one."}, if_match="*"))
    orphans = queue(desk)["items"]
    assert {item["annotation"]["anchoring"] for item in orphans} == {"orphaned"}
    assert {(item["disagreement"], item["n_coders"]) for item in orphans} == {(0.0, 0)}


def test_annotators_have_no_queue(desk: Desk) -> None:
    assert_problem(desk.as_("ann").get(f"{desk.path}/review-queue"), 403, "forbidden")


def test_the_number_of_statements_does_not_grow(
    desk: Desk, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def cost() -> int:
        with statements() as seen:
            queue(desk)
        return len(seen)

    desk.tag("ann", desk.article())
    once = cost()
    for article in desk.articles(4):
        desk.tag("ann", article)
        desk.tag("bo", article)
    assert cost() == once <= 6
