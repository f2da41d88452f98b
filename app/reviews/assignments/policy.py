"""Who may do what with assignments."""

from typing import Any

from app.kernel.actor import Actor, Role
from app.kernel.permissions import Rules, is_annotator, is_reviewer, is_viewer


def is_theirs(actor: Actor, thing: Any) -> bool:
    """The seat is the actor's."""
    return thing is not None and bool(thing.user_id == actor.id)


RULES: Rules = {
    "read": [[is_viewer]],
    "assign": [[is_reviewer]],
    "work": [[is_annotator, is_theirs], [is_reviewer]],
    "take_to_annotate": [[is_annotator]],
    "take_to_review": [[is_reviewer]],
    "remove": [[is_reviewer]],
}

NEEDED = {"annotate": Role.annotator, "review": Role.reviewer}
"""The least role of those who can be given a task."""
