"""Deciding on many things at once: a result for each, all or none if asked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest

from app.web.application import Application
from tests.reviews.desk import CLAIM, FIGURE, Desk, make_desk, path_of, read
from tests.support.api import Answer
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once

Json = dict[str, Any]
Counting = Callable[[], AbstractContextManager[list[str]]]


def decide(desk: Desk, name: str, action: str, **data: Any) -> Answer:
    return desk.as_(name).post(f"{desk.path}/review", {"action": action, **data})


def ids_of(things: list[Json]) -> list[str]:
    return [thing["id"] for thing in things]


@pytest.fixture
def claims(desk: Desk) -> list[Json]:
    """Two submitted claims and a draft of ann's, and one of the reviewer's own."""
    article = desk.article()
    return [
        desk.tag("ann", article),
        desk.tag("bo", article),
        desk.tag("ann", article, state="draft"),
        desk.tag("reviewer", article),
    ]


def test_best_effort_does_what_can_be_done_and_tells_of_each(
    desk: Desk, claims: list[Json]
) -> None:
    missing = str(uuid4())
    found = read(decide(desk, "reviewer", "approve", ids=[*ids_of(claims), missing]))
    assert (found["done"], found["refused"]) == (2, 3)
    assert [item["id"] for item in found["items"]] == [*ids_of(claims), missing]
    first, second, draft, own, nothing = found["items"]
    for item in (first, second):
        assert item == {"id": item["id"], "ok": True, "state": "approved", "version": 2}
    assert draft["problem"]["code"] == "illegal_move"
    assert (draft["problem"]["legal"], draft["state"]) == (["submit"], "draft")
    assert draft["problem"]["yours"] == []
    assert (own["problem"]["code"], own["state"]) == ("own_work", "submitted")
    assert nothing["problem"]["code"] == "not_found"
    assert "state" not in nothing
    for claim, item in zip(claims, found["items"], strict=False):
        stands = read(desk.as_("ann").get(path_of(claim)))
        assert (stands["state"], stands["version"]) == (item["state"], item["version"])
    (decision,) = read(desk.as_("ann").get(f"{path_of(claims[0])}/reviews"))["items"]
    assert (decision["by"]["name"], decision["version"]) == ("reviewer", 2)
    versions = read(desk.as_("ann").get(f"{path_of(claims[0])}/history"))["items"]
    assert [each["action"] for each in versions] == ["created", "approved"]


def test_atomic_changes_nothing_when_one_cannot_be(desk: Desk, claims: list[Json]) -> None:
    answer = decide(desk, "reviewer", "approve", ids=ids_of(claims), mode="atomic")
    items = assert_problem(answer, 409, "not_all_possible")["items"]
    assert [item["ok"] for item in items] == [True, True, False, False]
    states = [read(desk.as_("ann").get(path_of(claim)))["state"] for claim in claims]
    assert states == ["submitted", "submitted", "draft", "submitted"]
    done = decide(desk, "reviewer", "approve", ids=ids_of(claims[:2]), mode="atomic")
    assert read(done)["done"] == 2


def test_a_filter_says_which(desk: Desk, claims: list[Json]) -> None:
    mine = {"author": desk.id("ann"), "state": "submitted", "linked": False}
    found = read(decide(desk, "critic", "reject", filter=mine, reason="not in the text"))
    assert [item["id"] for item in found["items"]] == [claims[0]["id"]]
    again = read(decide(desk, "critic", "reject", filter=mine, reason="not in the text"))
    assert again == {"items": [], "done": 0, "refused": 0}


def test_a_filter_that_lets_everything_through_has_a_result_for_each(
    desk: Desk, claims: list[Json]
) -> None:
    answer = decide(desk, "critic", "reject", filter={}, mode="atomic", reason="No.")
    items = assert_problem(answer, 409, "not_all_possible")["items"]
    assert [(item["id"], item["ok"]) for item in items] == [
        (claim["id"], claim["state"] == "submitted") for claim in claims
    ]
    found = read(decide(desk, "critic", "reject", filter={}, reason="Not in the text."))
    assert (found["done"], found["refused"]) == (3, 1)
    states = [read(desk.as_("ann").get(path_of(claim)))["state"] for claim in claims]
    assert states == ["rejected", "rejected", "draft", "rejected"]
    (decision,) = read(desk.as_("ann").get(f"{path_of(claims[0])}/reviews"))["items"]
    assert (decision["action"], decision["reason"]) == ("reject", "Not in the text.")


def test_without_the_own_work_rule_ones_own_is_decided_on_too(app: Application) -> None:
    free = make_desk(app, own_work_rule=False)
    article = free.article()
    ids = ids_of([free.tag("reviewer", article), free.tag("ann", article)])
    assert read(decide(free, "reviewer", "approve", ids=ids))["done"] == 2


def test_atomic_leaves_all_where_one_moved_on_since_it_was_seen(
    desk: Desk, claims: list[Json]
) -> None:
    read(desk.as_("ann").patch(path_of(claims[0]), {"note": "changed"}, if_match="*"))
    ids = ids_of(claims[:2])
    seen = dict.fromkeys(ids, 1)
    answer = decide(desk, "reviewer", "approve", ids=ids, versions=seen, mode="atomic")
    first, second = assert_problem(answer, 409, "not_all_possible")["items"]
    assert (first["problem"]["code"], first["version"], second["ok"]) == ("stale", 2, True)
    assert read(desk.as_("ann").get(path_of(claims[1])))["state"] == "submitted"


def test_links_are_decided_on_likewise(desk: Desk) -> None:
    article = desk.article()
    link = desk.link("ann", desk.tag("ann", article), desk.tag("ann", article, FIGURE))
    by_filter = {"relation": "contradicts", "cross_article": False}
    found = read(decide(desk, "reviewer", "approve", of="links", filter=by_filter))
    assert [item["id"] for item in found["items"]] == [link["id"]]
    assert read(desk.as_("ann").get(path_of(link)))["state"] == "approved"
    reopened = read(decide(desk, "reviewer", "reopen", of="links", ids=[link["id"]]))
    assert reopened["items"][0]["state"] == "submitted"


def test_an_annotation_is_no_link(desk: Desk, claims: list[Json]) -> None:
    found = read(decide(desk, "reviewer", "approve", of="links", ids=ids_of(claims[:1])))
    assert found["items"][0]["problem"]["code"] == "not_found"


def test_what_moved_on_since_it_was_seen_is_left_alone(desk: Desk, claims: list[Json]) -> None:
    read(desk.as_("ann").patch(path_of(claims[0]), {"note": "changed"}, if_match="*"))
    seen = {claims[0]["id"]: 1, claims[1]["id"]: 1}
    ids = ids_of(claims[:2])
    found = read(decide(desk, "reviewer", "approve", ids=ids, versions=seen))
    assert [item["ok"] for item in found["items"]] == [False, True]
    assert found["items"][0]["problem"]["code"] == "stale"


def test_an_annotation_of_another_project_is_not_there(
    app: Application, desk: Desk, claims: list[Json]
) -> None:
    other = make_desk(app)
    found = read(decide(other, "reviewer", "approve", ids=ids_of(claims[:1])))
    assert found["items"][0]["problem"]["code"] == "not_found"
    assert read(desk.as_("ann").get(path_of(claims[0])))["state"] == "submitted"


def test_while_blind_the_others_work_is_neither_found_nor_counted(blind: Desk) -> None:
    article = blind.article()
    hidden, own = blind.tag("ann", article, state="draft"), blind.tag("bo", article, state="draft")
    found = read(decide(blind, "bo", "submit", filter={"state": "draft"}))
    assert ids_of(found["items"]) == [own["id"]]
    found = read(decide(blind, "bo", "submit", ids=[hidden["id"]]))
    assert found["items"][0]["problem"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("name", "action", "data", "status", "code"),
    [
        ("viewer", "submit", {}, 403, "forbidden"),
        ("ann", "approve", {}, 403, "forbidden"),
        ("reviewer", "reject", {}, 422, "reason_missing"),
        ("reviewer", "reject", {"reason": "  "}, 422, "reason_missing"),
        ("reviewer", "bless", {}, 422, "not_a_choice"),
        ("reviewer", "approve", {"filter": {}}, 422, "ids_or_filter"),
        ("reviewer", "approve", {"mode": "hasty"}, 422, "not_a_choice"),
        ("reviewer", "approve", {"versions": {"x": "1"}}, 422, "not_an_integer"),
    ],
)
def test_what_can_be_done_to_nothing_is_refused_as_a_whole(
    desk: Desk, claims: list[Json], name: str, action: str, data: Json, status: int, code: str
) -> None:
    answer = decide(desk, name, action, **{"ids": ids_of(claims), **data})
    assert_problem(answer, status, code)


def test_lists_and_filters_are_checked_by_name(desk: Desk, claims: list[Json]) -> None:
    first = claims[0]["id"]
    faults: list[tuple[Json, Json]] = [
        ({"ids": []}, {"/ids": "empty_list"}),
        ({"ids": [first, first]}, {"/ids/1": "duplicate"}),
        ({"ids": ["x"]}, {"/ids/0": "not_an_id"}),
        ({}, {"/ids": "ids_or_filter"}),
        ({"filter": {"colour": "red"}}, {"/filter/colour": "unknown_field"}),
        ({"filter": {"limit": 3}}, {"/filter/limit": "unknown_field"}),
        ({"filter": {"linked": []}}, {"/filter/linked": "not_a_boolean"}),
        ({"filter": {"kind": "claim"}, "of": "links"}, {"/filter/kind": "unknown_field"}),
    ]
    for data, expected in faults:
        problem = assert_problem(decide(desk, "reviewer", "approve", **data), 422)
        assert pointers(problem) == expected


def test_more_than_the_limit_is_refused_by_name(
    make_app: Callable[..., Application], app: Application
) -> None:
    small = make_desk(make_app(max_items_per_request=2))
    article = small.article()
    claims = [small.tag("ann", article) for _ in range(3)]
    told = assert_problem(decide(small, "reviewer", "approve", ids=ids_of(claims)), 413)
    assert "MAX_ITEMS_PER_REQUEST" in told["detail"]
    told = assert_problem(decide(small, "reviewer", "approve", filter={}), 422, "too_many")
    assert "MAX_ITEMS_PER_REQUEST" in told["detail"]
    assert read(decide(small, "reviewer", "approve", ids=ids_of(claims[:2])))["done"] == 2


def test_a_large_batch_takes_as_many_statements_as_a_small_one(
    desk: Desk, statements: Counting
) -> None:
    article = desk.article()
    counts = []
    for size in (2, 20):
        made = desk.as_("ann").post(f"/articles/{article['id']}/annotations", [CLAIM] * size)
        assert made.json is not None
        with statements() as seen:
            ids = ids_of(made.json["items"])
            assert read(decide(desk, "reviewer", "approve", ids=ids))["done"] == size
        counts.append(len(seen))
    assert counts == [5, 5]


def test_two_batches_at_once_decide_each_thing_once(desk: Desk) -> None:
    article = desk.article()
    answer = desk.as_("ann").post(f"/articles/{article['id']}/annotations", [CLAIM] * 20)
    assert answer.json is not None
    ids = ids_of(answer.json["items"])
    both = at_once(
        lambda: decide(desk, "reviewer", "approve", ids=ids),
        lambda: decide(desk, "critic", "reject", ids=ids[::-1], reason="no"),
    )
    results = [read(answer) for answer in both]
    assert sorted(result["done"] for result in results) == [0, 20]
