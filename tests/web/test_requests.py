"""What every answer carries, and what is logged of it."""

import json
import logging

import pytest

from app.kernel.ids import is_id, new_id
from app.web.application import JsonLines
from tests.factories.accounts import PASSWORD, Person
from tests.support.api import Api
from tests.support.problems import assert_problem


def test_a_request_keeps_the_id_it_came_with(api: Api) -> None:
    given = new_id()
    for told in (given, given.upper()):
        answer = api.get("/nowhere", headers={"X-Request-ID": told})
        assert answer.headers["X-Request-ID"] == given
        assert assert_problem(answer, 404)["request_id"] == given


@pytest.mark.parametrize("given", ["", "7", "a" * 5000, "<script>", "not-a-uuid-not-a-uuid"])
def test_a_request_without_a_good_id_gets_one(api: Api, given: str) -> None:
    told = api.get("//healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert is_id(told)
    assert told != given


def test_answers_are_private_and_not_guessed_at(api: Api, viewer: Person) -> None:
    for answer in (api.as_(viewer).get("/me"), api.get("/nowhere"), api.delete("/me")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer.headers["Cache-Control"]
        assert "Authorization" in answer.headers["Vary"]


def test_a_log_line_is_json_and_holds_no_secret(api: Api, viewer: Person) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    logger, handler = logging.getLogger("factmark.access"), Keep()
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel("INFO")
    try:
        api.as_(viewer).get("/me", query={"secret": "in the query"})
        api.post("/auth/login", {"email": viewer.email, "password": PASSWORD})
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    first = json.loads(lines[0])
    assert (first["method"], first["path"], first["status"]) == ("GET", "/api/v1/me", 422)
    assert first["user"] == viewer.id
    assert is_id(first["request_id"])
    for secret in ("in the query", PASSWORD, viewer.token, viewer.email):
        assert all(secret not in line for line in lines)
