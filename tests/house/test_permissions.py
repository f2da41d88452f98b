"""Every route, asked by everybody, answers as the table of permissions says."""

from collections.abc import Iterator

import pytest

from app.kernel.actor import Role
from app.web.application import Application
from tests.factories.accounts import Person
from tests.factories.teams import Team, make_team
from tests.house.permissions_table import ADMIN, OPEN, OWN, SIGNED_IN, TABLE, Line, Scene
from tests.support.api import Api

DONE, UNKNOWN, REFUSED, MISSING = "done", 401, 403, 404


def _everybody(team: Team) -> Iterator[tuple[str, Person | None, Role | None]]:
    for role in Role:
        yield role.name, getattr(team, role.name), role
    yield "outsider", team.outsider, None
    yield "admin", team.admin, None
    yield "anonymous", None, None


def _expected(line: Line, who: Person | None, role: Role | None) -> str | int:
    if line.least is OPEN:
        return DONE
    if who is None:
        return UNKNOWN
    if line.least in {SIGNED_IN, OWN}:
        return DONE
    if line.least is ADMIN:
        return DONE if who.is_admin else REFUSED
    assert isinstance(line.least, Role)
    if role is None:
        return MISSING
    return DONE if role >= line.least else REFUSED


def _answer(api: Api, line: Line, who: Person | None, scene: Scene) -> str | int:
    asked = line.build(scene)
    answer = api.as_(who).call(line.method, asked.path, **asked.more)
    return DONE if answer.status_code < 400 else answer.status_code


@pytest.mark.parametrize("line", TABLE, ids=str)
def test_everybody_is_answered_as_the_table_says(line: Line, app: Application, api: Api) -> None:
    team = make_team(app)
    wrong = {}
    for name, who, role in _everybody(team):
        got = _answer(api, line, who, Scene(app, team, who or team.manager))
        if got != _expected(line, who, role):
            wrong[name] = {"got": got, "table": _expected(line, who, role)}
    assert not wrong


@pytest.mark.parametrize("line", [line for line in TABLE if line.least is OWN], ids=str)
def test_what_is_anothers_own_is_not_there(line: Line, app: Application, api: Api) -> None:
    team = make_team(app)
    for name, who, _ in _everybody(team):
        owner = team.viewer if who is not team.viewer else team.manager
        got = _answer(api, line, who, Scene(app, team, owner))
        assert got == (UNKNOWN if who is None else MISSING), name


def test_the_table_names_exactly_the_routes_there_are(app: Application) -> None:
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    named = {(line.method, line.rule) for line in TABLE}
    assert routes - named == set(), "routes that the table of permissions lacks"
    assert named - routes == set(), "lines of the table about routes that are gone"
