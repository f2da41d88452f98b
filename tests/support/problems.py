"""What every refusal looks like."""

from typing import Any

from app.kernel.errors import Refused
from app.kernel.ids import is_id


def assert_problem(answer: Any, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem document, after checking that it is one, with this status and word."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert document["type"] == f"/docs/problems#{document['code']}"
    assert document["request_id"] == answer.headers["X-Request-ID"]
    assert is_id(document["request_id"])
    if code is not None:
        assert document["code"] == code, document
    return document


def pointers(document: dict[str, Any]) -> dict[str, str]:
    """Which word was said of which place of the body."""
    return {error["pointer"]: error["code"] for error in document.get("errors", [])}


def pointers_of(refusal: Refused) -> dict[str, str]:
    """The same of a refusal that did not reach the web yet."""
    return pointers({"errors": refusal.errors})
