"""What comes in and goes out of accounts."""

from typing import Any

from marshmallow import fields, validate

from app.accounts.tokens import SCOPES
from app.kernel.sentences import Sentence
from app.web.fields import (
    Choice,
    Email,
    Flag,
    IdField,
    Ordinal,
    PageQuery,
    Strict,
    Text,
    When,
    Words,
)


class NewPassword(Text):
    """At least 8, and long passphrases welcome (OWASP ASVS 5.0, 6.2.1 and 6.2.9)."""

    def __init__(self, **more: Any) -> None:
        super().__init__(1000, low=8, **more)


class LoginIn(Strict):
    """An e-mail and a password, and how the tokens shall travel."""

    email = Text(320, required=True)
    password = Text(1000, required=True)
    transport = Choice(("body", "cookie"), load_default="body")


class TokensOut(Strict):
    """A pair of tokens; with cookies, only how long the access token lives."""

    access_token = fields.String()
    refresh_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})
    transport = fields.String()


class UserOut(Strict):
    """A person."""

    id = IdField(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    is_admin = Flag(required=True)
    disabled = Flag(required=True)
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)


class UserIn(Strict):
    """A new person."""

    email = Email(required=True)
    name = Words(200, required=True)
    password = NewPassword(required=True)
    is_admin = Flag()


class UserEdit(Strict):
    """What an administrator changes of someone."""

    name = Words(200)
    disabled = Flag()
    is_admin = Flag()
    password = NewPassword()


class ProfileEdit(Strict):
    """What one changes of oneself."""

    name = Words(200)
    password = NewPassword()
    current_password = Text(1000)


class UsersQuery(PageQuery):
    """Which users."""

    email = Text(320, says="Only the person with this e-mail, exactly.")


class TokenIn(Strict):
    """A new personal token."""

    name = Words(200, required=True)
    scopes = fields.List(
        Choice(SCOPES),
        required=True,
        validate=validate.Length(min=1, error=Sentence("Name at least one scope.", "length")),
    )
    expires_at = When(allow_none=True)


class TokenOut(Strict):
    """A personal token; `secret` is told once, when it is made."""

    id = IdField(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_at = When(required=True)
    expires_at = When(required=True, allow_none=True)
    secret = fields.String()


class UserPage(Strict):
    """A page of people."""

    items = fields.List(fields.Nested(UserOut), required=True)
    next = fields.String(required=True, allow_none=True)


class TokenPage(Strict):
    """A page of tokens."""

    items = fields.List(fields.Nested(TokenOut), required=True)
    next = fields.String(required=True, allow_none=True)
