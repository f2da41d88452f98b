"""Imports that run at the same moment: none stands in another's way for good."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from sqlalchemy import text

from app.exchange.imports import postgres
from app.exchange.imports.lite import SqliteStore
from app.exchange.imports.postgres import PostgresStore
from app.web.application import Application
from tests.exchange.making import TEXT, add_annotation, add_article
from tests.factories.projects import MadeProject
from tests.factories.teams import Team, make_team
from tests.support.api import Answer, Api
from tests.support.together import at_once

Json = dict[str, Any]
Build = Callable[..., Application]
STORES = (PostgresStore, SqliteStore)
BATCH = 20


def send(api: Api, project: MadeProject, lines: list[Json]) -> Answer:
    data = b"\n".join(json.dumps(one).encode() for one in lines)
    kind = "application/x-ndjson"
    return api.post(f"{project.path}/import", data=data, content_type=kind)


def article(name: str, **more: Any) -> Json:
    return {"type": "article", "title": name, "text": TEXT, "external_id": name, **more}


def figure(name: str, on: str, **more: Any) -> Json:
    target = {"start": 33, "end": 42, "exact": "14 people"}
    given = {"type": "annotation", "kind": "figure", "attributes": {"value": "14"}}
    return {**given, "external_id": name, "article_external_id": on, "target": target, **more}


@pytest.fixture
def in_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches; of two imports neither writes its second before the other its first.

    Unless one waits for the other to end, which it is given a while to show.
    """
    both = Barrier(2)
    for store in STORES:
        real = store.put

        def put(self: Any, rows: Any, real: Any = real) -> None:
            real(self, rows)
            if not hasattr(self, "met"):
                self.met = True
                with suppress(BrokenBarrierError):
                    both.wait(1)

        monkeypatch.setattr(store, "put", put)
        monkeypatch.setattr(store, "at_once", BATCH)


def test_the_same_things_in_two_orders_come_in_once(
    app: Application, make_app: Build, team: Team, in_step: None, engine: str
) -> None:
    names = [f"one-{number}" for number in range(3 * BATCH)]
    lines = [[article(name), figure(f"of-{name}", name)] for name in names]

    def bring(here: Application, order: list[list[Json]]) -> Answer:
        given = [line for pair in order for line in pair]
        return send(Api(here).as_(team.manager), team.project, given)

    answers = at_once(lambda: bring(app, lines), lambda: bring(make_app(), lines[::-1]))
    done = [answer for answer in answers if answer.status_code == 200]
    created = [answer.json["created"]["articles"] for answer in done]
    if engine == "postgresql":  # the second has waited, and finds what the first brought
        assert sorted(created) == [0, len(names)], [answer.text for answer in answers]
    else:  # it had looked before the first wrote, and is told to do it again
        assert sorted(answer.status_code for answer in answers) == [200, 409]
    query = {"limit": "500"}
    for what in ("articles", "annotations"):
        path = f"{team.project.path}/{what}"
        assert len(Api(app).as_(team.manager).get(path, query=query).json["items"]) == len(names)


def test_two_projects_make_the_same_people(
    app: Application, make_app: Build, team: Team, in_step: None
) -> None:
    other = make_team(app)
    run = team.project.id[:23]
    ids = [f"{run}-{number:012x}" for number in range(3 * BATCH)]

    def bring(here: Application, where: Team, people: list[str]) -> Answer:
        lines = [article("one")]
        lines += [
            figure(f"by-{id_}", "one", author={"id": id_, "name": "Somebody"}) for id_ in people
        ]
        return send(Api(here).as_(where.manager), where.project, lines)

    answers = at_once(
        lambda: bring(app, team, ids), lambda: bring(make_app(), other, list(reversed(ids)))
    )
    assert [answer.status_code for answer in answers] == [200, 200], [a.text for a in answers]
    for where in (team, other):
        made = (
            Api(app)
            .as_(where.manager)
            .get(f"{where.project.path}/annotations", query={"limit": "500"})
        )
        assert {each["author"]["id"] for each in made.json["items"]} == set(ids)


@contextmanager
def held_open(monkeypatch: pytest.MonkeyPatch, project: MadeProject) -> Iterator[Event]:
    """An import into this project goes on only after this; the event tells that it has begun."""
    begun, over = Event(), Event()
    for store in STORES:
        real = store.put

        def put(self: Any, rows: Any, real: Any = real) -> None:
            real(self, rows)
            if self._always["project"] == project.id:
                begun.set()
                over.wait(30)

        monkeypatch.setattr(store, "put", put)
    try:
        yield begun
    finally:
        over.set()


def test_nobody_else_waits_for_a_long_import(
    app: Application, make_app: Build, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_FIRST_TOLD", 2)  # the planner is told before the end
    other, elsewhere = make_team(app), make_app()
    mine = Api(elsewhere).as_(team.annotator)
    stored = add_article(mine, team.project)
    lines = [article("one"), figure("a", "one"), figure("b", "one")]
    with ThreadPoolExecutor(1) as pool:
        with held_open(monkeypatch, team.project) as begun:
            long = pool.submit(send, Api(app).as_(team.manager), team.project, lines)
            assert begun.wait(30)
            short = send(Api(elsewhere).as_(other.manager), other.project, lines)
            add_annotation(mine, stored)
            assert not long.done()
        assert [short.status_code, long.result(30).status_code] == [200, 200]


def test_who_waits_longer_than_a_statement_may_take_is_told_so(
    app: Application, make_app: Build, team: Team, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    if engine == "sqlite":
        pytest.skip("imports take no turns there but to write")
    hasty = Api(make_app(bulk_timeout_seconds=1)).as_(team.annotator)
    with ThreadPoolExecutor(1) as pool:
        with held_open(monkeypatch, team.project) as begun:
            long = pool.submit(send, Api(app).as_(team.manager), team.project, [article("one")])
            assert begun.wait(30)
            refused = send(hasty, team.project, [article("two")])
        assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
        assert long.result(30).status_code == 200
    assert send(hasty, team.project, [article("two")]).status_code == 200


def test_the_planner_is_told_as_soon_as_nobody_else_is_telling_it(
    make_app: Build, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "sqlite":
        pytest.skip("its plans were made without statistics")
    monkeypatch.setattr(postgres, "_FIRST_TOLD", 2)
    monkeypatch.setattr(PostgresStore, "at_once", BATCH)
    here = make_app(fresh=True)
    team, real = make_team(here), PostgresStore.put
    with here.database.writer.connect() as telling:
        telling.execute(text("LOCK TABLE annotations IN SHARE UPDATE EXCLUSIVE MODE"))

        def put(self: PostgresStore, rows: Any) -> None:
            real(self, rows)
            telling.rollback()

        monkeypatch.setattr(PostgresStore, "put", put)
        lines = [article("one"), *(figure(f"a-{n}", "one") for n in range(2 * BATCH))]
        assert send(Api(here).as_(team.manager), team.project, lines).status_code == 200
        often = text("SELECT analyze_count FROM pg_stat_user_tables WHERE relname = 'annotations'")
        assert telling.execute(often).scalar_one() == 1
