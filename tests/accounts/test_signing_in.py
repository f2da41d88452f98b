"""Signing in tells nothing about who exists, and guessing is slowed."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app.accounts import passwords, throttle
from app.accounts.models import SignInCount
from app.kernel.db import reading, unit_of_work
from app.web.application import Application
from tests.factories.accounts import PASSWORD, Person, add_user
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem
from tests.support.statements import count_statements
from tests.support.stopped_clock import StoppedClock
from tests.support.together import at_once


def _login(api: Api, email: str, password: str = PASSWORD, **more: Any) -> Answer:
    return api.post("/auth/login", {"email": email, "password": password}, **more)


def test_signing_in_gives_a_pair_of_tokens(api: Api, app: Application, viewer: Person) -> None:
    answer = _login(api, viewer.email)
    assert answer.status_code == 200
    assert answer.json.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == app.config["ACCESS_TOKEN_MINUTES"] * 60
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert api.as_(answer.json["access_token"]).get("/me").json["id"] == viewer.id


@pytest.mark.parametrize("email", ["Mixed.Case@Example.org", "ÜBER@exämple.org", "İ@example.org"])
def test_an_address_is_found_however_it_was_typed(api: Api, app: Application, email: str) -> None:
    here = email.replace("@", f"-{uuid4().hex}@")
    with unit_of_work(app.database):
        add_user(email=here)
    assert _login(api, here).status_code == 200
    ascii_only = "".join(c.swapcase() if c.isascii() else c for c in here)
    assert _login(api, ascii_only).status_code == 200


class Counting(PasswordHasher):
    """Counts how often a password is compared with a hash."""

    def __init__(self) -> None:
        super().__init__(time_cost=2, memory_cost=8, parallelism=1)
        self.compared: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002 - its name
        self.compared.append(str(hash)[:40])
        return super().verify(hash, password)


@pytest.fixture
def compared(app: Application, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cost of every comparison made in the test: algorithm and parameters."""
    counting = Counting()
    monkeypatch.setattr(passwords, "_hasher", lambda: counting)
    return counting.compared


def test_whatever_is_wrong_the_answer_and_its_cost_are_the_same(
    api: Api, app: Application, admin: Person, compared: list[str]
) -> None:
    with unit_of_work(app.database):
        known, gone = add_user(), add_user()
    assert (
        api.as_(admin).patch(f"/users/{gone.id}", {"disabled": True}, if_match="*").json["disabled"]
    )
    compared.clear()
    wrong = [
        _login(api, known.email, "not the password"),
        _login(api, f"{uuid4().hex}@example.org"),
        _login(api, gone.email),
        _login(api, gone.email, "not the password"),
        _login(api, "no address at all"),
    ]
    documents = [assert_problem(answer, 401, "bad_credentials") for answer in wrong]
    told = [{**document, "request_id": None} for document in documents]
    assert all(document == told[0] for document in told)
    headers = [{name for name, _ in answer.headers} for answer in wrong]
    assert all(names == headers[0] for names in headers)
    assert len(compared) == len(wrong)
    assert len({parameters.rpartition("$")[0] for parameters in compared}) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "a@b", "password": 7},
        {"email": None, "password": "x"},
        {"email": "a@b", "password": "x" * 1001},
        {"email": "a@b", "password": "x", "transport": "pigeon"},
        {"email": "a@b", "password": "x", "remember": True},
    ],
)
def test_a_bad_sign_in_is_refused_before_anything_is_compared(
    api: Api, compared: list[str], body: dict[str, Any]
) -> None:
    assert_problem(api.post("/auth/login", body), 422)
    assert compared == []


@pytest.fixture
def strict(make_app: Callable[..., Application]) -> Application:
    return make_app(sign_in_attempts=3, sign_in_window_seconds=60)


def _address() -> str:
    return f"2001:db8::{uuid4().hex[:4]}:{uuid4().hex[:4]}"


def test_guessing_at_one_address_is_slowed_from_anywhere(
    strict: Application, viewer: Person, clock: StoppedClock
) -> None:
    api = Api(strict)
    for _ in range(3):
        assert_problem(_login(api, viewer.email, "guess", address=_address()), 401)
    refused = _login(api, viewer.email, address=_address())  # the right one, too late
    assert_problem(refused, 429, "throttled")
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["RateLimit-Policy"] == '"sign-in";q=3;w=60'
    assert refused.headers["RateLimit"].startswith('"sign-in";r=0;t=')
    assert_problem(_login(api, viewer.email.upper(), address=_address()), 429)
    clock.forward(seconds=61)
    assert _login(api, viewer.email, address=_address()).status_code == 200


def test_guessing_from_one_place_is_slowed_whoever_is_guessed_at(
    strict: Application, viewer: Person
) -> None:
    api, here = Api(strict), _address()
    for _ in range(3 * throttle.ADDRESS_ALLOWANCE):
        assert_problem(_login(api, f"{uuid4().hex}@example.org", address=here), 401)
    assert_problem(_login(api, viewer.email, address=here), 429)
    assert _login(api, viewer.email, address=_address()).status_code == 200


def test_a_forgotten_password_does_not_lock_its_newsroom_out(
    strict: Application, viewer: Person, manager: Person
) -> None:
    api, here = Api(strict), _address()
    for _ in range(3 * throttle.ADDRESS_ALLOWANCE + 5):
        _login(api, viewer.email, "guess", address=here)
    assert _login(api, manager.email, address=here).status_code == 200


def test_guessing_with_somebodys_open_session_is_slowed_too(
    strict: Application, viewer: Person, clock: StoppedClock
) -> None:
    mine = Api(strict).as_(viewer)
    change = {"password": "the thief's own", "current_password": "guess"}
    for _ in range(3):
        assert_problem(mine.patch("/me", change, if_match="*"), 422, "wrong_password")
    change["current_password"] = PASSWORD
    assert_problem(mine.patch("/me", change, if_match="*"), 429, "throttled")
    assert mine.patch("/me", {"name": "V."}, if_match="*").status_code == 200
    clock.forward(seconds=61)
    for _ in range(4):
        assert mine.patch("/me", change, if_match="*").status_code == 200
        change = {"password": PASSWORD, "current_password": change["password"]}


def _counted(app: Application) -> set[str]:
    with reading(app.database) as session:
        return set(session.scalars(select(SignInCount.key)))


def test_who_is_past_a_limit_leaves_nothing_behind(strict: Application, viewer: Person) -> None:
    api, here = Api(strict), _address()
    for _ in range(3 * throttle.ADDRESS_ALLOWANCE):
        _login(api, f"{uuid4().hex}@example.org", address=here)
    before = _counted(strict)
    for _ in range(4):
        assert_problem(_login(api, viewer.email, "guess", address=here), 429)
    assert _counted(strict) == before
    assert _login(api, viewer.email, address=_address()).status_code == 200  # nor locks others out


def test_counts_are_forgotten_when_their_time_is_over(
    strict: Application, clock: StoppedClock
) -> None:
    api, guessed = Api(strict), [f"{uuid4().hex}@example.org" for _ in range(3)]
    for email in guessed:
        assert_problem(_login(api, email, address=_address()), 401)
    keys = {f"email {email}" for email in guessed}
    assert keys <= _counted(strict)
    clock.forward(seconds=61)
    while keys & _counted(strict):  # a hundred each time, and other tests left some too
        before = len(_counted(strict))
        assert_problem(_login(api, f"{uuid4().hex}@example.org", address=_address()), 401)
        assert len(_counted(strict)) < before + 2


def test_nothing_is_swept_where_no_new_count_begins(
    strict: Application, viewer: Person, clock: StoppedClock
) -> None:
    here = _address()
    for swept in (2, 0):
        with count_statements(strict.database) as seen:
            assert _login(Api(strict), viewer.email, address=here).status_code == 200
        assert sum("DELETE FROM sign_in_counts" in statement for statement in seen) == swept
        clock.forward(seconds=1)


def test_who_signs_in_rightly_is_never_slowed(strict: Application, viewer: Person) -> None:
    for _ in range(8):
        assert _login(Api(strict), viewer.email, address=_address()).status_code == 200


def test_guesses_at_the_same_moment_all_count(strict: Application, viewer: Person) -> None:
    answers = at_once(*[lambda: _login(Api(strict), viewer.email, "guess", address=_address())] * 6)
    assert sorted(answer.status_code for answer in answers) == [401] * 3 + [429] * 3


def test_a_long_address_in_any_script_is_only_wrong(api: Api) -> None:
    assert_problem(_login(api, "İ" * 320), 401, "bad_credentials")
    assert_problem(_login(api, "x" * 321), 422)
