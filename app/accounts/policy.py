"""Who may do what with accounts."""

from typing import Any

from app.kernel.actor import Actor
from app.kernel.permissions import Rules, is_admin


def is_oneself(actor: Actor, thing: Any) -> bool:
    """The account is the actor's own."""
    return thing is not None and bool(thing.id == actor.id)


RULES: Rules = {
    "create_users": [[is_admin]],
    "list_users": [[is_admin]],
    "edit_users": [[is_admin]],
    "edit_profile": [[is_oneself]],
}
