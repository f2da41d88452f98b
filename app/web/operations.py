"""An endpoint: what it takes, what it gives, and the thin code between.

`@operation(...)` stands between the route and its function. It reads the credential, the
parameters and the body, hands them on as `query` and `body`, and keeps what it knows for the
OpenAPI description and for the tests of the house.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, current_app, g, request
from marshmallow import Schema

from app.kernel.actor import Credential
from app.web import replays
from app.web.auth import caller
from app.web.bodies import body_bytes, load, load_query, read_json

View = TypeVar("View", bound=Callable[..., Response])
MERGE_PATCH = ("application/merge-patch+json", "application/json")


@dataclass(frozen=True)
class Operation:
    """What the description says of an endpoint.

    `examples` are bodies by name, `example` is an answer; what `refreshes` takes a refresh token.
    """

    summary: str
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    answer: type[Schema] | None = None
    status: int = 200
    public: bool = False
    scope: str = ""
    takes_key: bool = False
    versioned: bool = False
    needs_match: bool = False
    page: bool = False
    raw_body: tuple[str, ...] = ()
    raw_answer: tuple[str, ...] = ()
    refuses: tuple[int, ...] = ()
    many: bool = False
    optional_body: bool = False
    description: str = ""
    media_types: tuple[str, ...] = ("application/json",)
    answers_as: tuple[str, ...] = ("application/json",)
    also: dict[int, str] = field(default_factory=dict)
    examples: dict[str, Any] = field(default_factory=dict)
    example: Any = None
    refreshes: bool = False

    @property
    def security(self) -> tuple[str, ...]:
        """The schemes of the description, any of which will do."""
        signed = ("refresh", "refresh_cookie") if self.refreshes else ("bearer", "cookie")
        return signed if self.refreshes or not self.public else ()


def operation(summary: str, **known: Any) -> Callable[[View], View]:
    """Make a view an endpoint; `known` are the members of `Operation`."""
    about = Operation(summary, **known)

    def decorate(view: View) -> View:
        @wraps(view)
        def endpoint(**path: Any) -> Response:
            if about.public:
                return view(**path, **_inputs(about))
            g.credential = caller(about.scope or _scope_of_method())
            if about.takes_key and "Idempotency-Key" in request.headers:
                confirm = current_app.extensions["confirm"]
                return replays.once(g.credential, lambda: view(**path, **_inputs(about)), confirm)
            return view(**path, **_inputs(about))

        endpoint.operation = about  # type: ignore[attr-defined]  # read by the description
        return cast(View, endpoint)

    return decorate


def credential() -> Credential:
    """The credential of the request at hand; only inside an endpoint that is not public."""
    return cast(Credential, g.credential)


def _scope_of_method() -> str:
    return "read" if request.method in {"GET", "HEAD"} else "write"


def _inputs(about: Operation) -> dict[str, Any]:
    """The parameters and the body, as the view's keyword arguments."""
    given: dict[str, Any] = {}
    query = load_query(about.query)
    if about.query is not None:
        given["query"] = query
    if about.body is not None:
        empty = about.optional_body and not body_bytes()
        raw = {} if empty else read_json(about.media_types)
        many = about.many and isinstance(raw, list)
        given["body"] = raw if many else load(about.body, raw)
    return given
