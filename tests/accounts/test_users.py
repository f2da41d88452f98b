"""Profiles, and what administrators do with people."""

from typing import Any
from uuid import uuid4

import pytest

from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.factories.accounts import PASSWORD, Person, add_person
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once


def _new(**other: Any) -> dict[str, Any]:
    return {"email": f"{uuid4().hex}@example.org", "name": "New", "password": PASSWORD, **other}


def test_an_administrator_adds_people_who_can_sign_in(api: Api, admin: Person) -> None:
    body = _new()
    made = api.as_(admin).post("/users", body)
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1/users/{made.json['id']}"
    assert made.json.keys() == {
        "id",
        "email",
        "name",
        "is_admin",
        "disabled",
        "version",
        "created_at",
        "updated_at",
    }
    assert (made.json["is_admin"], made.json["disabled"]) == (False, False)
    read = api.as_(admin).get(f"/users/{made.json['id']}")
    assert read.json == made.json
    assert read.headers["ETag"] == made.headers["ETag"]
    login = {"email": body["email"].upper(), "password": PASSWORD}
    assert api.post("/auth/login", login).status_code == 200


def test_an_address_is_taken_once_however_it_is_typed(api: Api, admin: Person) -> None:
    body = _new()
    assert api.as_(admin).post("/users", body).status_code == 201
    twin = _new(email=body["email"].upper())
    assert_problem(api.as_(admin).post("/users", twin), 409, "email_taken")


def test_an_address_is_taken_once_at_the_same_moment(api: Api, admin: Person) -> None:
    body = _new()
    answers = at_once(*[lambda: api.as_(admin).post("/users", body)] * 3)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


@pytest.mark.parametrize(
    ("other", "place", "code"),
    [
        ({"email": "nobody"}, "/email", "not_an_email"),
        ({"email": "a b@c"}, "/email", "not_an_email"),
        ({"email": "a@b\n"}, "/email", "not_an_email"),
        ({"email": "x" * 65 + "@c"}, "/email", "not_an_email"),
        ({"email": 7}, "/email", "not_an_email"),
        ({"name": "x" * 201}, "/name", "length"),
        ({"password": "seven77"}, "/password", "length"),
        ({"password": "x" * 1001}, "/password", "length"),
        ({"is_admin": "yes"}, "/is_admin", "not_a_boolean"),
        ({"disabled": True}, "/disabled", "unknown_field"),
    ],
)
def test_bad_people_are_not_added(
    api: Api, admin: Person, other: dict[str, Any], place: str, code: str
) -> None:
    document = assert_problem(api.as_(admin).post("/users", _new(**other)), 422)
    assert pointers(document) == {place: code}


def test_a_password_may_hold_anything_that_can_be_typed(api: Api, admin: Person) -> None:
    body = _new(password="pässwörd 密码 🔑")
    assert api.as_(admin).post("/users", body).status_code == 201
    login = {"email": body["email"], "password": body["password"]}
    assert api.post("/auth/login", login).status_code == 200


def test_one_person_is_found_by_exact_address(api: Api, viewer: Person, manager: Person) -> None:
    found = api.as_(viewer).get("/users", query={"email": manager.email.upper()}).json
    assert [item["id"] for item in found["items"]] == [manager.id]
    part = api.as_(viewer).get("/users", query={"email": manager.email[:-1]}).json
    assert part == {"items": [], "next": None}


def test_a_profile_is_ones_own_to_change(api: Api, viewer: Person) -> None:
    before = api.as_(viewer).get("/me")
    after = api.as_(viewer).patch("/me", {"name": "Renamed"}, if_match=before)
    assert after.json["name"] == "Renamed"
    assert after.json["version"] == before.json["version"] + 1
    document = assert_problem(
        api.as_(viewer).patch("/me", {"name": "Again"}, if_match=before), 412, "stale"
    )
    assert document["current"] == after.json
    for field in ("email", "is_admin", "disabled", "id"):
        refused = api.as_(viewer).patch("/me", {field: True}, if_match="*")
        assert pointers(assert_problem(refused, 422)) == {f"/{field}": "unknown_field"}


def test_an_administrator_promotes_and_demotes(api: Api, admin: Person, viewer: Person) -> None:
    path = f"/users/{viewer.id}"
    assert api.as_(admin).patch(path, {"is_admin": True}, if_match="*").json["is_admin"]
    assert api.as_(viewer).get("/users").status_code == 200
    assert api.as_(viewer).patch(path, {"is_admin": False}, if_match="*").status_code == 200
    assert_problem(api.as_(viewer).get("/users"), 403)


@pytest.fixture
def alone(make_app: Any) -> tuple[Api, Person, Application]:
    """A server with one administrator and nobody else."""
    app = make_app(fresh=True)
    with unit_of_work(app.database):
        chief = add_person(app, "Chief", is_admin=True)
    return Api(app).as_(chief), chief, app


def test_the_last_administrator_stays_one(alone: tuple[Api, Person, Application]) -> None:
    api, chief, app = alone
    path = f"/users/{chief.id}"
    for change in ({"is_admin": False}, {"disabled": True}, {"is_admin": False, "name": "x"}):
        assert_problem(api.patch(path, change, if_match="*"), 409, "last_administrator")
    assert api.patch(path, {"name": "Still chief"}, if_match="*").status_code == 200
    with unit_of_work(app.database):
        second = add_person(app, is_admin=True)
    assert api.patch(f"/users/{second.id}", {"disabled": True}, if_match="*").status_code == 200
    assert_problem(api.patch(path, {"is_admin": False}, if_match="*"), 409, "last_administrator")


def test_two_administrators_cannot_leave_at_the_same_moment(
    alone: tuple[Api, Person, Application],
) -> None:
    """One leaves, or both are told to try again; there is always one."""
    api, chief, app = alone
    with unit_of_work(app.database):
        second = add_person(app, is_admin=True)

    def change(person: Person, is_admin: bool) -> Answer:
        path = f"/users/{person.id}"
        return api.as_(person).patch(path, {"is_admin": is_admin}, if_match="*")

    for _ in range(5):
        answers = at_once(lambda: change(chief, False), lambda: change(second, False))
        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) in ([200, 409], [409, 409])
        if 200 in statuses:
            gone, left = (chief, second) if statuses[0] == 200 else (second, chief)
            assert change(gone, True).status_code == 403
            path = f"/users/{gone.id}"
            again = api.as_(left).patch(path, {"is_admin": True}, if_match="*")
            assert again.status_code == 200
