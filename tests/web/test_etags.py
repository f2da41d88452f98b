"""Versions on the wire: what was read, and what may be changed."""

from typing import Any

import pytest

from tests.factories.teams import Team
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem
from tests.support.together import at_once


@pytest.fixture
def boss(api: Api, team: Team) -> Api:
    return api.as_(team.manager)


def _rename(caller: Api, team: Team, if_match: Any, name: str = "New") -> Answer:
    return caller.patch(team.project.path, {"name": name}, if_match=if_match)


def test_the_etag_is_strong_and_belongs_to_the_answer(boss: Api, team: Team) -> None:
    first, again = boss.get(team.project.path), boss.get(team.project.path)
    assert first.headers["ETag"] == again.headers["ETag"]
    assert first.headers["ETag"].startswith(f'"{first.json["version"]}-')
    edited = _rename(boss, team, first)
    assert edited.headers["ETag"] != first.headers["ETag"]
    assert edited.headers["ETag"] == boss.get(team.project.path).headers["ETag"]


def test_what_is_known_is_not_sent_again(boss: Api, team: Team) -> None:
    first = boss.get(team.project.path)
    again = boss.get(team.project.path, if_none_match=first)
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    for known in ("*", f'"x", W/{first.headers["ETag"]}'):
        assert boss.get(team.project.path, if_none_match=known).status_code == 304
    assert boss.get(team.project.path, if_none_match='"1-0000"').status_code == 200
    _rename(boss, team, first)
    assert boss.get(team.project.path, if_none_match=first).status_code == 200


def test_head_answers_like_get_without_a_body(boss: Api, team: Team) -> None:
    get, head = boss.get(team.project.path), boss.call("HEAD", team.project.path)
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == get.headers["ETag"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_must_name_its_version(boss: Api, team: Team, method: str) -> None:
    answer = boss.call(method, team.project.path, {"name": "New"} if method == "PATCH" else None)
    assert_problem(answer, 428, "precondition_required")


@pytest.mark.parametrize(
    "stale", ['"7-0000000000000000"', '"x"', "", "1", '"-1"', f'"{"9" * 5000}-0"', "💥".encode()]
)
def test_a_change_of_another_version_is_shown_what_stands(
    boss: Api, team: Team, stale: Any
) -> None:
    stale = stale.decode("latin-1") if isinstance(stale, bytes) else stale
    document = assert_problem(_rename(boss, team, stale), 412, "stale")
    assert document["current"] == boss.get(team.project.path).json
    assert document["current"]["name"] == team.project.name


def test_any_version_named_will_do(boss: Api, team: Team) -> None:
    known = boss.get(team.project.path).headers["ETag"]
    for shape in ("{}", '"9-00", {}', "W/{}", "*"):
        answer = _rename(boss, team, shape.format(known))
        assert answer.status_code == 200
        known = answer.headers["ETag"]


def test_of_two_writers_on_one_version_one_wins(boss: Api, team: Team) -> None:
    known = boss.get(team.project.path)
    answers = at_once(
        *[lambda name=name: _rename(boss, team, known, name) for name in ("One", "Other")]
    )
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.status_code == 200
    document = assert_problem(lost, 412, "stale")
    assert document["current"] == won.json == boss.get(team.project.path).json
