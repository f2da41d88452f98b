"""Every change leaves a row in the transaction that makes it: who, when, before and after."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.queries import as_of, versions
from app.history.record import changed, record
from app.kernel.db import Database, reading, unit_of_work
from app.kernel.ids import new_id
from app.kernel.paging import PageAsk
from app.web.application import Application
from tests.factories.accounts import PASSWORD, Person, add_person
from tests.factories.teams import Team
from tests.support.api import Api
from tests.support.stopped_clock import StoppedClock
from tests.support.together import at_once


def _history(database: Database, thing_id: str) -> list[Any]:
    with reading(database):
        return versions(thing_id, PageAsk(limit=500)).items


def test_a_projects_life_is_told(
    api: Api, database: Database, team: Team, clock: StoppedClock
) -> None:
    boss = api.as_(team.manager)
    clock.forward(minutes=1)
    boss.patch(team.project.path, {"name": "Second", "settings": {"overlap": 3}}, if_match="*")
    clock.forward(minutes=1)
    boss.patch(team.project.path, {"name": "Third"}, if_match="*")
    first, second, third = _history(database, team.project.id)
    assert [row.action for row in (first, second, third)] == ["created", "edited", "edited"]
    assert [row.version for row in (first, second, third)] == [1, 2, 3]
    assert {row.actor_id for row in (first, second, third)} == {team.manager.id}
    assert {row.project_id for row in (first, second, third)} == {team.project.id}
    assert {row.thing for row in (first, second, third)} == {"project"}
    assert third.at == clock.moment
    assert first.before is None
    assert first.after["name"] == team.project.name
    assert second.before["name"] == team.project.name
    assert second.after["name"] == "Second"
    assert second.after["settings"]["overlap"] == 3
    assert third.before.keys() == third.after.keys() == {"name", "version", "updated_at"}


def test_a_members_life_is_told(api: Api, database: Database, team: Team) -> None:
    boss, path = api.as_(team.manager), f"{team.project.path}/members/{team.outsider.id}"
    boss.put(path, {"role": "viewer"})
    boss.put(path, {"role": "reviewer"})
    boss.delete(path, if_match="*")
    told = [
        (row.action, row.before, row.after)
        for row in _history(database, team.outsider.id)
        if row.thing == "member"
    ]
    assert told == [
        ("created", None, {"role": "viewer"}),
        ("edited", {"role": "viewer"}, {"role": "reviewer"}),
        ("deleted", {"role": "reviewer"}, None),
    ]


def test_no_secret_is_told(api: Api, database: Database, viewer: Person) -> None:
    change = {"password": "a new password", "current_password": PASSWORD}
    assert api.as_(viewer).patch("/me", change, if_match="*").status_code == 200
    told = str(_history(database, viewer.id))
    assert "argon2" not in told
    assert "password" not in told


def test_what_is_refused_or_rolled_back_is_not_told(
    api: Api, database: Database, team: Team
) -> None:
    boss = api.as_(team.manager)
    before = len(_history(database, team.project.id))
    assert boss.patch(team.project.path, {"name": ""}, if_match="*").status_code == 422
    assert boss.patch(team.project.path, {"name": "x"}, if_match='"9-9"').status_code == 412
    with suppress(ZeroDivisionError), unit_of_work(database):
        record(team.manager.actor, "edited", "project", _thing(team.project.id))
        raise ZeroDivisionError
    assert len(_history(database, team.project.id)) == before


class _thing:  # noqa: N801 - stands in for a row
    def __init__(self, id_: str, version: int = 1) -> None:
        self.id, self.version = id_, version


def test_all_rows_of_a_request_are_written_in_one_statement(
    app: Application, statements: Callable[[], Any], viewer: Person
) -> None:
    with statements() as seen, unit_of_work(app.database):
        for version in range(1, 6):
            record(
                viewer.actor, "edited", "thing", _thing(viewer.id, version), after={"n": version}
            )
        assert seen == []
    assert len(seen) == 1
    rows = [row for row in _history(app.database, viewer.id) if row.thing == "thing"]
    assert [row.after for row in rows] == [{"n": version} for version in range(1, 6)]


def test_an_earlier_version_is_rebuilt(api: Api, database: Database, team: Team) -> None:
    boss, stood = api.as_(team.manager), {}
    for name in ("One", "Two", "Three"):
        answer = boss.patch(team.project.path, {"name": name}, if_match="*")
        stood[answer.json["version"]] = answer.json
    with reading(database):
        for version, document in stood.items():
            assert as_of(team.project.id, version) == document
        assert as_of(team.project.id, 1)["name"] == team.project.name  # type: ignore[index]  # else the test fails as well
        assert as_of(team.project.id, 99) is None
        assert as_of(team.outsider.id, 99) is None


def test_the_order_of_rows_is_the_order_of_commits(app: Application) -> None:
    """Where writers overlap, whoever changes a thing later stands later in its history."""
    with unit_of_work(app.database):
        person = add_person(app)

    def edit() -> None:
        for _ in range(5):
            Api(app).as_(person).patch("/me", {"name": new_id()}, if_match="*")

    at_once(*[edit] * 4)
    rows = [row for row in _history(app.database, person.id) if row.thing == "user"]
    assert [row.version for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == 21
    assert all(row.tx == 0 for row in rows) == (app.database.dialect == "sqlite")


DOCUMENTS = st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers(0, 3) | st.text("x"))


@given(before=DOCUMENTS, after=DOCUMENTS)
def test_only_what_differs_is_kept(before: dict[str, Any], after: dict[str, Any]) -> None:
    was, is_now = changed(before, after)
    assert was.keys() == is_now.keys()
    for name in before.keys() | after.keys():
        differs = before.get(name) != after.get(name)
        assert (name in was) == differs
        if differs:
            assert (was[name], is_now[name]) == (before.get(name), after.get(name))


@pytest.mark.parametrize("other", [1.0, True])
def test_equal_in_python_is_not_always_equal_in_json(other: Any) -> None:
    """1 and 1.0 are one number in JSON; 1 and true are two values."""
    was, _ = changed({"n": 1}, {"n": other})
    assert (was == {}) == (other is not True)
