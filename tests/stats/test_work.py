"""Throughput and states over time, held against what people did on three days."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.annotations.states import STATES
from app.kernel.clock import now
from app.web.application import Application
from tests.reviews.desk import FIGURE, Desk, made, make_desk, read
from tests.support.statements import count_statements, plans
from tests.support.stopped_clock import StoppedClock

Json = dict[str, Any]


@pytest.fixture
def blind(app: Application) -> Desk:
    """A project where annotators work unseen by each other."""
    return make_desk(app, blind=True)


@pytest.fixture
def three_days(make_app: Callable[..., Application], clock: StoppedClock) -> tuple[Desk, list[str]]:
    """Ann and Bo tag on the first day, reviewers decide on the second, Ann mends on the third."""
    desk = make_desk(make_app(access_token_minutes=60 * 24 * 30))
    clock.moment = clock.moment.replace(hour=12)
    days = [clock.moment.date().isoformat()]
    article = desk.article()
    claim, figure = desk.tag("ann", article), desk.tag("ann", article, FIGURE, state="draft")
    other = desk.tag("bo", article)
    desk.link("ann", claim, figure)
    clock.forward(days=1)
    days.append(clock.moment.date().isoformat())
    read(desk.review("reviewer", claim, "approve"))
    read(desk.review("critic", other, "reject", "Not so."))
    clock.forward(days=1)
    days.append(clock.moment.date().isoformat())
    read(desk.as_("ann").patch(f"/annotations/{claim['id']}", {"note": "But."}, if_match="*"))
    gone = desk.tag("ann", article, FIGURE)
    assert desk.as_("ann").delete(f"/annotations/{gone['id']}", if_match="*").status_code == 204
    path = f"/articles/{article['id']}/adjudication"
    made(desk.as_("critic").post(path, {"decisions": [{"accept": [claim["id"]]}]}))
    return desk, days


def work(desk: Desk, name: str, **query: str) -> tuple[list[Any], list[Any]]:
    found = read(desk.as_(name).get(f"{desk.path}/stats/work", query=query))
    return (
        [(e["day"], e["user"]["name"], e["made"], e["decided"]) for e in found["throughput"]],
        [
            (e["day"], e["user"]["name"], e["kind"], *(e[state] for state in STATES))
            for e in found["states"]
        ],
    )


def test_each_day_tells_what_people_made_and_decided_and_how_it_stood(
    three_days: tuple[Desk, list[str]],
) -> None:
    desk, (first, second, third) = three_days
    throughput, states = work(desk, "viewer")
    assert throughput == [
        (first, "ann", {"claim": 1, "figure": 1, "link": 1}, {}),
        (first, "bo", {"claim": 1}, {}),
        (second, "critic", {}, {"rejected": 1}),
        (second, "reviewer", {}, {"approved": 1}),
    ]
    assert states == [
        (first, "ann", "claim", 0, 1, 0, 0),
        (first, "ann", "figure", 1, 0, 0, 0),
        (first, "ann", "link", 0, 1, 0, 0),
        (first, "bo", "claim", 0, 1, 0, 0),
        (second, "ann", "claim", 0, 0, 1, 0),
        (second, "bo", "claim", 0, 0, 0, 1),
        (third, "ann", "claim", 0, 1, 0, 0),
    ]


def test_what_was_imported_counts_from_when_it_was_made(app: Application) -> None:
    desk = make_desk(app)
    article = desk.article(external_id="one")
    before = {"state": "approved", "created_at": "2020-02-29T23:59:59.999999Z"}
    line = {**FIGURE, "type": "annotation", "article_external_id": "one", **before}
    line["author"] = {"id": desk.id("manager"), "name": "manager"}
    sent = desk.as_("manager").post(
        f"{desk.path}/import", data=json.dumps(line).encode(), content_type="application/x-ndjson"
    )
    assert sent.status_code == 200, sent.get_data(as_text=True)
    (figure,) = read(desk.as_("viewer").get(f"/articles/{article['id']}/annotations"))["items"]
    read(desk.review("critic", figure, "reopen"))
    today = now().date().isoformat()
    throughput, states = work(desk, "viewer")
    assert throughput == [
        ("2020-02-29", "manager", {"figure": 1}, {}),
        (today, "critic", {}, {"reopened": 1}),
    ]
    assert states == [
        ("2020-02-29", "manager", "figure", 0, 0, 1, 0),
        (today, "manager", "figure", 0, 1, 0, 0),
    ]


def test_an_index_leads_to_the_moves(three_days: tuple[Desk, list[str]]) -> None:
    desk, _ = three_days
    with plans(desk.app.database, "FROM changes") as seen:
        work(desk, "viewer")
    assert len(seen) == 1
    assert "Seq Scan on changes" not in seen[0]
    if desk.app.database.dialect == "sqlite":  # PostgreSQL may think another as good for so few
        assert seen[0].count("ix_changes_moves") == 2, "for annotations and for links"


def test_days_people_and_kinds_can_be_chosen(three_days: tuple[Desk, list[str]]) -> None:
    desk, (_, second, third) = three_days
    since, until = f"{second}T00:00:00Z", f"{third}T00:00:00Z"
    throughput, states = work(desk, "viewer", since=since, until=until)
    assert [(day, name) for day, name, *_ in throughput] == [
        (second, "critic"),
        (second, "reviewer"),
    ]
    assert states == [
        (second, "ann", "claim", 0, 0, 1, 0),
        (second, "bo", "claim", 0, 0, 0, 1),
    ]
    throughput, states = work(desk, "viewer", user=desk.id("ann"), kind="link")
    assert [(name, counts) for _, name, counts, _ in throughput] == [("ann", {"link": 1})]
    assert [kind for _, _, kind, *_ in states] == ["link"]


def test_while_blind_it_tells_of_ones_own_work_alone(blind: Desk) -> None:
    article = blind.article()
    blind.tag("ann", article)
    assert work(blind, "bo") == ([], [])
    assert len(work(blind, "ann")[0]) == len(work(blind, "reviewer")[0]) == 1


def test_the_number_of_statements_does_not_grow(three_days: tuple[Desk, list[str]]) -> None:
    desk, _ = three_days
    with count_statements(desk.app.database) as seen:
        work(desk, "viewer")
    assert len(seen) == 3, "the door, work and names"
