"""Sessions: tokens that replace each other, and what ends them all at once."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import select, update

from app.accounts import passwords
from app.accounts.models import SignIn
from app.kernel.db import unit_of_work
from app.kernel.ids import new_id
from app.web.application import Application
from tests.factories.accounts import PASSWORD, Person, add_token, add_user, sign_in
from tests.support.api import Answer, Api
from tests.support.apps import SECRET_KEY
from tests.support.problems import assert_problem, pointers
from tests.support.stopped_clock import StoppedClock
from tests.support.together import at_once


def _refresh(api: Api, token: str) -> Answer:
    return api.as_(token).post("/auth/refresh")


def _is_good(api: Api, token: str) -> bool:
    return api.as_(token).get("/me").status_code == 200


def test_a_refresh_token_is_replaced_by_a_new_pair(api: Api, viewer: Person) -> None:
    fresh = _refresh(api, viewer.refresh_token)
    assert fresh.status_code == 200
    assert fresh.headers["Cache-Control"] == "no-store"
    assert fresh.json["refresh_token"] != viewer.refresh_token
    assert _is_good(api, fresh.json["access_token"])
    assert _refresh(api, fresh.json["refresh_token"]).status_code == 200


def test_a_refresh_token_used_twice_ends_its_whole_family(
    api: Api, viewer: Person, manager: Person
) -> None:
    fresh = _refresh(api, viewer.refresh_token).json
    assert_problem(_refresh(api, viewer.refresh_token), 401, "refresh_reused")
    assert not _is_good(api, fresh["access_token"])
    assert not _is_good(api, viewer.token)
    assert_problem(_refresh(api, fresh["refresh_token"]), 401, "refresh_reused")
    assert _is_good(api, manager.token)


def test_one_refresh_token_used_twice_at_the_same_moment(api: Api, viewer: Person) -> None:
    answers = at_once(*[lambda: _refresh(api, viewer.refresh_token)] * 2)
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.status_code == 200
    assert_problem(lost, 401, "refresh_reused")
    assert not _is_good(api, won.json["access_token"])
    assert_problem(_refresh(api, won.json["refresh_token"]), 401)


def test_other_sessions_of_the_same_person_stay(api: Api, app: Application) -> None:
    with unit_of_work(app.database):
        user = add_user()
        one, other = sign_in(app, user), sign_in(app, user)
    _refresh(api, one.refresh_token)
    _refresh(api, one.refresh_token)
    assert not _is_good(api, one.token)
    assert _is_good(api, other.token)


@pytest.mark.parametrize("kind", ["token", "refresh_token"])
def test_signing_out_ends_the_session_by_either_token(api: Api, viewer: Person, kind: str) -> None:
    assert api.as_(getattr(viewer, kind)).post("/auth/logout").status_code == 204
    assert not _is_good(api, viewer.token)
    assert_problem(_refresh(api, viewer.refresh_token), 401)
    assert api.as_(viewer.token).post("/auth/logout").status_code == 204


def test_a_session_ends_by_its_own_time(api: Api, app: Application, viewer: Person) -> None:
    with unit_of_work(app.database) as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(
            update(SignIn).where(SignIn.id == viewer.sign_in_id).values(expires_at=past)
        )
    assert_problem(api.as_(viewer.token).get("/me"), 401, "revoked")
    assert_problem(_refresh(api, viewer.refresh_token), 401)


def test_an_access_token_expires(
    api: Api, app: Application, viewer: Person, clock: StoppedClock
) -> None:
    assert _is_good(api, viewer.token)
    clock.forward(minutes=app.config["ACCESS_TOKEN_MINUTES"] + 1)
    assert_problem(api.as_(viewer.token).get("/me"), 401, "token_expired")
    assert _refresh(api, viewer.refresh_token).status_code == 200


def test_disabling_someone_cuts_every_token_off_at_once(
    api: Api, app: Application, viewer: Person, admin: Person
) -> None:
    with unit_of_work(app.database):
        script = add_token(viewer, "read", "write")
    assert _is_good(api, viewer.token)
    assert _is_good(api, script)
    answer = api.as_(admin).patch(f"/users/{viewer.id}", {"disabled": True}, if_match="*")
    assert answer.json["disabled"] is True
    assert_problem(api.as_(viewer.token).get("/me"), 401, "revoked")
    assert_problem(api.as_(viewer.token).get("/projects/anything"), 401, "revoked")
    assert_problem(api.as_(script).get("/me"), 401, "revoked")
    assert_problem(_refresh(api, viewer.refresh_token), 401)
    enabled = api.as_(admin).patch(f"/users/{viewer.id}", {"disabled": False}, if_match="*")
    assert enabled.json["disabled"] is False
    assert not _is_good(api, viewer.token)  # a session once ended stays so


def test_a_new_password_needs_the_old_one(api: Api, viewer: Person) -> None:
    caller = api.as_(viewer)
    for given in ({}, {"current_password": "wrong"}):
        body = {"password": "another password", **given}
        document = assert_problem(caller.patch("/me", body, if_match="*"), 422, "wrong_password")
        assert pointers(document) == {"/current_password": "wrong_password"}
    assert_problem(caller.patch("/me", {"password": "short"}, if_match="*"), 422, "length")


def test_a_new_password_ends_the_other_sessions(api: Api, app: Application) -> None:
    with unit_of_work(app.database):
        user = add_user()
        here, elsewhere = sign_in(app, user), sign_in(app, user)
    body = {"password": "another password", "current_password": PASSWORD}
    assert api.as_(here).patch("/me", body, if_match="*").status_code == 200
    assert _is_good(api, here.token)
    assert _refresh(api, here.refresh_token).status_code == 200
    assert not _is_good(api, elsewhere.token)
    assert_problem(_refresh(api, elsewhere.refresh_token), 401)
    for password, status in ((PASSWORD, 401), ("another password", 200)):
        login = {"email": user.email, "password": password}
        assert api.post("/auth/login", login).status_code == status


@pytest.mark.parametrize("how", ["by oneself", "by an administrator", "by disabling"])
def test_who_signs_in_while_the_password_changes_is_not_left_signed_in(
    api: Api, app: Application, admin: Person, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    with unit_of_work(app.database):
        user = add_user()
        mine = sign_in(app, user)
    verify = passwords.verify
    new = {"password": "another one entirely"}

    def change() -> Answer:
        if how == "by oneself":
            mended = {**new, "current_password": PASSWORD}
            return api.as_(mine).patch("/me", mended, if_match="*")
        change = new if how == "by an administrator" else {"disabled": True}
        return api.as_(admin).patch(f"/users/{user.id}", change, if_match="*")

    def verify_late(password: str, kept: str | None) -> bool:
        good = verify(password, kept)
        monkeypatch.setattr(passwords, "verify", verify)
        assert change().status_code == 200
        return good

    monkeypatch.setattr(passwords, "verify", verify_late)
    late = api.post("/auth/login", {"email": user.email, "password": PASSWORD})
    assert_problem(late, 401, "bad_credentials")


def test_the_end_of_a_session_is_forgotten_with_the_next(
    api: Api, app: Application, viewer: Person, clock: StoppedClock
) -> None:
    clock.forward(days=app.config["REFRESH_TOKEN_DAYS"] + 1)
    api.post("/auth/login", {"email": viewer.email, "password": PASSWORD})
    with unit_of_work(app.database) as session:
        ids = session.scalars(select(SignIn.id).where(SignIn.user_id == viewer.id)).all()
    assert len(ids) == 1
    assert viewer.sign_in_id not in ids


def test_an_administrators_reset_ends_every_session(
    api: Api, viewer: Person, admin: Person
) -> None:
    path = f"/users/{viewer.id}"
    answer = api.as_(admin).patch(path, {"password": "set by the office"}, if_match="*")
    assert answer.status_code == 200
    assert not _is_good(api, viewer.token)


def _claims(person: Person, **other: Any) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(person.token, options={"verify_signature": False})
    return {**claims, **other}


def _without_signature(claims: dict[str, Any], algorithm: str) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}."


FORGED: dict[str, Callable[[Person], str]] = {
    "another key": lambda who: jwt.encode(_claims(who), "x" * 40, "HS256"),
    "another algorithm": lambda who: jwt.encode(_claims(who), SECRET_KEY * 2, "HS512"),
    "no signature": lambda who: _without_signature(_claims(who), "none"),
    "no signature, spelt otherwise": lambda who: _without_signature(_claims(who), "nOnE"),
    "signature cut off": lambda who: _without_signature(_claims(who), "HS256"),
    "another issuer": lambda who: jwt.encode(_claims(who, iss="other"), SECRET_KEY, "HS256"),
    "another audience": lambda who: jwt.encode(_claims(who, aud="other"), SECRET_KEY, "HS256"),
    "no session": lambda who: jwt.encode(_claims(who, sid=None), SECRET_KEY, "HS256"),
    "a session that is no id": lambda who: jwt.encode(_claims(who, sid="x"), SECRET_KEY, "HS256"),
    "one bit changed": lambda who: who.token[:-2] + ("A" if who.token[-2] != "A" else "B") + "A",
    "not a token": lambda _: "abc",
    "not ASCII": lambda _: "é.é.é",
    "too many parts": lambda who: who.token + ".x",
    "an unknown personal token": lambda _: "fmk_" + "x" * 43,
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_is_nobody(api: Api, viewer: Person, how: str) -> None:
    token = FORGED[how](viewer)
    assert_problem(api.as_(token).get("/me"), 401)
    assert_problem(api.as_(token).get("/projects/some"), 401)
    assert_problem(api.as_(token).post("/auth/refresh"), 401)


def test_a_forged_session_of_nobody_is_nobody(api: Api, viewer: Person) -> None:
    token = jwt.encode(_claims(viewer, sid=new_id()), SECRET_KEY, "HS256")
    assert_problem(api.as_(token).get("/me"), 401, "revoked")


def test_an_expired_token_is_told_so(api: Api, viewer: Person) -> None:
    token = jwt.encode(_claims(viewer, exp=1_000_000_000), SECRET_KEY, "HS256")
    assert_problem(api.as_(token).get("/me"), 401, "token_expired")


def test_tokens_are_good_for_their_own_purpose_only(api: Api, viewer: Person) -> None:
    assert_problem(api.as_(viewer.refresh_token).get("/me"), 401, "wrong_token_type")
    assert_problem(_refresh(api, viewer.token), 401, "wrong_token_type")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Token abc", "Basic eDp5", "abc"])
def test_a_header_without_a_bearer_token_is_refused(api: Api, header: str) -> None:
    assert_problem(api.get("/me", headers={"Authorization": header}), 401, "bad_token")


def test_asking_whether_a_session_stands_costs_no_statement_of_its_own(
    api: Api, viewer: Person, statements: Callable[[], Any]
) -> None:
    with statements() as seen:
        api.as_(viewer).get("/me")
    assert len(seen) == 2  # who is it; their profile
    assert "sign_ins" in seen[0]
    with statements() as seen:
        api.as_(viewer.refresh_token).get("/me")
    assert seen == []
