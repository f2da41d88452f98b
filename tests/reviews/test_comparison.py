"""The annotators' layers side by side."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.reviews.desk import CLAIM, FIGURE, Desk, read
from tests.support.problems import assert_problem, pointers

Json = dict[str, Any]
Counting = Callable[[], AbstractContextManager[list[str]]]
WIDER: Json = {**CLAIM, "target": {"exact": "said the strike killed 14 people"}}
PAST_EMOJI: Json = {**CLAIM, "target": {"exact": "Nobody knows"}}


def compared(desk: Desk, article: Json | str, name: str = "reviewer", **query: Any) -> Json:
    article_id = article if isinstance(article, str) else article["id"]
    return read(desk.as_(name).get(f"/articles/{article_id}/comparison", query=query))


def whose(group: Json) -> list[str]:
    return sorted(member["annotation"]["author"]["name"] for member in group["members"])


def test_spans_are_grouped_by_likeness_with_who_and_with_what_differs(desk: Desk) -> None:
    article = desk.article()
    first = desk.tag("ann", article)
    doubted = {"statement": "A strike killed 14 people.", "modality": "possible"}
    second = desk.tag("bo", article, attributes=doubted)
    desk.tag("ann", article, FIGURE)
    desk.tag("bo", article, FIGURE, target={"exact": "said 9 people died"})
    desk.tag("cy", article, PAST_EMOJI)
    found = compared(desk, article)
    assert [person["name"] for person in found["annotators"]] == ["ann", "bo", "cy"]
    assert [(group["kind"], group["likeness"], whose(group)) for group in found["groups"]] == [
        ("claim", "exact", ["ann", "bo"]),
        ("figure", "overlapping", ["ann", "bo"]),
        ("claim", "single", ["cy"]),
    ]
    alike = found["groups"][0]
    assert alike["missing"] == [{"id": desk.id("cy"), "name": "cy"}]
    assert alike["differences"] == [
        {"path": "/attributes/modality", "values": {second["id"]: "possible"}}
    ]
    assert [member["annotation"]["id"] for member in alike["members"]] == [
        first["id"],
        second["id"],
    ]
    assert not alike["adjudicated"]
    assert found["summary"]["annotations"] == {
        "claim": {"exact": 1, "overlapping": 0, "single": 1},
        "figure": {"exact": 0, "overlapping": 1, "single": 0},
    }


def test_users_kind_and_unit_are_chosen(desk: Desk) -> None:
    article = desk.article()
    desk.tag("ann", article, PAST_EMOJI)
    desk.tag("bo", article, WIDER)
    desk.tag("cy", article, FIGURE)
    two = compared(desk, article, users=f"{desk.id('ann')},{desk.id('cy')}")
    assert [person["name"] for person in two["annotators"]] == ["ann", "cy"]
    assert len(two["groups"]) == 2
    assert [group["kind"] for group in compared(desk, article, kind="figure")["groups"]] == [
        "figure"
    ]
    nobody = compared(desk, article, users=desk.id("viewer"))
    assert (nobody["annotators"], nobody["groups"]) == ([], [])
    by_codepoint = compared(desk, article)["groups"][-1]
    by_utf16 = compared(desk, article, unit="utf16")["groups"][-1]
    assert by_utf16["start"] == by_codepoint["start"] + 1
    assert by_utf16["members"][0]["annotation"]["target"]["start"] == by_utf16["start"]


def test_who_is_done_and_marked_nothing_is_compared_too(desk: Desk) -> None:
    article = desk.article()["id"]
    assert compared(desk, article)["groups"] == []
    desk.tag("ann", article)
    desk.done("bo", article)
    (group,) = compared(desk, article)["groups"]
    assert group["likeness"] == "single"
    assert [person["name"] for person in group["missing"]] == ["bo"]


def test_links_are_compared_by_the_groups_they_join(desk: Desk) -> None:
    article = desk.article()
    ours = desk.tag("ann", article), desk.tag("ann", article, FIGURE)
    theirs = desk.tag("bo", article, WIDER), desk.tag("bo", article, FIGURE)
    one = desk.link("ann", *ours, relation="contradicts")
    other = desk.link("bo", theirs[1], theirs[0], relation="corroborates", basis="numeric")
    (group,) = compared(desk, article)["links"]
    assert group["likeness"] == "overlapping"
    assert [member["link"]["id"] for member in group["members"]] == [one["id"], other["id"]]
    assert {each["path"]: each["values"] for each in group["differences"]} == {
        "/relation": {one["id"]: "contradicts", other["id"]: "corroborates"},
        "/basis": {other["id"]: "numeric"},
    }


def test_links_across_articles_meet_when_both_ends_do(desk: Desk) -> None:
    here, there = desk.article(), desk.article()
    for name in ("ann", "bo"):
        desk.link(name, desk.tag(name, here), desk.tag(name, there, FIGURE))
    third = desk.tag("cy", here)
    found = compared(desk, here)
    (group,) = found["links"]
    assert (group["likeness"], group["missing"]) == ("exact", [])
    assert found["summary"]["links"] == {"exact": 1, "overlapping": 0, "single": 0}
    desk.link("cy", third, desk.tag("cy", there, CLAIM))
    missing = {
        each["likeness"]: [person["name"] for person in each["missing"]]
        for each in compared(desk, there)["links"]
    }
    assert missing == {"exact": ["cy"], "single": ["ann", "bo"]}


def test_a_reviewer_who_only_links_stands_among_the_annotators(desk: Desk) -> None:
    article = desk.article()
    desk.link("reviewer", desk.tag("ann", article), desk.tag("ann", article, FIGURE))
    found = compared(desk, article)
    assert {person["name"]: person["links"] for person in found["annotators"]} == {
        "ann": 0,
        "reviewer": 1,
    }
    assert [person["name"] for person in found["links"][0]["missing"]] == ["ann"]


def test_the_blind_compare_once_they_are_done(blind: Desk) -> None:
    article = blind.article()["id"]
    blind.tag("ann", article)
    blind.tag("bo", article)
    path = f"/articles/{article}/comparison"
    assert_problem(blind.as_("ann").get(path), 403, "blind")
    assert len(compared(blind, article, "viewer")["groups"][0]["members"]) == 2
    blind.done("ann", article)
    assert whose(compared(blind, article, "ann")["groups"][0]) == ["ann", "bo"]


def test_the_blind_are_not_told_of_links_into_what_they_are_not_done_with(blind: Desk) -> None:
    here, there = blind.article(), blind.article()
    blind.link("bo", blind.tag("bo", here), blind.tag("bo", there))
    mine = blind.link("ann", blind.tag("ann", here), blind.tag("ann", there))
    blind.done("ann", here["id"])
    (group,) = compared(blind, here, "ann")["links"]
    assert [member["link"]["id"] for member in group["members"]] == [mine["id"]]
    assert set(group["ends"]) <= {mine["from"], mine["to"]} | {
        member["annotation"]["id"]
        for each in compared(blind, here, "ann")["groups"]
        for member in each["members"]
    }


@pytest.mark.parametrize("query", [{"users": "ann"}, {"kind": "rumour"}, {"users": ""}])
def test_bad_parameters_are_refused(desk: Desk, query: Json) -> None:
    path = f"/articles/{desk.article()['id']}/comparison"
    assert pointers(assert_problem(desk.as_("reviewer").get(path, query=query), 422))


def test_too_much_to_compare_is_refused(desk: Desk, make_app: Any) -> None:
    article = desk.article()["id"]
    for start in range(51):
        desk.tag("ann", article, target={"start": start, "end": start + 1})
    small = Desk(make_app(max_reader_annotations=50), desk.project, desk.people)
    path = f"/articles/{article}/comparison"
    assert_problem(small.as_("reviewer").get(path), 422, "too_many")


def test_the_number_of_statements_does_not_grow(desk: Desk, statements: Counting) -> None:
    def cost(article: Json) -> int:
        with statements() as seen:
            compared(desk, article)
        return len(seen)

    few, many = desk.article(), desk.article()
    desk.link("ann", desk.tag("ann", few), desk.tag("ann", desk.article()))
    for name in ("ann", "bo", "cy"):
        for _ in range(3):
            desk.link(name, desk.tag(name, many), desk.tag(name, desk.article()))
    assert cost(many) == cost(few) <= 8
