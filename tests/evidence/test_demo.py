"""The demo project's known disagreements are found: what its links and figures say."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.accounts.queries import get_user
from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.projects.models import Project
from app.web.application import Application
from seeds.demo import load_demo
from seeds.people import ensure_member
from tests.factories.teams import Team
from tests.support.api import Api

Json = dict[str, Any]
SEEDS = Path(__file__).parents[2] / "seeds"
LINKS: list[Json] = json.loads((SEEDS / "links.json").read_text(encoding="utf-8"))
PATH = "/projects/syria-2015"


@pytest.fixture
def demo(app: Application, team: Team) -> Api:
    with app.app_context(), unit_of_work(app.database) as session:
        load_demo(lambda _line: None)
        project = session.query(Project).filter_by(slug="syria-2015").one()
        chief = get_user(project.created_by)
        ensure_member(chief, project, get_user(team.viewer.id), Role.viewer)
    return Api(app).as_(team.viewer)


def items(demo: Api, path: str, **query: Any) -> list[Json]:
    answer = demo.get(f"{PATH}/{path}", query={"limit": 500, **query})
    assert answer.status_code == 200, answer.text
    return list(answer.json["items"])


def named(demo: Api) -> dict[str, str]:
    """External ids of annotations, by id."""
    return {each["id"]: each["external_id"] for each in items(demo, "annotations")}


def test_every_contradiction_is_between_groups_or_a_conflict(demo: Api) -> None:
    external = {link["id"]: link["external_id"] for link in items(demo, "links")}
    conflicts = {
        external[each["contradiction"]["id"]] for each in items(demo, "evidence/conflicts")
    }
    assert conflicts == {"l-idlib-led"}
    clusters = items(demo, "evidence/clusters", min_size=1)
    between = {
        external[link]
        for cluster in clusters
        for other in cluster["contradictions"]
        for link in other["links"]
    }
    expected = {link["external_id"] for link in LINKS if link["relation"] == "contradicts"}
    assert between | conflicts == expected
    assert not between & conflicts


def test_figures_that_cannot_both_hold(demo: Api) -> None:
    names = named(demo)

    def pairs(**query: str) -> list[set[str]]:
        return [
            {names[figure["annotation"]["id"]] for figure in each["figures"]}
            for each in items(demo, "evidence/discrepancies", **query)
        ]

    assert pairs() == [{"a2-fig-90", "a2-fig-85-90"}]
    known = pairs(linked="contradicts")
    assert {"a0-fig-1700", "a4-fig-2500"} in known
    assert {"a0-fig-1700-ben", "a4-fig-2500-ben"} in known
    assert {"a3-fig-one-left-ben", "a2-fig-idlib-none"} in known
    assert {"a3-fig-uncle", "a3-fig-cousin"} in known
    # More than 90 and at least 85 percent, of different weeks: both can hold.
    assert {"a2-fig-90-ben", "a2-fig-85-ben"} not in known
    assert len(known) == 4


def test_two_counts_of_one_agency_are_not_independent(demo: Api) -> None:
    ids = {name: id_ for id_, name in named(demo).items()}
    found = demo.get(f"/annotations/{ids['a0-fig-1700']}/evidence").json
    stances = {
        item["annotation"]["id"]: (item["stance"], item["independent"]) for item in found["items"]
    }
    assert stances[ids["a4-fig-2500"]] == ("opposes", False)
    assert stances[ids["a4-fig-range"]] == ("supports", False)
    assert (found["independent_support"], found["independent_opposition"]) == (0, 0)


def test_why_russia_came_by_how_many_outlets(demo: Api) -> None:
    ids = {name: id_ for id_, name in named(demo).items()}
    found = demo.get(f"/annotations/{ids['a2-clm-aims']}/evidence", query={"depth": 2}).json
    assert (found["independent_support"], found["independent_opposition"]) == (2, 1)
    publishers = {item["article"]["publisher"] for item in found["items"]}
    assert publishers == {"Saltmarsh Courier", "Quillmere Ledger", "Port Aldous Observer"}
