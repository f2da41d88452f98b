"""What the description of the API tells besides routes and schemas: words and examples."""

from typing import Any

from app.web.errors import TITLES

Json = dict[str, Any]

ABOUT = """\
Tag spans of news articles as claims, figures and attributions, link what corroborates or
contradicts each other within and across articles, review, and export.

- **Offsets** count Unicode code points, `end` is exclusive; send `unit` to count otherwise.
- **Errors** are problem documents (RFC 9457). Decide by `status` and `code`; show `detail`.
  [All codes](/docs/problems).
- **Lists** are pages: follow `next`, or the `Link` with `rel="next"`, until it is null.
- **Changing one thing** needs `If-Match` with the `ETag` last read: 428 without it, 412 where
  somebody was faster, with what stands now under `current`.
- **Creating** may carry an `Idempotency-Key`, so that a request can be repeated safely.
- **Merge patches** (RFC 7396) name what changes; null takes away. A change that changes nothing
  makes no new version.
- **What you may not see** answers 404. Unknown members and parameters answer 422."""

SECURITY: Json = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token from `POST /auth/login`, good for minutes, or a personal "
        "token from `POST /me/tokens`, for scripts and with scopes.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "access_token_cookie",
        "description": "Set by `POST /auth/login` with `transport: cookie`. Whatever is not read "
        "only needs the value of the cookie `csrf_access_token` in the header `X-CSRF-TOKEN`.",
    },
    "refresh": {
        "type": "http",
        "scheme": "bearer",
        "description": "A refresh token, good for one exchange; a second one ends the session.",
    },
    "refresh_cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "refresh_token_cookie",
        "description": "The same as a cookie, with the value of the cookie `csrf_refresh_token` "
        "in the header `X-CSRF-TOKEN`.",
    },
}

PATH: dict[str, str] = {
    "project": "An id or a slug.",
    "format": "One of the formats that `/formats` says are written.",
    "number": "Which text of the article, counted from 1.",
    "name": "A file's name.",
}
"""Parameters of paths, besides those that are ids."""

_EXAMPLES: dict[int, tuple[str, str, Json]] = {
    400: ("malformed_json", "The body is not JSON: expected a value at byte 12.", {}),
    401: ("token_expired", "The token has expired.", {}),
    403: ("forbidden", "To edit you must be annotator and author or reviewer.", {}),
    404: ("not_found", "No such annotation.", {}),
    405: ("method_not_allowed", "The method is not allowed for the requested URL.", {}),
    406: ("not_acceptable", "This comes as application/ld+json.", {}),
    409: (
        "already_linked",
        "You have linked this pair already; a link counts in both directions.",
        {"link": "01981d2c-7f00-7000-8000-00000000000c"},
    ),
    410: ("cursor_lost", "The feed does not know this cursor any more.", {}),
    411: ("length_required", "Send a Content-Length, or compress the body with gzip.", {}),
    412: ("stale", "Someone changed this first.", {"current": {"version": 3}}),
    413: ("too_large", "A body has at most 8388608 bytes (MAX_BODY_BYTES).", {}),
    415: ("unsupported_media_type", "Send application/json.", {}),
    422: (
        "quote_mismatch",
        "The quote is not what stands there.",
        {
            "errors": [
                {
                    "pointer": "/target/exact",
                    "code": "quote_mismatch",
                    "detail": "The quote is not what stands there.",
                }
            ]
        },
    ),
    428: ("precondition_required", "Send If-Match with the ETag you last read.", {}),
    429: ("throttled", "Too many passwords were tried. Wait 30 seconds.", {"retry_after": 30}),
    500: ("internal", "Something went wrong on our side; it was logged.", {}),
    501: ("not_installed", "Install the extra: pip install 'factmark[parquet]'", {}),
    503: ("unavailable", "The database is busy or away. Try again.", {}),
}

_WAIT = {"schema": {"type": "integer"}, "description": "Seconds to wait before trying again."}
_HEADERS: dict[int, Json] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": _WAIT},
    503: {"Retry-After": _WAIT},
}

PROBLEM: Json = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457). Some codes bring members of their own.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Where the code is explained.",
        },
        "title": {"type": "string", "description": "What the status means here."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people: what to do."},
        "code": {"type": "string", "description": "A stable word for programs."},
        "request_id": {
            "type": ["string", "null"],
            "description": "Quote it when you ask for help; the log has it too.",
        },
        "errors": {
            "type": "array",
            "description": "Every fault found in what was sent.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "format": "json-pointer",
                        "description": "Where in the body, or which parameter.",
                    },
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "current": {"description": "With 412: what stands now."},
    },
}


def refusal(status: int) -> Json:
    """A shared answer: what the status means, with an example of its problem document."""
    code, detail, more = _EXAMPLES[status]
    example: Json = {
        "type": f"/docs/problems#{code}",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": "4c1f0f6e9b1d4f0f",
        **more,
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema, "example": example}}
    headers = {"headers": _HEADERS[status]} if status in _HEADERS else {}
    return {"description": TITLES[status], **headers, "content": content}
