"""What people do with their accounts, and administrators with all of them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import passwords, queries
from app.accounts.models import SignIn, User
from app.accounts.policy import RULES
from app.accounts.presenting import profile
from app.history.record import changed, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import apart, database, reading, session
from app.kernel.errors import Conflict, Unauthenticated, invalid_field
from app.kernel.ids import new_id
from app.kernel.permissions import require

Json = dict[str, Any]


def sign_in(email: str, password: str, days: int) -> SignIn:
    """Begin a session; the same refusal, at the same cost, for a wrong e-mail or password."""
    with reading(database()):
        user = queries.find_by_email(email)
    good = passwords.verify(password, user.password_hash if user else None)
    if user is None or not good or not queries.hold_if_unchanged(user):
        raise Unauthenticated("E-mail or password is wrong.", code="bad_credentials")
    moment = now()
    _forget_ended(user.id, moment)
    begun = SignIn(
        id=new_id(),
        user_id=user.id,
        refresh_id=new_id(),
        created_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    session().add(begun)
    session().flush()  # the tokens tell of it, so it must stand
    return begun


def _forget_ended(user_id: str, moment: datetime) -> None:
    """Sign-ins that ended of age are good for nothing: their tokens did, too."""
    session().execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at <= moment))


def refresh(sign_in_id: str, refresh_id: str) -> tuple[str, str]:
    """Exchange a refresh token: (user id, the new token's id).

    A token that was exchanged before ends its whole family, whoever holds the rest of it.
    """
    fresh = new_id()
    result = session().execute(
        update(SignIn)
        .where(
            SignIn.id == sign_in_id,
            SignIn.refresh_id == refresh_id,
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > now(),
            SignIn.user_id.in_(select(User.id).where(User.disabled_at.is_(None))),
        )
        .values(refresh_id=fresh)
        .returning(SignIn.user_id)
    )
    if user_id := result.scalar_one_or_none():
        return user_id, fresh
    session().rollback()
    with apart(database()):
        sign_out(sign_in_id)
    raise Unauthenticated(
        "This refresh token was used before or revoked; its session is over. Sign in again.",
        code="refresh_reused",
    )


def sign_out(sign_in_id: str) -> None:
    """End a session with all its tokens. Ending it twice changes nothing."""
    session().execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def sign_out_everywhere(user_id: str, but: str | None = None) -> None:
    """End every session of a person, except perhaps the one at hand."""
    ending = update(SignIn).where(SignIn.user_id == user_id, SignIn.revoked_at.is_(None))
    if but:
        ending = ending.where(SignIn.id != but)
    session().execute(ending.values(revoked_at=now()))


def create_user(actor: Actor | None, data: Json) -> User:
    """Add a person. `actor` is None for the command line, which stands above administrators."""
    if actor is not None:
        require(RULES, "create_users", actor)
    moment = now()
    user = User(
        id=new_id(),
        email=data["email"],
        name=data["name"],
        password_hash=passwords.hashed(data["password"]),
        is_admin=data.get("is_admin", False),
        version=1,
        created_at=moment,
        updated_at=moment,
    )
    try:
        with session().begin_nested():
            session().add(user)
            session().flush()  # the database knows best whether the address is taken
    except IntegrityError:
        raise Conflict("Someone has this e-mail already.", code="email_taken") from None
    record(actor or _oneself(user), "created", "user", user, after=profile(user))
    return user


def edit_user(actor: Actor, user: User, changes: Json) -> User:
    """An administrator renames, disables, enables or promotes someone, or resets a password."""
    require(RULES, "edit_users", actor)
    before = profile(user)
    if changes.get("disabled") and user.disabled_at is None:
        user.disabled_at = now()
    elif changes.get("disabled") is False:
        user.disabled_at = None
    user.name = changes.get("name", user.name)
    user.is_admin = changes.get("is_admin", user.is_admin)
    if "password" in changes:
        user.password_hash = passwords.hashed(changes["password"])
    elif profile(user) == before:
        return user
    if before["is_admin"] and not before["disabled"]:
        _keep_an_administrator(user)
    _touch(user)
    if user.disabled_at or "password" in changes:
        sign_out_everywhere(user.id)
    _record_edit(actor, user, before)
    return user


def edit_profile(actor: Actor, user: User, changes: Json) -> User:
    """Rename oneself or change one's password, which ends one's other sessions."""
    require(RULES, "edit_profile", actor, user)
    before = profile(user)
    user.name = changes.get("name", user.name)
    if "password" in changes:
        if not passwords.verify(changes.get("current_password", ""), user.password_hash):
            raise invalid_field(
                "/current_password", "wrong_password", "The current password is needed here."
            )
        user.password_hash = passwords.hashed(changes["password"])
        sign_out_everywhere(user.id, but=actor.session_id)
    elif profile(user) == before:
        return user
    _touch(user)
    _record_edit(actor, user, before)
    return user


def _keep_an_administrator(user: User) -> None:
    """Refuse unless another stays. The other is held; who is about to leave does not count."""
    if user.is_admin and user.disabled_at is None:
        return
    other = (
        select(User.id)
        .where(User.is_admin, User.disabled_at.is_(None), User.id != user.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )
    if session().scalar(other) is None:
        raise Conflict("The last administrator must stay one.", code="last_administrator")


def _touch(user: User) -> None:
    user.updated_at = now()
    session().flush()  # counts the version, and finds out who was outrun


def _record_edit(actor: Actor, user: User, before: Json) -> None:
    was, is_now = changed(before, profile(user))
    record(actor, "edited", "user", user, before=was, after=is_now)


def _oneself(user: User) -> Actor:
    return Actor(user.id, user.name, user.email, user.is_admin)
