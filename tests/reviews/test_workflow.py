"""The workflow: every state, action and person, against the rules written out once more."""

from itertools import product

import pytest

from app.annotations.states import STATES
from app.reviews.workflow import (
    MOVES,
    Action,
    IllegalMove,
    NotAReviewer,
    NotYours,
    OwnWork,
    ReasonMissing,
    ReviewError,
    State,
    UnknownAction,
    check_role,
    legal_moves,
    move,
)

ROLES = ("viewer", "annotator", "reviewer", "manager")


def moved(
    state: str, action: str, *, by: str = "reviewer", author: bool = False, rule: bool = True
) -> str:
    return move(
        state, action, is_author=author, role=by, own_work_rule=rule, reason="not in the text"
    )


def test_the_table_read_aloud() -> None:
    assert moved("draft", "submit", by="annotator", author=True) == "submitted"
    assert moved("submitted", "withdraw", by="annotator", author=True) == "draft"
    assert moved("submitted", "approve") == "approved"
    assert moved("submitted", "reject") == "rejected"
    assert moved("submitted", "request_changes") == "draft"
    assert moved("approved", "reopen") == "submitted"
    assert moved("rejected", "reopen") == "submitted"
    assert len(MOVES) == 7


@pytest.mark.parametrize(
    ("state", "author", "role", "rule", "legal"),
    [
        ("draft", True, "annotator", True, ["submit"]),
        ("draft", False, "manager", True, []),
        ("submitted", True, "annotator", True, ["withdraw"]),
        ("submitted", True, "reviewer", True, ["withdraw"]),
        ("submitted", True, "manager", True, ["withdraw"]),
        (
            "submitted",
            True,
            "reviewer",
            False,
            ["withdraw", "approve", "reject", "request_changes"],
        ),
        ("submitted", False, "reviewer", True, ["approve", "reject", "request_changes"]),
        ("submitted", False, "annotator", True, []),
        ("approved", False, "manager", True, ["reopen"]),
        ("rejected", True, "reviewer", True, []),
        ("rejected", True, "reviewer", False, ["reopen"]),
        ("submitted", True, "viewer", False, []),
        ("submitted", False, "owner", False, []),
    ],
)
def test_who_may_do_what(state: str, author: bool, role: str, rule: bool, legal: list[str]) -> None:
    assert legal_moves(state, is_author=author, role=role, own_work_rule=rule) == legal


@pytest.mark.parametrize(
    ("state", "author", "role", "rule"),
    list(product(State, (True, False), ROLES, (True, False))),
)
def test_legal_moves_are_exactly_those_that_succeed(
    state: State, author: bool, role: str, rule: bool
) -> None:
    legal = legal_moves(state, is_author=author, role=role, own_work_rule=rule)
    for action in Action:
        if action in legal:
            moved(state, action, by=role, author=author, rule=rule)
            continue
        with pytest.raises(ReviewError) as refused:
            moved(state, action, by=role, author=author, rule=rule)
        if isinstance(refused.value, IllegalMove):
            assert refused.value.yours == legal
            assert set(legal) <= set(refused.value.legal)


@pytest.mark.parametrize(
    ("state", "action", "role", "author", "error"),
    [
        ("submitted", "approve", "reviewer", True, OwnWork),
        ("submitted", "approve", "manager", True, OwnWork),
        ("submitted", "approve", "annotator", False, NotAReviewer),
        ("draft", "approve", "annotator", False, NotAReviewer),
        ("draft", "submit", "manager", False, NotYours),
        ("draft", "submit", "viewer", True, NotAReviewer),
        ("draft", "approve", "reviewer", False, IllegalMove),
        ("submitted", "delete", "manager", False, UnknownAction),
    ],
)
def test_refusals_say_why(
    state: str, action: str, role: str, author: bool, error: type[ReviewError]
) -> None:
    with pytest.raises(error):
        moved(state, action, by=role, author=author)


def test_an_illegal_move_names_the_legal_ones() -> None:
    with pytest.raises(IllegalMove, match="possible is reopen") as refused:
        moved("approved", "approve")
    assert (refused.value.legal, refused.value.yours) == (["reopen"], ["reopen"])
    assert (refused.value.state, refused.value.action) == ("approved", "approve")


def test_an_illegal_move_names_what_others_may_do_instead() -> None:
    with pytest.raises(IllegalMove, match="possible is submit, by others") as refused:
        moved("draft", "approve")
    assert (refused.value.legal, refused.value.yours) == (["submit"], [])


@pytest.mark.parametrize("reason", [None, "", " \n"])
@pytest.mark.parametrize("action", ["reject", "request_changes"])
def test_a_reason_is_needed_where_the_author_should_learn(action: str, reason: str | None) -> None:
    with pytest.raises(ReasonMissing):
        move(
            "submitted",
            action,
            is_author=False,
            role="reviewer",
            own_work_rule=True,
            reason=reason,
        )
    approved = move(
        "submitted", "approve", is_author=False, role="reviewer", own_work_rule=True, reason=reason
    )
    assert approved == "approved"


def test_the_states_are_those_that_annotations_and_links_have() -> None:
    assert tuple(state.value for state in State) == STATES


@pytest.mark.parametrize("action", list(Action))
def test_a_role_may_do_what_it_may_do_to_something(action: Action) -> None:
    for role in (*ROLES, "owner"):
        able = any(
            action in legal_moves(state, is_author=author, role=role, own_work_rule=False)
            for state, author in product(State, (True, False))
        )
        if able:
            check_role(action, role)
        else:
            with pytest.raises(NotAReviewer):
                check_role(action, role)
    with pytest.raises(UnknownAction, match="bless"):
        check_role("bless", "manager")


def test_an_unknown_state_is_an_error() -> None:
    with pytest.raises(ValueError, match="archived"):
        legal_moves("archived", is_author=True, role="manager", own_work_rule=True)
