"""Personal tokens: long-lived keys for scripts."""

import secrets
from typing import Any

from app.accounts.models import PersonalToken
from app.kernel.actor import PERSONAL, Actor, hash_of
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Forbidden, invalid_field
from app.kernel.ids import new_id

SCOPES = ("read", "write", "export", "admin")


def create(actor: Actor, data: dict[str, Any]) -> tuple[PersonalToken, str]:
    """A token and its secret, which is told this once and kept only as a hash."""
    if "admin" in data["scopes"] and not actor.is_admin:
        raise Forbidden("Only administrators may make tokens with the scope admin.")
    expires_at = data.get("expires_at")
    if expires_at is not None and expires_at <= now():
        raise invalid_field("/expires_at", "in_the_past", "A token must expire in the future.")
    secret = PERSONAL + secrets.token_urlsafe(32)
    token = PersonalToken(
        id=new_id(),
        user_id=actor.id,
        name=data["name"],
        secret_hash=hash_of(secret),
        scopes=sorted(set(data["scopes"]), key=SCOPES.index),
        created_at=now(),
        expires_at=expires_at,
    )
    session().add(token)
    session().flush()  # the answer shows it, so it must stand
    return token, secret


def revoke(token: PersonalToken) -> None:
    """Make a token worthless from the next request on."""
    token.revoked_at = now()
    session().flush()
