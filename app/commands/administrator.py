"""The first administrator, so that a fresh server can be signed in to."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.accounts import service
from app.accounts.models import User
from app.accounts.queries import find_by_email
from app.accounts.schemas import UserIn
from app.kernel.db import session
from app.web.bodies import load

DEFAULT_EMAIL = "admin@example.org"


@dataclass(frozen=True)
class Found:
    """The administrator: the address, and how to learn the password."""

    email: str
    sentence: str
    password_hint: str


def ensure(data_dir: Path, environ: Mapping[str, str]) -> Found:
    """The administrator that is there, or a new one. Call it inside a unit of work.

    An account that exists is left as it is: its password may have been changed since.
    """
    email = environ.get("ADMIN_EMAIL") or _somebody() or DEFAULT_EMAIL
    kept = data_dir / "admin-password"
    if (user := find_by_email(email)) is not None:
        return Found(user.email, _standing(user), _hint(kept, environ))
    password, made_up = _password(kept, environ)
    given = {"email": email, "name": "Administrator", "password": password, "is_admin": True}
    service.create_user(None, load(UserIn, given))
    if made_up:
        told = f"Made the administrator {email} with the password {password} (kept in {kept})."
        return Found(email, told, f"{password} (kept in {kept})")
    return Found(email, f"Made the administrator {email}.", _hint(kept, environ))


def _somebody() -> str | None:
    """Whoever is administrator already: no second one is made next to them."""
    return session().scalar(
        select(User.email).where(User.is_admin, User.disabled_at.is_(None)).order_by(User.id)
    )


def _standing(user: User) -> str:
    if not user.is_admin or user.disabled_at is not None:
        return f"{user.email} has an account, but is no administrator or is disabled."
    return f"{user.email} is an administrator already; nothing was changed."


def _hint(kept: Path, environ: Mapping[str, str]) -> str:
    if environ.get("ADMIN_PASSWORD"):
        return "what ADMIN_PASSWORD was at the first start"
    return f"the one in {kept}" if kept.exists() else "the one you chose"


def _password(kept: Path, environ: Mapping[str, str]) -> tuple[str, bool]:
    """The password for a new administrator, and whether it was made up here."""
    if given := environ.get("ADMIN_PASSWORD"):
        return given, False
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text().strip(), True
    with os.fdopen(handle, "w") as file:
        password = secrets.token_urlsafe(12)
        file.write(password + "\n")
    return password, True
