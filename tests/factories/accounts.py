"""People who are signed in. Call these inside a unit of work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Flask

from app.accounts import service, tokens
from app.accounts.models import SignIn, User
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.ids import new_id
from app.web import tokens as signed

PASSWORD = "a password for tests"


@dataclass(frozen=True)
class Person:
    """Someone with an account, signed in: `token` and `refresh_token` belong to `sign_in_id`."""

    id: str
    email: str
    name: str
    is_admin: bool
    token: str
    refresh_token: str
    sign_in_id: str

    @property
    def actor(self) -> Actor:
        """The person as services know them, outside any project."""
        return Actor(self.id, self.name, self.email, self.is_admin, self.sign_in_id)


def add_user(name: str = "Someone", **data: Any) -> User:
    """A new account with an address of its own."""
    given = {"email": f"{name}-{uuid4().hex}@example.org", "name": name, "password": PASSWORD}
    return service.create_user(None, {**given, **data})


def add_person(app: Flask, name: str = "Someone", **data: Any) -> Person:
    """A new account, signed in."""
    return sign_in(app, add_user(name, **data))


def sign_in(app: Flask, user: User) -> Person:
    """A sign-in of this user, without the password being asked for."""
    begun = SignIn(
        id=new_id(),
        user_id=user.id,
        refresh_id=new_id(),
        created_at=now(),
        expires_at=now() + timedelta(days=30),
    )
    session().add(begun)
    session().flush()
    with app.test_request_context():
        pair: Any = signed.issue(user.id, begun.id, begun.refresh_id).json
    return Person(
        user.id,
        user.email,
        user.name,
        user.is_admin,
        pair["access_token"],
        pair["refresh_token"],
        begun.id,
    )


def add_token(person: Person, *scopes: str, **data: Any) -> str:
    """The secret of a new personal token with these scopes."""
    given = {"name": "script", "scopes": list(scopes), **data}
    return tokens.create(person.actor, given)[1]
