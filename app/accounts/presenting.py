"""People and their tokens as the wire has them, and people as history keeps them."""

from typing import Any

from sqlalchemy import Row

from app.accounts.models import PersonalToken, User

Json = dict[str, Any]


def profile(user: User | Row[Any]) -> Json:
    """What may be told of a person."""
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "is_admin": user.is_admin,
        "disabled": user.disabled_at is not None,
        "version": user.version,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    }


def present_token(token: PersonalToken | Row[Any]) -> Json:
    """What may be told of a personal token: all but its secret."""
    names = ("id", "name", "scopes", "created_at", "expires_at")
    return {name: getattr(token, name) for name in names}
