"""The review of annotations and links: states, actions, and who may do what.

An author submits; a reviewer approves, rejects or asks for changes; either decision can be
reopened. Everything here is pure: the caller loads and stores, and maps the errors.
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where an annotation or link stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


class Action(StrEnum):
    """What someone does to it."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"
    REOPEN = "reopen"


MOVES: Mapping[tuple[State, Action], State] = {
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.WITHDRAW): State.DRAFT,
    (State.SUBMITTED, Action.APPROVE): State.APPROVED,
    (State.SUBMITTED, Action.REJECT): State.REJECTED,
    (State.SUBMITTED, Action.REQUEST_CHANGES): State.DRAFT,
    (State.APPROVED, Action.REOPEN): State.SUBMITTED,
    (State.REJECTED, Action.REOPEN): State.SUBMITTED,
}

OWN = frozenset({Action.SUBMIT, Action.WITHDRAW})
"""Actions of the author alone. All others are decisions, of reviewers and managers."""

REASON_NEEDED = frozenset({Action.REJECT, Action.REQUEST_CHANGES})
"""Actions the author can only learn from when told why."""

MAY_WORK = frozenset({"annotator", "reviewer", "manager"})
MAY_DECIDE = frozenset({"reviewer", "manager"})


class ReviewError(Exception):
    """Why a move is refused."""


class UnknownAction(ReviewError):
    """No such action exists."""

    def __init__(self, action: str) -> None:
        super().__init__(f"There is no action {action!r}; there are {', '.join(Action)}.")
        self.action = action


class IllegalMove(ReviewError):
    """The state does not allow the action.

    `legal` are those that it does allow, `yours` those of them that are this person's to take.
    """

    def __init__(self, state: State, action: Action, yours: list[str]) -> None:
        self.legal = [other.value for other in Action if (state, other) in MOVES]
        told = f"{action} is not possible while {state}; possible is {', '.join(self.legal)}"
        super().__init__(f"{told}." if yours else f"{told}, by others.")
        self.state, self.action, self.yours = state, action, yours


class NotYours(ReviewError):
    """Only the author may do this."""


class NotAReviewer(ReviewError):
    """The role does not allow the action."""


class OwnWork(ReviewError):
    """A decision on one's own work, while the project's own-work rule holds."""


class ReasonMissing(ReviewError):
    """The action needs a reason, and none (or a blank one) was given."""


def legal_moves(state: str, *, is_author: bool, role: str, own_work_rule: bool) -> list[str]:
    """The actions this person may take now, in the order of `Action`.

    `role` is viewer, annotator, reviewer or manager; a word that is none of these may do nothing.

    Raises:
        ValueError: `state` is none of the four.
    """
    now = State(state)
    return [
        action.value
        for action in Action
        if (now, action) in MOVES
        and _refusal(action, is_author=is_author, role=role, own_work_rule=own_work_rule) is None
    ]


def move(
    state: str,
    action: str,
    *,
    is_author: bool,
    role: str,
    own_work_rule: bool,
    reason: str | None = None,
) -> State:
    """The state after the action.

    What the person may never do is refused before what the state does not allow, and a missing
    reason last: so a refusal never asks for something that would not have helped.

    Raises:
        UnknownAction: `action` is none of the six.
        NotYours, NotAReviewer, OwnWork: this person may not do it, whatever the state.
        IllegalMove: the state does not allow it.
        ReasonMissing: it needs a reason.
        ValueError: `state` is none of the four.
    """
    now = State(state)
    step = _action(action)
    refusal = _refusal(step, is_author=is_author, role=role, own_work_rule=own_work_rule)
    if refusal is not None:
        raise refusal
    if (now, step) not in MOVES:
        yours = legal_moves(now, is_author=is_author, role=role, own_work_rule=own_work_rule)
        raise IllegalMove(now, step, yours)
    if step in REASON_NEEDED and not (reason or "").strip():
        raise ReasonMissing(f"To {step.replace('_', ' ')}, say why in `reason`.")
    return MOVES[now, step]


def check_role(action: str, role: str) -> None:
    """Refuse what this role may never do, whosever work it is and however it stands.

    Raises:
        UnknownAction: `action` is none of the six.
        NotAReviewer: the role does not allow it.
    """
    refusal = _refusal(_action(action), is_author=True, role=role, own_work_rule=False)
    if refusal is not None:
        raise refusal


def _action(name: str) -> Action:
    try:
        return Action(name)
    except ValueError:
        raise UnknownAction(name) from None


def _refusal(
    action: Action, *, is_author: bool, role: str, own_work_rule: bool
) -> ReviewError | None:
    """Why this person may never take the action, or None if they may."""
    if role not in MAY_WORK:
        return NotAReviewer(f"A {role} cannot {action.replace('_', ' ')}.")
    if action in OWN:
        return None if is_author else NotYours(f"Only the author can {action}.")
    if role not in MAY_DECIDE:
        return NotAReviewer(f"To {action.replace('_', ' ')} takes a reviewer or manager.")
    if is_author and own_work_rule:
        return OwnWork("In this project nobody decides on their own work.")
    return None
