"""A project whose managers can no longer sign in gets a new one from an administrator."""

import pytest
from sqlalchemy import select

from app.history.models import Change
from app.kernel.actor import Role
from app.kernel.db import reading, unit_of_work
from app.web.application import Application
from tests.factories.accounts import Person, add_person, add_token
from tests.factories.projects import add_member
from tests.factories.teams import Team
from tests.support.api import Api
from tests.support.commands import refused, told
from tests.support.problems import assert_problem
from tests.support.together import at_once

MANAGER = {"role": "manager"}


def _disable(api: Api, team: Team, person: Person) -> None:
    path = f"/users/{person.id}"
    answer = api.as_(team.admin).patch(path, {"disabled": True}, if_match="*")
    assert answer.status_code == 200


def _path(team: Team, person: Person) -> str:
    return f"{team.project.path}/members/{person.id}"


@pytest.fixture
def stranded(api: Api, team: Team) -> Team:
    """A team whose only manager is disabled."""
    _disable(api, team, team.manager)
    return team


def _members_changed(app: Application, team: Team, person: Person) -> list[tuple[object, ...]]:
    with reading(app.database) as session:
        found = select(Change.actor_id, Change.action, Change.before, Change.after).where(
            Change.project_id == team.project.id, Change.thing_id == person.id
        )
        return [tuple(row) for row in session.execute(found.order_by(Change.seq))]


def test_an_administrator_takes_over(api: Api, app: Application, stranded: Team) -> None:
    team, admin = stranded, api.as_(stranded.admin)
    assert_problem(admin.get(team.project.path), 404)
    made = admin.put(_path(team, team.admin), MANAGER)
    assert (made.status_code, made.json["role"]) == (200, "manager")
    assert admin.get(team.project.path).json["role"] == "manager"
    assert _members_changed(app, team, team.admin) == [(team.admin.id, "created", None, MANAGER)]


def test_an_administrator_lifts_a_member(api: Api, app: Application, stranded: Team) -> None:
    team, admin = stranded, api.as_(stranded.admin)
    slug_path = f"/projects/{team.project.slug}/members/{team.reviewer.id}"
    assert admin.put(slug_path, MANAGER).status_code == 200
    assert _members_changed(app, team, team.reviewer)[-1] == (
        team.admin.id,
        "edited",
        {"role": "reviewer"},
        MANAGER,
    )
    assert api.as_(team.reviewer).get(team.project.path).json["role"] == "manager"
    assert_problem(admin.put(_path(team, team.admin), MANAGER), 404)  # it is not stranded any more


@pytest.mark.parametrize("role", ["viewer", "annotator", "reviewer"])
def test_the_rescue_is_a_manager_and_nothing_less(api: Api, stranded: Team, role: str) -> None:
    answer = api.as_(stranded.admin).put(_path(stranded, stranded.admin), {"role": role})
    assert_problem(answer, 404)


def test_who_is_no_administrator_rescues_nothing(api: Api, stranded: Team) -> None:
    team = stranded
    assert_problem(api.as_(team.outsider).put(_path(team, team.outsider), MANAGER), 404)
    assert_problem(api.as_(team.reviewer).put(_path(team, team.reviewer), MANAGER), 403)


def test_a_token_needs_its_scope_for_it(api: Api, app: Application, stranded: Team) -> None:
    with unit_of_work(app.database):
        weak, strong = (
            add_token(stranded.admin, "write"),
            add_token(stranded.admin, "write", "admin"),
        )
    path = _path(stranded, stranded.admin)
    assert_problem(api.as_(weak).put(path, MANAGER), 404)
    assert api.as_(strong).put(path, MANAGER).status_code == 200


def test_the_new_manager_can_sign_in(api: Api, stranded: Team) -> None:
    admin = api.as_(stranded.admin)
    assert_problem(admin.put(_path(stranded, stranded.manager), MANAGER), 409, "disabled_user")
    _disable(api, stranded, stranded.viewer)
    assert_problem(admin.put(_path(stranded, stranded.viewer), MANAGER), 409, "disabled_user")


def test_a_manager_who_is_disabled_does_not_count_as_one(
    api: Api, app: Application, team: Team
) -> None:
    with unit_of_work(app.database):
        add_member(team.manager, team.project, team.reviewer, Role.manager)
    _disable(api, team, team.reviewer)
    boss, mine = api.as_(team.manager), _path(team, team.manager)
    assert_problem(boss.put(mine, {"role": "viewer"}), 409, "last_manager")
    assert_problem(boss.delete(mine, if_match="*"), 409, "last_manager")
    assert boss.put(_path(team, team.reviewer), {"role": "viewer"}).status_code == 200


def test_of_two_who_come_to_rescue_one_does(api: Api, app: Application, stranded: Team) -> None:
    with unit_of_work(app.database):
        other = add_person(app, "Admin", is_admin=True)
    answers = at_once(
        *[
            lambda who=who: api.as_(who).put(_path(stranded, who), MANAGER)
            for who in (stranded.admin, other)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 404]


def test_the_command_line_does_it_too(api: Api, app: Application, stranded: Team) -> None:
    words = ("project", "put-member", "--project", stranded.project.slug, "--email")
    assert "is manager of" in told(app, *words, stranded.viewer.email)
    assert api.as_(stranded.viewer).get(stranded.project.path).json["role"] == "manager"
    assert _members_changed(app, stranded, stranded.viewer)[-1] == (
        None,
        "edited",
        {"role": "viewer"},
        MANAGER,
    )
    told(app, *words, stranded.outsider.email, "--role", "viewer")
    assert api.as_(stranded.outsider).get(stranded.project.path).json["role"] == "viewer"
    assert "no user" in refused(app, *words, "nobody@example.org")
    output = refused(app, *words, stranded.viewer.email, "--role", "viewer")
    assert "keeps at least one manager" in output
