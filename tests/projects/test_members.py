"""Members and their roles; a project never loses its last manager."""

import pytest

from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.kernel.ids import new_id
from app.web.application import Application
from tests.factories.accounts import Person, add_person
from tests.factories.projects import add_member
from tests.factories.teams import Team
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once


@pytest.fixture
def boss(api: Api, manager: Person) -> Api:
    return api.as_(manager)


def _path(team: Team, person: Person) -> str:
    return f"{team.project.path}/members/{person.id}"


def _roles(api: Api, team: Team) -> dict[str, str]:
    items = api.as_(team.viewer).get(f"{team.project.path}/members").json["items"]
    return {item["user_id"]: item["role"] for item in items}


def test_a_membership_is_made_changed_and_ended(api: Api, boss: Api, team: Team) -> None:
    path = _path(team, team.outsider)
    assert_problem(boss.get(path), 404)
    made = boss.put(path, {"role": "annotator"})
    assert made.status_code == 200
    assert made.json["version"] == 1
    assert (made.json["name"], made.json["email"]) == (team.outsider.name, team.outsider.email)
    assert api.as_(team.outsider).get(team.project.path).json["role"] == "annotator"
    changed = boss.put(path, {"role": "reviewer"})
    assert (changed.json["role"], changed.json["version"]) == ("reviewer", 2)
    assert boss.get(path).json == changed.json
    assert_problem(boss.delete(path), 428)
    assert_problem(boss.delete(path, if_match=made), 412, "stale")
    assert boss.delete(path, if_match=changed).status_code == 204
    assert_problem(api.as_(team.outsider).get(team.project.path), 404)
    assert_problem(boss.delete(path, if_match="*"), 404)


def test_who_names_a_version_of_a_membership_changes_only_that(boss: Api, team: Team) -> None:
    path = _path(team, team.outsider)
    nobody = assert_problem(boss.put(path, {"role": "viewer"}, if_match="*"), 412, "stale")
    assert "current" not in nobody
    assert_problem(boss.get(path), 404)
    made = boss.put(path, {"role": "viewer"})
    changed = boss.put(path, {"role": "annotator"}, if_match=made)
    assert changed.status_code == 200
    outrun = assert_problem(boss.put(path, {"role": "manager"}, if_match=made), 412, "stale")
    assert outrun["current"] == changed.json == boss.get(path).json


def test_a_role_counts_from_the_next_request_on(api: Api, boss: Api, team: Team) -> None:
    caller, edit = api.as_(team.reviewer), {"name": "New"}
    assert_problem(caller.patch(team.project.path, edit, if_match="*"), 403)
    boss.put(_path(team, team.reviewer), {"role": "manager"})
    assert caller.patch(team.project.path, edit, if_match="*").status_code == 200
    boss.put(_path(team, team.reviewer), {"role": "viewer"})
    assert_problem(caller.patch(team.project.path, edit, if_match="*"), 403)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"role": "owner"}, "not_a_choice"),
        ({"role": 4}, "not_a_string"),
        ({"role": None}, "null"),
    ],
)
def test_a_role_is_one_of_four(boss: Api, team: Team, body: dict[str, object], code: str) -> None:
    document = assert_problem(boss.put(_path(team, team.outsider), body), 422)
    assert pointers(document) == {"/role": code}


def test_nobody_becomes_no_member(boss: Api, team: Team) -> None:
    path = f"{team.project.path}/members/{new_id()}"
    assert_problem(boss.put(path, {"role": "viewer"}), 404)


def test_the_last_manager_stays(boss: Api, team: Team) -> None:
    mine = _path(team, team.manager)
    assert_problem(boss.put(mine, {"role": "reviewer"}), 409, "last_manager")
    assert_problem(boss.delete(mine, if_match="*"), 409, "last_manager")
    assert boss.put(mine, {"role": "manager"}).status_code == 200
    assert boss.put(_path(team, team.reviewer), {"role": "manager"}).status_code == 200
    assert boss.put(mine, {"role": "viewer"}).status_code == 200


@pytest.mark.parametrize("how", ["step down", "leave", "one of each"])
def test_two_managers_cannot_go_at_the_same_moment(
    api: Api, app: Application, team: Team, how: str
) -> None:
    with unit_of_work(app.database):
        add_member(team.manager, team.project, team.reviewer, Role.manager)

    def step_down(person: Person) -> Answer:
        return api.as_(person).put(_path(team, person), {"role": "viewer"})

    def leave(person: Person) -> Answer:
        return api.as_(person).delete(_path(team, person), if_match="*")

    ways = {"step down": (step_down, step_down), "leave": (leave, leave)}
    first, second = ways.get(how, (step_down, leave))
    answers = at_once(lambda: first(team.manager), lambda: second(team.reviewer))
    refused = [answer for answer in answers if answer.status_code >= 400]
    assert len(refused) == 1
    assert_problem(refused[0], 409, "last_manager")
    assert list(_roles(api, team).values()).count("manager") == 1


def test_two_managers_cannot_put_each_other_out(api: Api, app: Application, team: Team) -> None:
    with unit_of_work(app.database):
        add_member(team.manager, team.project, team.reviewer, Role.manager)
    pairs = ((team.manager, team.reviewer), (team.reviewer, team.manager))
    at_once(
        *[
            lambda by=by, whom=whom: api.as_(by).put(_path(team, whom), {"role": "viewer"})
            for by, whom in pairs
        ]
    )
    assert list(_roles(api, team).values()).count("manager") == 1


def test_the_same_membership_put_at_the_same_moment(api: Api, app: Application, team: Team) -> None:
    """PUT is idempotent: whoever comes second finds it made."""
    with unit_of_work(app.database):
        new = add_person(app)
    answers = at_once(
        *[lambda: api.as_(team.manager).put(_path(team, new), {"role": "annotator"})] * 4
    )
    assert [answer.status_code for answer in answers] == [200] * 4
    assert _roles(api, team)[new.id] == "annotator"


def test_a_membership_changed_and_ended_at_the_same_moment(api: Api, team: Team) -> None:
    path = _path(team, team.viewer)
    caller = api.as_(team.manager)
    changed, ended = at_once(
        lambda: caller.put(path, {"role": "reviewer"}), lambda: caller.delete(path, if_match="*")
    )
    assert ended.status_code in {204, 412}
    assert changed.status_code == 200
