"""From a request to a credential, without asking the database.

An access token is a signed statement: its signature, type, issuer and times are checked here.
Whether its session still stands is asked in the statement that opens the door to the thing
the request is about, so that revocation costs no statement of its own.
"""

from collections import OrderedDict
from threading import Lock
from typing import Any

from flask import current_app, g, request
from flask_jwt_extended import decode_token, get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import CSRFError, JWTExtendedException
from jwt import PyJWTError

from app.kernel.actor import PERSONAL, Credential, hash_of
from app.kernel.clock import now
from app.kernel.errors import Forbidden, Unauthenticated
from app.kernel.ids import is_id

_KEPT = 4096


class _Decoded:
    """Claims of tokens seen before. Checking a signature costs more than the rest of a read."""

    def __init__(self) -> None:
        self._claims: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()
        self._lock = Lock()

    def claims(self, token: str) -> dict[str, Any]:
        key = (current_app.config["JWT_SECRET_KEY"], token)
        found = self._claims.get(key)
        if found is None:
            found = decode_token(token)
            with self._lock:
                self._claims[key] = found
                if len(self._claims) > _KEPT:
                    self._claims.popitem(last=False)
        if found["exp"] <= now().timestamp():
            raise Unauthenticated("The token has expired.", code="token_expired")
        return found


_decoded = _Decoded()


def caller(scope: str = "read") -> Credential:
    """What the request shows as its credential; Unauthenticated where that is nothing good."""
    bearer = bearer_token()
    if bearer is None:
        return _of(_cookie_claims("access"), scope)
    if bearer.startswith(PERSONAL):
        return Credential(token_hash=hash_of(bearer), scope=scope)
    return _of(claims_of(bearer, "access"), scope)


def bearer_token() -> str | None:
    """The token in the Authorization header, or None where there is no such header."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Authorization must be `Bearer` and a token.", code="bad_token")
    return token.strip()


def refresh_claims() -> dict[str, Any]:
    """The claims of the refresh token that the request bears or has in its cookie."""
    bearer = bearer_token()
    return claims_of(bearer, "refresh") if bearer else _cookie_claims("refresh")


def any_claims() -> dict[str, Any]:
    """The claims of an access or refresh token, whichever is still good: signing out takes both."""
    if bearer := bearer_token():
        return claims_of(bearer, None)
    try:
        return _cookie_claims("access")
    except Unauthenticated:
        return _cookie_claims("refresh")


def claims_of(token: str, kind: str | None) -> dict[str, Any]:
    """The claims of a token of ours of this kind; Unauthenticated where it is none."""
    try:
        claims = _decoded.claims(token)
    except (PyJWTError, JWTExtendedException, ValueError, TypeError, KeyError) as error:
        expired = type(error).__name__ == "ExpiredSignatureError"
        raise Unauthenticated(
            "The token has expired." if expired else "The token is not one of ours.",
            code="token_expired" if expired else "bad_token",
        ) from None
    if kind and claims.get("type") != kind:
        raise Unauthenticated(f"A token for {kind} is needed here.", code="wrong_token_type")
    if not (is_id(str(claims.get("sid"))) and is_id(str(claims.get("jti")))):
        raise Unauthenticated("The token is not one of ours.", code="bad_token")
    return claims


def _cookie_claims(kind: str) -> dict[str, Any]:
    name = current_app.config[f"JWT_{kind.upper()}_COOKIE_NAME"]
    if name not in request.cookies:
        raise Unauthenticated("Sign in first: send Authorization: Bearer and a token.")
    try:
        verify_jwt_in_request(refresh=kind == "refresh", locations=["cookies"])
    except CSRFError:
        raise Forbidden("Send the value of the csrf cookie as X-CSRF-TOKEN.", code="csrf") from None
    except (PyJWTError, JWTExtendedException):
        raise Unauthenticated("The cookie's token is no longer good.", code="bad_token") from None
    return dict(get_jwt())


def _of(claims: dict[str, Any], scope: str) -> Credential:
    g.user_id = claims["sub"]
    return Credential(session_id=str(claims["sid"]), scope=scope)
