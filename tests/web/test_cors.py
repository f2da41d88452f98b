"""Other origins may call from a browser if they are on the list, and no others."""

from collections.abc import Callable

import pytest

from app.web.application import Application
from tests.factories.teams import Team
from tests.support.api import Api

FRIEND, STRANGER = "https://front.example.org", "https://elsewhere.example.org"


@pytest.fixture
def open_app(make_app: Callable[..., Application]) -> Api:
    return Api(make_app(cors_origins=(FRIEND, "http://localhost:5173")))


def _preflight(api: Api, origin: str, method: str = "PATCH") -> dict[str, str]:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    answer = api.call("OPTIONS", "/projects/some", headers=asked)
    return {name: value for name, value in answer.headers if "Access-Control" in name}


def test_a_friend_may_ask_before_calling(open_app: Api) -> None:
    told = _preflight(open_app, FRIEND)
    assert told["Access-Control-Allow-Origin"] == FRIEND
    assert told["Access-Control-Allow-Credentials"] == "true"
    assert {"GET", "PATCH", "DELETE"} <= set(told["Access-Control-Allow-Methods"].split(", "))
    allowed = told["Access-Control-Allow-Headers"].split(", ")
    assert {"Authorization", "If-Match", "Idempotency-Key", "X-CSRF-TOKEN"} <= set(allowed)


def test_a_friend_may_read_answers_and_refusals(open_app: Api, team: Team) -> None:
    for path, status in (("/me", 200), ("/nowhere", 404)):
        answer = open_app.as_(team.viewer).get(path, headers={"Origin": FRIEND})
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
        exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
        assert {"ETag", "Link", "Retry-After", "X-Request-ID"} <= set(exposed)
        assert {"Origin", "Authorization", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("origin", [STRANGER, "null", f"{FRIEND}.evil.example", FRIEND.upper(), ""])
def test_a_stranger_is_told_nothing(open_app: Api, team: Team, origin: str) -> None:
    assert _preflight(open_app, origin) == {}
    answer = open_app.as_(team.viewer).get("/me", headers={"Origin": origin})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    assert "Origin" in answer.headers["Vary"]  # or a cache would hand it to a friend


def test_without_a_list_there_are_no_friends(api: Api, team: Team) -> None:
    assert _preflight(api, FRIEND) == {}
    answer = api.as_(team.viewer).get("/me", headers={"Origin": FRIEND})
    assert "Access-Control-Allow-Origin" not in answer.headers
