"""Safe retries: the same key and body give the first answer, at whatever moment they come."""

from collections.abc import Callable
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from app.kernel.db import unit_of_work
from app.projects import service
from app.web import replays
from app.web.application import Application
from tests.factories.accounts import add_token
from tests.factories.teams import Team
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem
from tests.support.stopped_clock import StoppedClock
from tests.support.together import at_once


@pytest.fixture
def caller(api: Api, team: Team) -> Api:
    return api.as_(team.outsider)


def _body() -> dict[str, Any]:
    return {"slug": f"p-{uuid4().hex}", "name": "A project"}


def _count(caller: Api) -> int:
    return len(caller.get("/projects").json["items"])


def test_the_same_key_and_body_give_the_first_answer_again(caller: Api) -> None:
    body = _body()
    first = caller.post("/projects", body, key="k1")
    again = caller.post("/projects", body, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    for name in ("ETag", "Location", "Content-Type"):
        assert first.headers[name] == again.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert _count(caller) == 1


def test_the_same_key_with_another_body_is_refused(caller: Api) -> None:
    caller.post("/projects", _body(), key="k1")
    assert_problem(caller.post("/projects", _body(), key="k1"), 422, "key_reused")
    assert _count(caller) == 1


def test_another_key_is_another_request(caller: Api) -> None:
    body = _body()
    assert caller.post("/projects", body, key="k1").status_code == 201
    assert_problem(caller.post("/projects", body, key="k2"), 409, "slug_taken")


def test_a_key_is_its_callers_own(api: Api, team: Team) -> None:
    first, second = api.as_(team.outsider), api.as_(team.viewer)
    assert first.post("/projects", _body(), key="k1").status_code == 201
    answer = second.post("/projects", _body(), key="k1")
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers


def test_a_key_belongs_to_one_path(caller: Api) -> None:
    assert caller.post("/projects", _body(), key="k1").status_code == 201
    token = caller.post("/me/tokens", {"name": "t", "scopes": ["read"]}, key="k1")
    assert token.status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, "a\tb"])
def test_a_key_has_a_shape(caller: Api, key: str) -> None:
    assert_problem(caller.post("/projects", _body(), key=key), 400, "bad_key")
    assert _count(caller) == 0


def test_a_refused_request_releases_its_key(caller: Api) -> None:
    body = _body()
    assert_problem(caller.post("/projects", {**body, "name": ""}, key="k1"), 422, "length")
    assert_problem(caller.post("/projects", data=b"{", key="k1"), 400)
    assert caller.post("/projects", body, key="k1").status_code == 201
    assert_problem(caller.post("/projects", body, key="k2"), 409, "slug_taken")
    assert caller.post("/projects", _body(), key="k2").status_code == 201


def test_a_mistake_of_ours_releases_the_key(
    make_app: Callable[..., Application], team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one that shows only at the commit."""
    caller = Api(make_app()).as_(team.outsider)
    body = _body()

    def fail() -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("app.history.record._write", fail)
        assert_problem(caller.post("/projects", body, key="k1"), 500)
    assert caller.post("/projects", body, key="k1").status_code == 201


def test_a_replay_is_for_those_who_may_still_ask(api: Api, app: Application, team: Team) -> None:
    with unit_of_work(app.database):
        token = add_token(team.outsider, "read", "write")
    body = _body()
    assert api.as_(token).post("/projects", body, key="k1").status_code == 201
    owner = api.as_(team.outsider)
    (listed,) = owner.get("/me/tokens").json["items"]
    assert owner.delete(f"/me/tokens/{listed['id']}", if_match="*").status_code == 204
    assert_problem(api.as_(token).post("/projects", body, key="k1"), 401, "revoked")


def test_at_the_same_moment_the_work_is_done_once(caller: Api) -> None:
    body = _body()
    answers = at_once(*[lambda: caller.post("/projects", body, key="k1")] * 6)
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.data for answer in done}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in done) == 1
    for answer in answers:
        if answer.status_code != 201:
            assert_problem(answer, 409, "still_running")
            assert int(answer.headers["Retry-After"]) >= 1
    assert _count(caller) == 1


def test_while_the_first_runs_the_second_is_told_so(
    caller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first has written nothing but its key yet, so that on SQLite too the second may look."""
    inside, go_on, create = Event(), Event(), service.create

    def slow(*given: Any) -> Any:
        inside.set()
        assert go_on.wait(30)
        return create(*given)

    monkeypatch.setattr(service, "create", slow)
    body = _body()

    def first() -> Answer:
        return caller.post("/projects", body, key="k1")

    def second() -> Answer:
        assert inside.wait(30)
        try:
            return caller.post("/projects", body, key="k1")
        finally:
            go_on.set()

    done, other = at_once(first, second)
    assert done.status_code == 201
    assert_problem(other, 409, "still_running")
    assert caller.post("/projects", body, key="k1").data == done.data


def test_an_answer_is_kept_as_long_as_the_setting_says(
    api: Api, app: Application, team: Team, clock: StoppedClock
) -> None:
    with unit_of_work(app.database):
        caller = api.as_(add_token(team.outsider, "read", "write"))
    body, hours = _body(), app.config["IDEMPOTENCY_HOURS"]
    first = caller.post("/projects", body, key="k1")
    clock.forward(minutes=hours * 60 - 1)
    assert caller.post("/projects", body, key="k1").data == first.data
    clock.forward(minutes=2)
    assert_problem(caller.post("/projects", body, key="k1"), 409, "slug_taken")


def test_a_reservation_left_by_a_crash_lapses(
    caller: Api, monkeypatch: pytest.MonkeyPatch, clock: StoppedClock
) -> None:
    body = _body()
    with monkeypatch.context() as patch:
        patch.setattr(replays, "_release", lambda *_: None)
        assert_problem(caller.post("/projects", {**body, "name": ""}, key="k1"), 422)
    assert_problem(caller.post("/projects", {**body, "name": ""}, key="k1"), 409, "still_running")
    clock.forward(seconds=replays.RESERVED_FOR.total_seconds() + 1)
    assert caller.post("/projects", body, key="k1").status_code == 201


@pytest.mark.parametrize("ends_well", [True, False])
def test_who_outlives_a_reservation_leaves_the_next_one_alone(
    caller: Api, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch, ends_well: bool
) -> None:
    body = _body()
    create = service.create
    during: list[Answer] = []

    def slow(actor: Any, data: dict[str, Any]) -> Any:
        monkeypatch.setattr(service, "create", create)
        clock.forward(minutes=11)
        during.append(caller.post("/projects", body, key="k1"))
        return create(actor, {**data, "slug": _body()["slug"]} if ends_well else data)

    monkeypatch.setattr(service, "create", slow)
    first = caller.post("/projects", body, key="k1")
    assert first.status_code == (201 if ends_well else 409)
    assert during[0].status_code == 201
    again = caller.post("/projects", body, key="k1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == during[0].json
