"""Verdicts on claims that were approved."""

from typing import Any

import pytest

from tests.reviews.desk import FIGURE, Desk, path_of, read
from tests.support.api import Answer
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once

Json = dict[str, Any]
REFUTED = {"label": "refuted", "justification": "Hospital records name nine."}


@pytest.fixture
def claim(desk: Desk) -> Json:
    """An approved claim."""
    made = desk.tag("ann", desk.article())
    return read(desk.review("reviewer", made, "approve"))


def judge(desk: Desk, name: str, claim: Json, match: Any = "*", **data: Any) -> Answer:
    path = f"{path_of(claim)}/verdict"
    return desk.as_(name).put(path, {**REFUTED, **data}, if_match=match)


def test_a_verdict_is_given_read_replaced_and_taken_back(desk: Desk, claim: Json) -> None:
    path, reviewer = f"{path_of(claim)}/verdict", desk.as_("reviewer")
    assert_problem(desk.as_("viewer").get(path), 404)
    given = judge(desk, "reviewer", claim, reviewer.get(path_of(claim)))
    verdict = read(given)
    assert {name: verdict[name] for name in REFUTED} == REFUTED
    assert verdict["by"] == {"id": desk.id("reviewer"), "name": "reviewer"}
    assert (verdict["version"], verdict["stands"]) == (3, True)
    seen = desk.as_("viewer").get(path)
    assert read(seen) == verdict
    assert seen.headers["ETag"] == given.headers["ETag"]
    assert read(desk.as_("ann").get(path_of(claim)))["version"] == 3
    replaced = read(judge(desk, "critic", claim, given, label="conflicting"))
    assert (replaced["label"], replaced["version"]) == ("conflicting", 4)
    assert replaced["by"]["name"] == "critic"
    assert_problem(reviewer.delete(path, if_match=given), 412)
    assert reviewer.delete(path, if_match="*").status_code == 204
    assert_problem(reviewer.get(path), 404)
    assert_problem(reviewer.delete(path, if_match="*"), 404)
    versions = read(desk.as_("ann").get(f"{path_of(claim)}/history"))["items"]
    told = [(each["action"], each["before"], each["after"]) for each in versions[2:]]
    conflicting = {**REFUTED, "label": "conflicting"}
    assert told == [
        ("verdict_set", {"verdict": None}, {"verdict": REFUTED}),
        ("verdict_set", {"verdict": REFUTED}, {"verdict": conflicting}),
        ("verdict_removed", {"verdict": conflicting}, {"verdict": None}),
    ]


def test_only_reviewers_judge(desk: Desk, claim: Json) -> None:
    for name in ("viewer", "ann", "bo"):
        assert_problem(judge(desk, name, claim), 403)
        path = f"{path_of(claim)}/verdict"
        assert_problem(desk.as_(name).delete(path, if_match="*"), 403)


def test_only_approved_claims_are_judged(desk: Desk) -> None:
    article = desk.article()
    waiting = desk.tag("ann", article)
    assert_problem(judge(desk, "reviewer", waiting), 409, "not_approved")
    figure = read(desk.review("reviewer", desk.tag("ann", article, FIGURE), "approve"))
    assert_problem(judge(desk, "reviewer", figure), 409, "not_a_claim")


def test_a_verdict_does_not_stand_on_what_was_changed_since(desk: Desk, claim: Json) -> None:
    read(judge(desk, "reviewer", claim))
    read(desk.as_("ann").patch(path_of(claim), {"note": "reworded"}, if_match="*"))
    path = f"{path_of(claim)}/verdict"
    assert read(desk.as_("viewer").get(path))["stands"] is False
    read(desk.review("reviewer", claim, "approve"))
    assert read(desk.as_("viewer").get(path))["stands"] is False
    assert read(judge(desk, "reviewer", claim))["stands"] is True


def test_bad_verdicts_are_refused_by_name(desk: Desk, claim: Json) -> None:
    path, reviewer = f"{path_of(claim)}/verdict", desk.as_("reviewer")
    faults: list[tuple[Json, Json]] = [
        ({}, {"/label": "required", "/justification": "required"}),
        ({**REFUTED, "label": "true"}, {"/label": "not_a_choice"}),
        ({**REFUTED, "justification": ""}, {"/justification": "length"}),
        ({**REFUTED, "sure": True}, {"/sure": "unknown_field"}),
    ]
    for body, expected in faults:
        assert pointers(assert_problem(reviewer.put(path, body, if_match="*"), 422)) == expected
    assert_problem(reviewer.put(path, REFUTED), 428)
    current = assert_problem(reviewer.put(path, REFUTED, if_match='"1-x"'), 412)["current"]
    assert current == read(reviewer.get(path_of(claim)))


def test_of_two_who_judge_at_once_one_is_heard(desk: Desk, claim: Json) -> None:
    seen = desk.as_("reviewer").get(path_of(claim)).headers["ETag"]
    answers = at_once(
        lambda: judge(desk, "reviewer", claim, seen),
        lambda: judge(desk, "critic", claim, seen, label="supported"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]


def test_while_blind_a_verdict_on_anothers_claim_is_not_there(blind: Desk) -> None:
    article = blind.article()
    claim = read(blind.review("reviewer", blind.tag("ann", article), "approve"))
    read(judge(blind, "reviewer", claim))
    path = f"{path_of(claim)}/verdict"
    assert_problem(blind.as_("bo").get(path), 404)
    assert read(blind.as_("ann").get(path))["label"] == "refuted"
    blind.done("bo", article["id"])
    assert read(blind.as_("bo").get(path))["label"] == "refuted"


def everywhere(desk: Desk, name: str, claim: Json) -> list[Json | None]:
    """The verdict of a claim in every representation of it that someone reads."""
    api, article = desk.as_(name), f"/articles/{claim['article_id']}"
    documents = [
        read(api.get(path_of(claim))),
        *read(api.get(f"{article}/annotations"))["items"],
        *read(api.get(f"{desk.path}/annotations"))["items"],
        *read(api.get(article, query={"include": "annotations"}))["annotations"],
        *(
            member["annotation"]
            for group in read(api.get(f"{article}/comparison"))["groups"]
            for member in group["members"]
        ),
    ]
    assert len(documents) >= 5
    found = {str(each["id"]): each["verdict"] for each in documents if each["id"] == claim["id"]}
    others = [each["verdict"] for each in documents if each["id"] != claim["id"]]
    assert others == [None] * len(others)
    assert len({str(each["verdict"]) for each in documents if each["id"] == claim["id"]}) == 1
    return list(found.values())


def test_a_claim_shows_its_verdict_wherever_it_is_read(desk: Desk, claim: Json) -> None:
    desk.tag("ann", claim["article_id"], FIGURE)
    assert claim["verdict"] is None
    assert everywhere(desk, "viewer", claim) == [None]
    given = read(judge(desk, "reviewer", claim, justification='Sie nennen "neun" – 😀\n\\'))
    shown = {
        "label": "refuted",
        "justification": 'Sie nennen "neun" – 😀\n\\',
        "by": {"id": desk.id("reviewer"), "name": "reviewer"},
        "at": given["updated_at"],
        "stands": True,
    }
    assert everywhere(desk, "viewer", claim) == [shown]
    patched = desk.as_("ann").patch(path_of(claim), {"note": "reworded"}, if_match="*")
    assert read(patched)["verdict"] == {**shown, "stands": False}
    refused = desk.as_("ann").patch(path_of(claim), {"verdict": shown}, if_match="*")
    assert pointers(assert_problem(refused, 422)) == {"/verdict": "unknown_field"}


def test_who_has_a_claim_already_is_told_of_its_verdict(desk: Desk, claim: Json) -> None:
    article = f"/articles/{claim['article_id']}"
    paths = [path_of(claim), f"{article}?include=annotations"]
    before = [desk.as_("viewer").get(path) for path in paths]
    read(judge(desk, "reviewer", claim))
    for path, seen in zip(paths, before, strict=True):
        fresh = desk.as_("viewer").get(path, if_none_match=seen)
        assert fresh.status_code == 200, path
        assert desk.as_("viewer").get(path, if_none_match=fresh).status_code == 304
