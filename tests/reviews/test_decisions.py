"""Review through the API: every state, action and role, reasons, versions, history, races."""

from itertools import product
from typing import Any

import pytest

from app.reviews.workflow import MOVES, Action, State, legal_moves
from app.web.application import Application
from tests.reviews.desk import FIGURE, Desk, make_desk, path_of, read
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once

Json = dict[str, Any]
WAY: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "approved": ("submit", "approve"),
    "rejected": ("submit", "reject"),
}
"""How a draft comes into each state."""


def brought(desk: Desk, thing: Json, state: str) -> Json:
    """The thing, brought into the state by its author and a reviewer."""
    for action in WAY[state]:
        who = "ann" if action == "submit" else "reviewer"
        answer = desk.review(who, thing, action, "so that it is there")
        assert answer.status_code == 200, answer.get_data(as_text=True)
    return thing


def make_thing(desk: Desk, of: str) -> Json:
    article = desk.article()
    claim = desk.tag("ann", article, state="draft")
    if of == "annotations":
        return claim
    return desk.link("ann", claim, desk.tag("ann", article, FIGURE), state="draft")


@pytest.mark.parametrize("of", ["annotations", "links"])
@pytest.mark.parametrize("state", list(State))
def test_every_action_by_everybody_is_answered_as_the_workflow_says(
    desk: Desk, of: str, state: State
) -> None:
    thing = brought(desk, make_thing(desk, of), state)
    roles = {"ann": "annotator", "bo": "annotator", "critic": "reviewer", "manager": "manager"}
    for action, (name, role) in product(Action, {**roles, "viewer": "viewer"}.items()):
        legal = legal_moves(state, is_author=name == "ann", role=role, own_work_rule=True)
        if action in legal:
            continue  # tried below, each on a thing of its own
        answer = desk.review(name, thing, action, "because")
        assert answer.status_code in {403, 409}, (name, action)
        if answer.status_code == 409:
            assert_problem(answer, 409, "illegal_move")
            assert answer.json is not None
            assert (answer.json["yours"], answer.json["state"]) == (legal, state)
            assert answer.json["legal"] == [a for a in Action if (state, a) in MOVES]
    for name, role in roles.items():
        for action in legal_moves(state, is_author=name == "ann", role=role, own_work_rule=True):
            thing = brought(desk, make_thing(desk, of), state)
            before = read(desk.as_("manager").get(path_of(thing)))
            after = read(desk.review(name, thing, action, "because"))
            assert after["version"] == before["version"] + 1
            assert before["state"] == state != after["state"]
            assert read(desk.as_(name).get(path_of(thing))) == after


@pytest.mark.parametrize("of", ["annotations", "links"])
def test_nobody_decides_on_their_own_work_while_the_rule_holds(
    app: Application, desk: Desk, of: str
) -> None:
    article = desk.article()
    own = desk.tag("reviewer", article)
    if of == "links":
        own = desk.link("reviewer", own, desk.tag("ann", article, FIGURE))
    assert_problem(desk.review("reviewer", own, "approve"), 403, "own_work")
    assert read(desk.review("critic", own, "approve"))["state"] == "approved"

    free = make_desk(app, own_work_rule=False)
    theirs = free.tag("reviewer", free.article())
    assert read(free.review("reviewer", theirs, "approve"))["state"] == "approved"


@pytest.mark.parametrize("reason", [None, "", " \n"])
@pytest.mark.parametrize("action", ["reject", "request_changes"])
def test_a_reason_is_needed_where_the_author_should_learn(
    desk: Desk, action: str, reason: str | None
) -> None:
    claim = desk.tag("ann", desk.article())
    problem = assert_problem(desk.review("reviewer", claim, action, reason), 422, "reason_missing")
    assert pointers(problem) == {"/reason": "reason_missing"}
    assert read(desk.as_("ann").get(path_of(claim)))["state"] == "submitted"


def test_an_unknown_action_and_an_unknown_field_are_named(desk: Desk) -> None:
    claim = desk.tag("ann", desk.article())
    answer = desk.as_("reviewer").post(
        f"{path_of(claim)}/review", {"action": "bless", "why": "x"}, if_match="*"
    )
    assert pointers(assert_problem(answer, 422)) == {
        "/action": "not_a_choice",
        "/why": "unknown_field",
    }


@pytest.mark.parametrize("of", ["annotations", "links"])
def test_a_decision_names_the_version_it_is_about(desk: Desk, of: str) -> None:
    thing = brought(desk, make_thing(desk, of), "submitted")
    path, reviewer = f"{path_of(thing)}/review", desk.as_("reviewer")
    seen = reviewer.get(path_of(thing))
    assert_problem(reviewer.post(path, {"action": "approve"}), 428, "precondition_required")
    read(desk.as_("ann").patch(path_of(thing), {"confidence": "high"}, if_match=seen))
    problem = assert_problem(reviewer.post(path, {"action": "approve"}, if_match=seen), 412)
    now = reviewer.get(path_of(thing))
    assert problem["current"] == now.json
    approved = reviewer.post(path, {"action": "approve"}, if_match=now)
    assert read(approved)["state"] == "approved"
    assert approved.headers["ETag"] == reviewer.get(path_of(thing)).headers["ETag"]
    assert_problem(reviewer.post(path, {"action": "reopen"}, if_match=now), 412)


@pytest.mark.parametrize("of", ["annotations", "links"])
def test_of_two_who_decide_at_once_one_wins_and_the_other_sees_what_is_there_now(
    desk: Desk, of: str
) -> None:
    thing = brought(desk, make_thing(desk, of), "submitted")
    tag = desk.as_("reviewer").get(path_of(thing)).headers["ETag"]
    answers = at_once(
        lambda: desk.review("reviewer", thing, "approve", match=tag),
        lambda: desk.review("critic", thing, "reject", "not in the text", match=tag),
    )
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.json is not None
    problem = assert_problem(lost, 412, "stale")
    assert problem["current"]["state"] == read(won)["state"]
    assert problem["current"]["version"] == won.json["version"]
    decisions = read(desk.as_("viewer").get(f"{path_of(thing)}/reviews"))["items"]
    assert [decision["action"] for decision in decisions][1:] in (["approve"], ["reject"])


def test_an_edit_of_what_was_decided_sends_it_back(desk: Desk) -> None:
    for state, back in (("approved", "submitted"), ("rejected", "draft")):
        for of in ("annotations", "links"):
            thing = brought(desk, make_thing(desk, of), state)
            body = {"confidence": "low"}
            edited = desk.as_("ann").patch(path_of(thing), body, if_match="*")
            assert read(edited)["state"] == back


@pytest.mark.parametrize("of", ["annotations", "links"])
def test_every_decision_is_kept_with_who_when_and_why(desk: Desk, of: str) -> None:
    thing = brought(desk, make_thing(desk, of), "rejected")
    read(desk.review("critic", thing, "reopen"))
    found = read(desk.as_("viewer").get(f"{path_of(thing)}/reviews"))
    assert found["next"] is None
    told = [
        (each["by"]["name"], each["from"], each["action"], each["to"], each["version"])
        for each in found["items"]
    ]
    assert told == [
        ("ann", "draft", "submit", "submitted", 2),
        ("reviewer", "submitted", "reject", "rejected", 3),
        ("critic", "rejected", "reopen", "submitted", 4),
    ]
    assert [each["reason"] for each in found["items"]] == ["so that it is there"] * 2 + [None]
    first = desk.as_("viewer").get(f"{path_of(thing)}/reviews", query={"limit": 2})
    rest = desk.as_("viewer").get(f"{path_of(thing)}/reviews", query={"after": read(first)["next"]})
    assert read(first)["items"] + read(rest)["items"] == found["items"]


def test_history_tells_of_decisions_with_their_reasons(desk: Desk) -> None:
    claim = brought(desk, make_thing(desk, "annotations"), "rejected")
    versions = read(desk.as_("ann").get(f"{path_of(claim)}/history"))["items"]
    assert [(each["version"], each["action"]) for each in versions] == [
        (1, "created"),
        (2, "submitted"),
        (3, "rejected"),
    ]
    assert versions[2]["before"] == {"state": "submitted"}
    assert versions[2]["after"] == {"state": "rejected", "reason": "so that it is there"}
    assert versions[2]["by"]["name"] == "reviewer"


def test_a_version_from_before_a_decision_can_be_restored(desk: Desk) -> None:
    claim = brought(desk, make_thing(desk, "annotations"), "approved")
    read(desk.as_("ann").patch(path_of(claim), {"note": "changed"}, if_match="*"))
    answer = desk.as_("ann").post(f"{path_of(claim)}/restore", {"version": 3})
    assert (read(answer)["note"], read(answer)["state"]) == (None, "submitted")


def test_decisions_go_with_the_thing_they_are_about(desk: Desk) -> None:
    link = brought(desk, make_thing(desk, "links"), "approved")
    assert desk.as_("manager").delete(path_of(link), if_match="*").status_code == 204
    assert_problem(desk.as_("manager").get(f"{path_of(link)}/reviews"), 404)
    claim = brought(desk, make_thing(desk, "annotations"), "approved")
    assert desk.as_("manager").delete(path_of(claim), if_match="*").status_code == 204


def test_a_retry_under_the_same_key_decides_once(desk: Desk) -> None:
    claim = desk.tag("ann", desk.article())
    body, path = {"action": "approve"}, f"{path_of(claim)}/review"
    tag = desk.as_("reviewer").get(path_of(claim)).headers["ETag"]
    first, again = (
        desk.as_("reviewer").post(path, body, if_match=tag, key="once") for _ in range(2)
    )
    assert read(first) == read(again)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_what_others_may_not_see_they_cannot_review(desk: Desk, blind: Desk) -> None:
    claim = desk.tag("ann", desk.article())
    assert_problem(blind.review("reviewer", claim, "approve"), 404)
    hidden = blind.tag("ann", blind.article())
    assert_problem(blind.review("bo", hidden, "submit"), 404)
    assert_problem(blind.as_("bo").get(f"{path_of(hidden)}/reviews"), 404)


@pytest.mark.parametrize("in_bulk", [False, True])
def test_approving_confirms_an_uncertain_place_and_no_other_step_does(
    desk: Desk, in_bulk: bool
) -> None:
    """Else the next text would ask again for what was judged, words unmoved."""
    article = desk.article()
    text = article["text"].replace("strike killed", "strike has killed")
    kept, one = desk.tag("ann", article, FIGURE), desk.tag("ann", article)
    revise(desk, article, text)
    assert now(desk, one)["anchoring"] == "uncertain"
    steps = (("reject", "Why?"), ("reopen", None))
    for action, reason in steps:
        assert read(desk.review("reviewer", one, action, reason))["anchoring"] == "uncertain"
    score = now(desk, one)["anchoring_score"]
    if in_bulk:
        body = {"action": "approve", "ids": [kept["id"], one["id"]], "mode": "atomic"}
        read(desk.as_("reviewer").post(f"{desk.path}/review", body))
    else:
        read(desk.review("reviewer", one, "approve"))
        read(desk.review("reviewer", kept, "approve"))
    found = now(desk, one)
    assert (found["anchoring"], found["anchoring_score"]) == ("sure", None)
    told = read(desk.as_("viewer").get(f"{path_of(one)}/history"))["items"][-1]
    assert told["before"] == {
        "state": "submitted",
        "anchoring": "uncertain",
        "anchoring_score": score,
    }
    assert told["after"]["anchoring"] == "sure"
    of_kept = read(desk.as_("viewer").get(f"{path_of(kept)}/history"))["items"][-1]
    assert of_kept["before"] == {"state": "submitted"}
    revise(desk, article, f"New. {text}")
    assert {now(desk, each)["state"] for each in (one, kept)} == {"approved"}


def now(desk: Desk, thing: Json) -> Json:
    return read(desk.as_("viewer").get(path_of(thing)))


def revise(desk: Desk, article: Json, text: str) -> None:
    path = f"/articles/{article['id']}/text"
    read(desk.as_("manager").put(path, {"text": text}, if_match="*"))
