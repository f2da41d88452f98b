"""A caller of the API: a thin coat over Flask's test client."""

from typing import Any, Protocol, cast

from flask import Flask
from werkzeug.test import TestResponse

from app.kernel.jsons import dumps

_NOTHING = object()


class Answer(TestResponse):
    """What came back; `json` is the document in it."""

    @property
    def json(self) -> Any:
        return self.get_json()


class Bearer(Protocol):
    """Anyone or anything with an access token or a personal token."""

    @property
    def token(self) -> str: ...


class Api:
    """Calls as one person or nobody. Paths stand under /api/v1, or under / if they begin `//`.

    Every call is made by a client of its own, so threads may share an Api.
    """

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.app = app
        self._token = token

    def as_(self, who: Bearer | str | None) -> "Api":
        """The same API for someone else: a person, a token, or None for nobody."""
        token = who if who is None or isinstance(who, str) else who.token
        return Api(self.app, token)

    def get(self, path: str, **more: Any) -> Answer:
        return self.call("GET", path, **more)

    def post(self, path: str, json: Any = _NOTHING, **more: Any) -> Answer:
        return self.call("POST", path, json, **more)

    def put(self, path: str, json: Any = _NOTHING, **more: Any) -> Answer:
        return self.call("PUT", path, json, **more)

    def patch(self, path: str, json: Any = _NOTHING, **more: Any) -> Answer:
        return self.call("PATCH", path, json, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self.call("DELETE", path, **more)

    def call(
        self,
        method: str,
        path: str,
        json: Any = _NOTHING,
        *,
        key: str | None = None,
        if_match: str | Answer | None = None,
        if_none_match: str | Answer | None = None,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
        content_type: str = "application/json",
        address: str = "127.0.0.1",
        buffered: bool = True,
    ) -> Answer:
        """One request.

        `json` is encoded, `data` is sent as it is; `key` is the Idempotency-Key. Where an
        answer is given for `if_match` or `if_none_match`, its ETag is meant. `address` is
        where the call comes from. A stream is read to its end unless `buffered` is false.
        """
        sent = {
            "Authorization": f"Bearer {self._token}" if self._token else None,
            "Idempotency-Key": key,
            "If-Match": _tag(if_match),
            "If-None-Match": _tag(if_none_match),
            **(headers or {}),
        }
        body = data if json is _NOTHING else dumps(json)
        answer = self.app.test_client(use_cookies=False).open(
            path[1:] if path.startswith("//") else f"/api/v1{path}",
            method=method,
            headers={name: value for name, value in sent.items() if value is not None},
            query_string=query,
            data=body,
            content_type=None if body is None else content_type,
            environ_overrides={"REMOTE_ADDR": address},
            buffered=buffered,
        )
        return cast(Answer, answer)


def _tag(given: str | Answer | None) -> str | None:
    return given.headers["ETag"] if isinstance(given, TestResponse) else given
