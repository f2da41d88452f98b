"""Deciding: every move of an annotation or a link through review."""

from typing import Any

from sqlalchemy import insert

from app.annotations.models import Annotation
from app.annotations.service import SURE
from app.history.record import Thing, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Refused, invalid_field
from app.kernel.ids import new_id
from app.links.models import Link
from app.projects.settings import bars_own_work
from app.reviews import workflow
from app.reviews.decisions.models import Decision
from app.reviews.decisions.things import Reviewable

Json = dict[str, Any]
HAPPENED = {
    "submit": "submitted",
    "withdraw": "withdrawn",
    "approve": "approved",
    "reject": "rejected",
    "request_changes": "changes_requested",
    "reopen": "reopened",
}
"""What history says of each action."""


def decide(
    actor: Actor, subject: Reviewable, thing: Annotation | Link, action: str, reason: str | None
) -> None:
    """Move one thing through review, as the workflow allows."""
    before, doubt = thing.state, place_in_doubt(action, thing)
    after = moved(actor, thing.state, thing.author_id, action, reason)
    thing.state = after
    for name in doubt:
        setattr(thing, name, SURE[name])
    thing.updated_at = now()
    session().flush()  # counts the version, which the decision names
    article_id = thing.article_id if isinstance(thing, Annotation) else None
    made = decision(actor, subject, thing.id, thing.version, (before, action, after), reason)
    session().execute(insert(Decision), [made])
    record_decision(actor, subject, made, thing.author_id, article_id, doubt)


def place_in_doubt(action: str, thing: Any) -> Json:
    """The uncertain place of an annotation that is approved, and so confirmed; else nothing.

    Who approves says that it is right where it is shown: it would be asked again otherwise.
    """
    if action != "approve" or getattr(thing, "anchoring", None) != "uncertain":
        return {}
    return {name: getattr(thing, name) for name in SURE}


def moved(actor: Actor, state: str, author_id: str, action: str, reason: str | None) -> str:
    """The state after the action; a refusal of the domain where the workflow refuses."""
    try:
        return workflow.move(
            state,
            action,
            is_author=author_id == actor.id,
            role=role_of(actor),
            own_work_rule=bars_own_work(actor),
            reason=reason,
        ).value
    except workflow.ReviewError as error:
        raise refusal(error) from None


def role_of(actor: Actor) -> str:
    """The actor's role as the workflow names it."""
    return actor.role.name if actor.role is not None else "nobody"


def refusal(error: workflow.ReviewError) -> Refused:
    """What the workflow refused, in the words that all rooms share."""
    told = str(error)
    if isinstance(error, workflow.IllegalMove):
        legal, yours = tuple(error.legal), tuple(error.yours)  # told even where they are empty
        return Conflict(
            told, code="illegal_move", state=error.state.value, legal=legal, yours=yours
        )
    if isinstance(error, workflow.ReasonMissing):
        return invalid_field("/reason", "reason_missing", told)
    if isinstance(error, workflow.UnknownAction):
        return invalid_field("/action", "not_a_choice", told)
    codes = {workflow.OwnWork: "own_work", workflow.NotYours: "not_yours"}
    return Forbidden(told, code=codes.get(type(error)))


def decision(
    actor: Actor,
    subject: Reviewable,
    thing_id: str,
    version: int,
    step: tuple[str, str, str],
    reason: str | None,
) -> Json:
    """The row of a decision; `step` is the state before, the action and the state after."""
    before, action, after = step
    return {
        "id": new_id(),
        "project_id": actor.project.id,
        "annotation_id": None,
        "link_id": None,
        f"{subject.noun}_id": thing_id,
        "action": action,
        "from_state": before,
        "to_state": after,
        "reason": reason,
        "version": version,
        "user_id": actor.id,
        "created_at": now(),
    }


def record_decision(
    actor: Actor,
    subject: Reviewable,
    made: Json,
    author_id: str,
    article_id: str | None,
    doubt: Json,
) -> None:
    """Let history tell of a decision, with its reason, and of the place that it confirms."""
    record(
        actor,
        HAPPENED[made["action"]],
        subject.noun,
        Thing(made[f"{subject.noun}_id"], made["version"]),
        before={"state": made["from_state"], **doubt},
        after={
            "state": made["to_state"],
            "reason": made["reason"],
            **{name: SURE[name] for name in doubt},
        },
        author_id=author_id,
        article_id=article_id,
    )
