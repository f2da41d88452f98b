"""People, sign-ins, personal tokens, and the count of failed sign-ins."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Id, Json, Moment, key, moment
from app.kernel.db import Base


class User(Base):
    """Someone who can sign in. E-mail addresses are unique without regard to case."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email", text("lower(email)"), unique=True),
        CheckConstraint("length(name) > 0", name="name"),
    )

    id: Mapped[key]
    email: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_admin: Mapped[bool] = mapped_column(Boolean, default=False)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}


class SignIn(Base):
    """One sign-in and its family of tokens. Only the newest refresh token is good.

    A refresh token that comes back after it was exchanged was stolen, or its successor was:
    either way the family ends.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_user_id", "user_id"),)

    id: Mapped[key]
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"))
    refresh_id: Mapped[str] = mapped_column(Id)
    created_at: Mapped[moment]
    expires_at: Mapped[moment]
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class PersonalToken(Base):
    """A long-lived key for a script. The secret is shown once; its SHA-256 stays here."""

    __tablename__ = "personal_tokens"
    __table_args__ = (Index("ix_personal_tokens_user_id", "user_id", "id"),)

    id: Mapped[key]
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[moment]
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInCount(Base):
    """How often signing in was tried in the present window, by e-mail and by address."""

    __tablename__ = "sign_in_counts"

    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    window_ends: Mapped[moment]
    tries: Mapped[int] = mapped_column(Integer)
