"""The endpoints of accounts."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from app.accounts import queries, service, throttle, tokens
from app.accounts.policy import RULES
from app.accounts.presenting import present_token, profile
from app.accounts.schemas import (
    LoginIn,
    ProfileEdit,
    TokenIn,
    TokenOut,
    TokenPage,
    TokensOut,
    UserEdit,
    UserIn,
    UserOut,
    UserPage,
    UsersQuery,
)
from app.kernel.permissions import require
from app.web import tokens as signed
from app.web.auth import any_claims, refresh_claims
from app.web.bodies import page_ask
from app.web.etag import check_if_match
from app.web.fields import PageQuery
from app.web.operations import MERGE_PATCH, credential, operation
from app.web.replies import nothing, reply, reply_page

Json = dict[str, Any]
routes = Blueprint("accounts", __name__, url_prefix="/api/v1")


@routes.post("/auth/login")
@operation(
    "Sign in",
    body=LoginIn,
    answer=TokensOut,
    public=True,
    refuses=(401, 429),
    description="With `transport: cookie` the tokens come as HttpOnly cookies instead, for pages "
    "on the same host. Unknown e-mail and wrong password answer alike, and count against a limit.",
)
def login(body: Json) -> Response:
    counted = _count_try(body["email"])
    days = current_app.config["REFRESH_TOKEN_DAYS"]
    begun = service.sign_in(body["email"], body["password"], days)
    throttle.forgive(counted)
    return signed.issue(begun.user_id, begun.id, begun.refresh_id, body["transport"])


@routes.post("/auth/refresh")
@operation(
    "Exchange a refresh token for a new pair",
    answer=TokensOut,
    public=True,
    refreshes=True,
    refuses=(401, 403),
    description="A refresh token is good for one exchange. One that comes a second time ends the "
    "whole session, since it must have been copied.",
)
def refresh() -> Response:
    claims = refresh_claims()
    user_id, refresh_id = service.refresh(claims["sid"], claims["jti"])
    transport = "body" if "Authorization" in request.headers else "cookie"
    return signed.issue(user_id, claims["sid"], refresh_id, transport)


@routes.post("/auth/logout")
@operation(
    "Sign out: the session and all its tokens end", public=True, status=204, refuses=(401, 403)
)
def logout() -> Response:
    service.sign_out(any_claims()["sid"])
    return signed.withdraw(nothing())


@routes.get("/me")
@operation("Your profile", answer=UserOut, versioned=True)
def me() -> Response:
    user = queries.get_user(queries.who_is(credential()).id)
    return reply(profile(user), version=user.version)


@routes.patch("/me")
@operation(
    "Change your name or password",
    scope="admin",
    body=ProfileEdit,
    answer=UserOut,
    media_types=MERGE_PATCH,
    versioned=True,
    needs_match=True,
    refuses=(429,),
    description="A new password needs the current one, and ends all other sessions. A wrong one "
    "counts against the limit of signing in.",
)
def edit_me(body: Json) -> Response:
    actor = queries.who_is(credential())
    counted = _count_try(actor.email) if "password" in body else []
    user = queries.get_user(actor.id, for_change=True)
    check_if_match(user.version, profile(user))
    service.edit_profile(actor, user, body)
    throttle.forgive(counted)
    return reply(profile(user), version=user.version)


@routes.post("/me/tokens")
@operation(
    "Make a personal token",
    scope="admin",
    body=TokenIn,
    answer=TokenOut,
    status=201,
    takes_key=True,
    versioned=True,
    refuses=(403,),
    description="The secret is in this answer and never shown again.",
)
def create_token(body: Json) -> Response:
    token, secret = tokens.create(queries.who_is(credential()), body)
    response = reply(
        {**present_token(token), "secret": secret},
        version=1,
        status=201,
        location=f"/api/v1/me/tokens/{token.id}",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@routes.get("/me/tokens")
@operation("Your personal tokens", query=PageQuery, answer=TokenPage, page=True)
def list_tokens(query: Json) -> Response:
    actor = queries.who_is(credential())
    page = queries.list_tokens(actor.id, page_ask(query))
    return reply_page(page.map(lambda rows: [present_token(row) for row in rows]))


@routes.get("/me/tokens/<id:token_id>")
@operation("One of your personal tokens", answer=TokenOut, versioned=True, refuses=(404,))
def read_token(token_id: str) -> Response:
    token = queries.get_token(queries.who_is(credential()), token_id)
    return reply(present_token(token), version=1)


@routes.delete("/me/tokens/<id:token_id>")
@operation("Revoke a personal token", scope="admin", status=204, needs_match=True, refuses=(404,))
def revoke_token(token_id: str) -> Response:
    token = queries.get_token(queries.who_is(credential()), token_id, for_change=True)
    check_if_match(1, present_token(token))
    tokens.revoke(token)
    return nothing()


@routes.post("/users")
@operation(
    "Add a person",
    body=UserIn,
    answer=UserOut,
    status=201,
    scope="admin",
    takes_key=True,
    versioned=True,
    refuses=(403, 409),
)
def create_user(body: Json) -> Response:
    user = service.create_user(queries.who_is(credential()), body)
    return reply(
        profile(user),
        version=user.version,
        status=201,
        location=f"/api/v1/users/{user.id}",
    )


@routes.get("/users")
@operation(
    "Everyone; or one person by exact e-mail, which anybody signed in may ask",
    query=UsersQuery,
    answer=UserPage,
    page=True,
    refuses=(403,),
)
def list_users(query: Json) -> Response:
    actor = queries.who_is(credential())
    email = query.pop("email", None)
    if email is None:
        require(RULES, "list_users", actor)
    page = queries.list_users(page_ask(query), email)
    return reply_page(page.map(lambda rows: [profile(row) for row in rows]))


@routes.get("/users/<id:user_id>")
@operation("One person", answer=UserOut, versioned=True, refuses=(403, 404))
def read_user(user_id: str) -> Response:
    require(RULES, "list_users", queries.who_is(credential()))
    user = queries.get_user(user_id)
    return reply(profile(user), version=user.version)


@routes.patch("/users/<id:user_id>")
@operation(
    "Rename, disable, enable or promote a person",
    body=UserEdit,
    answer=UserOut,
    media_types=MERGE_PATCH,
    scope="admin",
    versioned=True,
    needs_match=True,
    refuses=(403, 404, 409),
)
def edit_user(user_id: str, body: Json) -> Response:
    actor = queries.who_is(credential())
    require(RULES, "edit_users", actor)
    user = queries.get_user(user_id, for_change=True)
    check_if_match(user.version, profile(user))
    return reply(profile(service.edit_user(actor, user, body)), version=user.version)


def _count_try(email: str) -> list[str]:
    """Count a try at someone's password; what to forgive where it turns out right."""
    settings = current_app.config
    allowed = throttle.limits(email, request.remote_addr, settings["SIGN_IN_ATTEMPTS"])
    throttle.count_try(allowed, settings["SIGN_IN_WINDOW_SECONDS"])
    return list(allowed)
