"""Personal tokens: shown once, kept hashed, good for what they were made for."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select

from app.accounts.models import PersonalToken
from app.kernel.clock import now, rfc3339
from app.kernel.db import Base, reading, unit_of_work
from app.web.application import Application
from tests.factories.accounts import Person, add_token
from tests.factories.projects import MadeProject
from tests.support.api import Api
from tests.support.problems import assert_problem, pointers
from tests.support.stopped_clock import StoppedClock

NEW: dict[str, Any] = {"name": "nightly import", "scopes": ["write", "read", "read"]}


def test_the_secret_is_shown_once(api: Api, viewer: Person) -> None:
    caller = api.as_(viewer)
    made = caller.post("/me/tokens", NEW)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    assert made.headers["Location"] == f"/api/v1/me/tokens/{made.json['id']}"
    secret = made.json["secret"]
    assert secret.startswith("fmk_")
    assert made.json["scopes"] == ["read", "write"]
    assert api.as_(secret).get("/me").json["id"] == viewer.id
    one = caller.get(f"/me/tokens/{made.json['id']}")
    listed = caller.get("/me/tokens").json["items"]
    assert one.json == listed[0] == {k: v for k, v in made.json.items() if k != "secret"}


@pytest.mark.parametrize("key", [None, "a key"])
def test_the_secret_is_kept_nowhere(
    api: Api, app: Application, viewer: Person, key: str | None
) -> None:
    """Not with an Idempotency-Key either, whose answers are kept for a while."""
    key = key and f"{viewer.id}"
    made, again = (api.as_(viewer).post("/me/tokens", NEW, key=key) for _ in range(2))
    secret = made.json["secret"]
    assert again.headers["Cache-Control"] == "no-store"
    assert (again.json == made.json) == (key is not None)
    with reading(app.database) as session:
        hashes = session.scalars(select(PersonalToken.secret_hash)).all()
        assert hashlib.sha256(secret.encode()).hexdigest() in hashes
        for table in Base.metadata.sorted_tables:
            if inspect(session.connection()).has_table(table.name):
                for row in session.execute(select(table)):
                    assert secret not in str(tuple(row)), table.name
    if key:
        again = api.as_(viewer).post("/me/tokens", NEW, key=key)
        assert again.json["secret"] == secret


def test_a_token_ends_when_it_is_revoked_or_expires(
    api: Api, viewer: Person, clock: StoppedClock
) -> None:
    caller = api.as_(viewer)
    soon = rfc3339(now() + timedelta(hours=1))
    first = caller.post("/me/tokens", {**NEW, "expires_at": soon}).json
    assert first["expires_at"] == soon
    second = caller.post("/me/tokens", {**NEW, "expires_at": None}).json
    gone = caller.delete(f"/me/tokens/{second['id']}", if_match="*")
    assert gone.status_code == 204
    assert_problem(api.as_(second["secret"]).get("/me"), 401, "revoked")
    assert_problem(caller.get(f"/me/tokens/{second['id']}"), 404)
    assert [item["id"] for item in caller.get("/me/tokens").json["items"]] == [first["id"]]
    assert api.as_(first["secret"]).get("/me").status_code == 200
    clock.forward(minutes=61)
    assert_problem(api.as_(first["secret"]).get("/me"), 401, "revoked")


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        ({"scopes": []}, "/scopes", "length"),
        ({"scopes": ["read", "everything"]}, "/scopes/1", "not_a_choice"),
        ({"scopes": "read"}, "/scopes", None),
        ({"name": ""}, "/name", "length"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "/expires_at", "in_the_past"),
        ({"expires_at": "tomorrow"}, "/expires_at", "not_a_time"),
        ({"expires_at": "2999-01-01"}, "/expires_at", "not_a_time"),
        ({"expires_at": "2999-01-01T00:00:00"}, "/expires_at", "not_a_time"),
        ({"expires_at": "9999-12-31T23:59:59-23:59"}, "/expires_at", "not_a_time"),
        ({"expires_at": 7}, "/expires_at", "not_a_time"),
    ],
)
def test_a_bad_token_is_not_made(
    api: Api, viewer: Person, body: dict[str, Any], place: str, code: str | None
) -> None:
    document = assert_problem(api.as_(viewer).post("/me/tokens", {**NEW, **body}), 422, code)
    assert list(pointers(document)) == [place]
    assert api.as_(viewer).get("/me/tokens").json["items"] == []


def test_a_token_reaches_as_far_as_its_scopes(
    api: Api, app: Application, manager: Person, project: MadeProject
) -> None:
    with unit_of_work(app.database):
        reads, writes = add_token(manager, "read"), add_token(manager, "write")
    assert api.as_(reads).get(project.path).status_code == 200
    document = assert_problem(
        api.as_(reads).patch(project.path, {"name": "New"}, if_match="*"), 403, "missing_scope"
    )
    assert document["needs"] == "write"
    assert_problem(api.as_(writes).get(project.path), 403, "missing_scope")
    assert api.as_(writes).patch(project.path, {"name": "New"}, if_match="*").status_code == 200
    assert_problem(api.as_(reads).get("/projects/none"), 404)


def test_the_scope_admin_is_for_administrators_and_for_accounts(
    api: Api, app: Application, admin: Person, viewer: Person
) -> None:
    assert_problem(api.as_(viewer).post("/me/tokens", {**NEW, "scopes": ["admin"]}), 403)
    with unit_of_work(app.database):
        writes, administers = add_token(admin, "read", "write"), add_token(admin, "admin")
    path = f"/users/{viewer.id}"
    rename = {"name": "Renamed"}
    assert_problem(api.as_(writes).patch(path, rename, if_match="*"), 403, "missing_scope")
    assert api.as_(administers).patch(path, rename, if_match="*").status_code == 200


def test_a_token_cannot_make_itself_greater(api: Api, app: Application, viewer: Person) -> None:
    """Neither by making another token nor by changing the password."""
    with unit_of_work(app.database):
        script = add_token(viewer, "read", "write", "export")
    wide = {"name": "wider", "scopes": ["read", "write", "export"]}
    assert_problem(api.as_(script).post("/me/tokens", wide), 403, "missing_scope")
    assert_problem(api.as_(script).patch("/me", {"name": "New"}, if_match="*"), 403)


def test_a_token_is_as_quick_as_a_session(
    api: Api,
    app: Application,
    viewer: Person,
    project: MadeProject,
    statements: Callable[[], Any],
) -> None:
    with unit_of_work(app.database):
        script = add_token(viewer, "read")
    with statements() as seen:
        api.as_(script).get(project.path)
    assert len(seen) == 2  # the door; the project
