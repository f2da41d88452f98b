"""Of several who would change one thing at the same moment one is heard, and the others are shown
what stands now. Every endpoint that asks for If-Match, as the table of permissions calls it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm.exc import StaleDataError

from app.kernel.actor import Role
from app.web.application import Application
from tests.factories.accounts import Person
from tests.factories.teams import Team, make_team
from tests.house.permissions.scene import Scene
from tests.house.permissions.words import ADMIN, Ask, Line
from tests.house.permissions_table import TABLE
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem
from tests.support.together import at_once


def _view(app: Application, line: Line) -> tuple[str, Any]:
    """The endpoint of a line and its view."""
    endpoint = next(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule == line.rule and line.method in (rule.methods or ())
    )
    return endpoint, app.view_functions[endpoint]


def _able(team: Team, line: Line) -> Person:
    """Somebody who may do it."""
    if line.least is ADMIN:
        return team.admin
    able: Person = getattr(team, line.least.name if isinstance(line.least, Role) else "annotator")
    return able


def _asked(app: Application) -> Iterator[tuple[Line, Api, Ask]]:
    """A request for every endpoint that asks for If-Match, and the API as somebody who may."""
    for line in TABLE:
        if _view(app, line)[1].operation.needs_match:
            team = make_team(app)
            who = _able(team, line)
            yield line, Api(app).as_(who), line.build(Scene(app, team, who))


def _read(caller: Api, path: str) -> Answer:
    """The thing, which stands at the path or one step above it."""
    found = caller.get(path)
    return found if found.status_code == 200 else caller.get(path.rpartition("/")[0])


def _sending(caller: Api, line: Line, asked: Ask, known: str) -> Callable[[], Answer]:
    return lambda: caller.call(line.method, asked.path, **{**asked.more, "if_match": known})


def _version(told: dict[str, Any]) -> int:
    """The version of a thing, as the API or a Web Annotation tells it."""
    return int(told["version"] if "version" in told else told["body"][1]["ft:version"])


def test_of_three_at_once_one_is_heard(app: Application) -> None:
    seen = 0
    for line, caller, asked in _asked(app):
        known = _read(caller, asked.path).headers["ETag"]
        answers = at_once(*[_sending(caller, line, asked, known)] * 3)
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses[0] < 300, f"{line}: nobody was heard: {statuses}"
        assert set(statuses[1:]) <= {404, 410, 412}, f"{line}: {statuses}"
        now = _read(caller, asked.path)
        for answer in answers:
            if answer.status_code == 412:
                document = assert_problem(answer, 412, "stale")
                assert _version(document["current"]) == _version(now.json), str(line)
        seen += 1
    assert seen > 20


def test_who_is_outrun_past_every_lock_is_shown_what_stands_too(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last guard is the version in the statement that writes."""

    def outrun(**_given: Any) -> None:
        raise StaleDataError("someone was faster")

    for line, caller, asked in _asked(app):
        endpoint, view = _view(app, line)
        outrun.operation = view.operation
        with monkeypatch.context() as meanwhile:
            meanwhile.setitem(app.view_functions, endpoint, outrun)
            shown = assert_problem(caller.call(line.method, asked.path, **asked.more), 412, "stale")
        assert shown["current"] == _read(caller, asked.path).json, str(line)
