"""Signed tokens out: a pair for one sign-in, as JSON or as cookies."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app
from flask_jwt_extended import (
    create_access_token,
    create_refresh_token,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
)

from app.web.replies import reply


def issue(user_id: str, sign_in_id: str, refresh_id: str, transport: str = "body") -> Response:
    """An access token and the refresh token that alone can replace it.

    With `transport` "cookie" both go into HttpOnly cookies, with a CSRF value beside each for
    scripts to send back as X-CSRF-TOKEN; no token is in the body then.
    """
    family = {"sid": sign_in_id}
    access = create_access_token(user_id, additional_claims=family)
    refresh = create_refresh_token(user_id, additional_claims={**family, "jti": refresh_id})
    life: timedelta = current_app.config["JWT_ACCESS_TOKEN_EXPIRES"]
    told: dict[str, Any] = {"token_type": "Bearer", "expires_in": int(life.total_seconds())}
    if transport == "cookie":
        response = reply({"transport": "cookie", "expires_in": told["expires_in"]})
        set_access_cookies(response, access)
        set_refresh_cookies(response, refresh)
    else:
        response = reply({"access_token": access, "refresh_token": refresh, **told})
    response.headers["Cache-Control"] = "no-store"
    return response


def withdraw(response: Response) -> Response:
    """The same answer, taking the cookies away."""
    unset_jwt_cookies(response)
    return response
