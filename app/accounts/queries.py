"""Selects about people, and the one that asks whether a credential still holds."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, or_, select

from app.accounts.models import PersonalToken, SignIn, User
from app.kernel.actor import Actor, Credential
from app.kernel.clock import now
from app.kernel.db import ask, session
from app.kernel.errors import Forbidden, NotFound, Unauthenticated
from app.kernel.paging import Page, PageAsk, page_of

users, sign_ins, tokens = User.__table__.c, SignIn.__table__.c, PersonalToken.__table__.c
WHO = (
    users.id.label("user_id"),
    users.name.label("user_name"),
    users.email.label("user_email"),
    users.is_admin.label("user_is_admin"),
)


@cache
def alive(by_token: bool) -> Select[*tuple[Any, ...]]:
    """The person behind a credential that still holds, as one row or none.

    Parameters: `credential` (sign-in id or the secret's hash) and `now`. It is part of the
    statement that opens every door, so that what is revoked is refused from the next request
    on at no extra cost.
    """
    moment = bindparam("now", type_=sign_ins.expires_at.type)
    if by_token:
        secret = bindparam("credential", type_=tokens.secret_hash.type)
        return (
            select(*WHO, tokens.scopes.label("scopes"))
            .select_from(PersonalToken.__table__)
            .join(User.__table__, users.id == tokens.user_id)
            .where(tokens.secret_hash == secret, tokens.revoked_at.is_(None))
            .where(or_(tokens.expires_at.is_(None), tokens.expires_at > moment))
            .where(users.disabled_at.is_(None))
        )
    return (
        select(*WHO)
        .select_from(SignIn.__table__)
        .join(User.__table__, users.id == sign_ins.user_id)
        .where(sign_ins.id == bindparam("credential", type_=sign_ins.id.type))
        .where(sign_ins.revoked_at.is_(None), sign_ins.expires_at > moment)
        .where(users.disabled_at.is_(None))
    )


def parameters(credential: Credential) -> dict[str, str | datetime]:
    """What `alive` is executed with."""
    return {"credential": credential.token_hash or credential.session_id or "", "now": now()}


def checked(row: Row[Any] | None, credential: Credential) -> Row[Any]:
    """The row, unless the credential holds no more or does not reach as far as the request."""
    if row is None:
        raise Unauthenticated("This sign-in or token no longer holds.", code="revoked")
    scopes = row.scopes if credential.token_hash else None
    if scopes is not None and credential.scope not in scopes:
        raise Forbidden(
            f"This token lacks the scope {credential.scope!r}.",
            code="missing_scope",
            needs=credential.scope,
        )
    return row


def who_is(credential: Credential) -> Actor:
    """The actor behind a credential, where no project is entered."""
    statement = alive(credential.token_hash is not None)
    found = ask(statement, parameters(credential))
    row = checked(found[0] if found else None, credential)
    return Actor(
        row.user_id, row.user_name, row.user_email, row.user_is_admin, credential.session_id
    )


def _has_address(email: str) -> ColumnElement[bool]:
    """Both sides made lower by the database: SQLite knows ASCII only, Python all of Unicode."""
    return func.lower(User.email) == func.lower(email)


def find_by_email(email: str) -> User | None:
    """Whoever has this address, without regard to case."""
    return session().scalar(select(User).where(_has_address(email)))


def names_of(ids: Collection[str]) -> dict[str, str]:
    """The names of these people, by id."""
    statement = select(users.id, users.name).where(users.id.in_(sorted(ids)))
    return {row.id: row.name for row in session().execute(statement)}


def hold_if_unchanged(user: User) -> bool:
    """Whether the person may sign in with the password they had when they were looked up.

    It stays so until the commit: who changes the password or disables them waits, and then finds
    this sign-in among those to end.
    """
    unchanged = select(User.id).where(
        User.id == user.id,
        User.password_hash == user.password_hash,
        User.disabled_at.is_(None),
    )
    return session().scalar(unchanged.with_for_update(read=True)) is not None


def get_user(user_id: str, *, for_change: bool = False) -> User:
    """The person with this id; `for_change` lets others who would change them wait."""
    lock: Any = {"key_share": True} if for_change else None
    if found := session().get(User, user_id, with_for_update=lock):
        return found
    raise NotFound("There is no such user.")


def list_users(ask: PageAsk, email: str | None = None) -> Page[Row[Any]]:
    """Everyone, in the order they came."""
    statement = select(User.__table__)
    if email is not None:
        statement = statement.where(_has_address(email))
    return page_of(statement, [(User.__table__.c.id, str)], ask, name="users")


def list_tokens(user_id: str, ask: PageAsk) -> Page[Row[Any]]:
    """A person's tokens that were not revoked."""
    table = PersonalToken.__table__
    statement = select(table).where(table.c.user_id == user_id, table.c.revoked_at.is_(None))
    return page_of(statement, [(table.c.id, str)], ask, name="tokens")


def get_token(actor: Actor, token_id: str, *, for_change: bool = False) -> PersonalToken:
    """One of the actor's own tokens that was not revoked; `for_change` as in `get_user`."""
    lock: Any = {"key_share": True} if for_change else None
    found = session().get(PersonalToken, token_id, with_for_update=lock)
    if found is None or found.user_id != actor.id or found.revoked_at is not None:
        raise NotFound("You have no such token.")
    return found
