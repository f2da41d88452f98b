"""Every route, asked by everybody, answers as the table of permissions says."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.kernel.actor import Role
from app.web.application import Application
from tests.factories.accounts import Person
from tests.factories.teams import Team, make_team
from tests.house.permissions.scene import Scene
from tests.house.permissions.words import ADMIN, OPEN, OWN, SIGNED_IN, AuthorOr, Line
from tests.house.permissions_table import TABLE
from tests.support.api import Api

DONE, UNKNOWN, REFUSED, MISSING = "done", 401, 403, 404


def _everybody(team: Team) -> Iterator[tuple[str, Person | None, Role | None]]:
    for role in Role:
        yield role.name, getattr(team, role.name), role
    yield "outsider", team.outsider, None
    yield "admin", team.admin, None
    yield "anonymous", None, None


def _expected(line: Line, who: Person | None, role: Role | None, *, own: bool) -> str | int:
    if line.least is OPEN:
        return DONE
    if who is None:
        return UNKNOWN
    if line.least is SIGNED_IN:
        return DONE
    if line.least is OWN:
        return DONE if own else MISSING
    if line.least is ADMIN:
        return DONE if who.is_admin else REFUSED
    if role is None:
        return MISSING
    if isinstance(line.least, AuthorOr):
        needed = Role.annotator if own else line.least.role
        return DONE if role >= needed else REFUSED
    assert isinstance(line.least, Role)
    return DONE if role >= line.least else REFUSED


def _walk(app: Application, line: Line, *, own: bool) -> dict[str, Any]:
    """Whoever was answered otherwise than expected; by what, and what the table says."""
    team, wrong = make_team(app), {}
    for name, who, role in _everybody(team):
        other = team.reviewer if who is team.annotator else team.annotator
        scene = Scene(app, team, who if own and who else other)
        asked = line.build(scene)
        answer = Api(app).as_(who).call(line.method, asked.path, **asked.more)
        got = DONE if answer.status_code < 400 else answer.status_code
        expected = _expected(line, who, role, own=own)
        if got != expected:
            wrong[name] = {"got": got, "table": expected, "answer": answer.text[:300]}
    return wrong


@pytest.mark.parametrize("line", TABLE, ids=str)
def test_everybody_is_answered_as_the_table_says(line: Line, app: Application) -> None:
    assert _walk(app, line, own=True) == {}


PERSONAL = [line for line in TABLE if line.least is OWN or isinstance(line.least, AuthorOr)]


@pytest.mark.parametrize("line", PERSONAL, ids=str)
def test_what_is_anothers_is_told_apart_from_ones_own(line: Line, app: Application) -> None:
    assert _walk(app, line, own=False) == {}


def test_the_table_names_exactly_the_routes_there_are(app: Application) -> None:
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    named = {(line.method, line.rule) for line in TABLE}
    assert sorted(routes - named) == [], "routes that the table of permissions lacks"
    assert sorted(named - routes) == [], "lines of the table about routes that are gone"
