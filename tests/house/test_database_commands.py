"""Migrating from the command line: step by step, whole or not at all, and told plainly."""

from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, text

from app.kernel.db import reading, unit_of_work
from app.kernel.migrations import newest_migration
from app.web.application import Application
from tests.factories.accounts import add_user
from tests.support.apps import build_app
from tests.support.commands import refused, run, told
from tests.support.databases import Databases


@pytest.fixture
def bare(databases: Databases) -> Iterator[Application]:
    """A server whose database has no tables yet."""
    built = build_app(databases.empty())
    yield built
    built.database.dispose()


def tables(app: Application) -> set[str]:
    with app.database.reader.connect() as connection:
        return set(inspect(connection).get_table_names())


def do(app: Application, statement: str) -> None:
    with unit_of_work(app.database) as session:
        session.execute(text(statement))


def test_up_and_down_and_up_again(bare: Application) -> None:
    output = told(bare, "db", "upgrade")
    assert output.index("up    0001_accounts") < output.index("up    0005_links")
    assert told(bare, "db", "upgrade") == "The database is up to date.\n"
    assert newest_migration() in told(bare, "db", "current")
    assert "what the models say" in told(bare, "db", "check")
    told(bare, "db", "downgrade", "base", "--yes")
    assert tables(bare) <= {"alembic_version"}
    assert run(bare, "db", "current").exit_code == 1
    told(bare, "db", "upgrade")
    told(bare, "db", "check")


def test_going_back_keeps_what_lies_below(bare: Application) -> None:
    told(bare, "db", "upgrade")
    with unit_of_work(bare.database):
        kept = add_user("kept").email
    do(bare, "DELETE FROM changes")
    output = told(bare, "db", "downgrade", "0001_accounts", "--yes")
    assert "0001_accounts" not in output
    assert "projects" not in tables(bare)
    told(bare, "db", "upgrade")
    with reading(bare.database) as session:
        assert session.scalar(text("SELECT email FROM users")) == kept


def test_going_back_asks_first(bare: Application) -> None:
    told(bare, "db", "upgrade", "0001_accounts")
    assert "will be lost" in refused(bare, "db", "downgrade", "base", typed="n\n")
    assert "users" in tables(bare)
    told(bare, "db", "downgrade", "base", typed="y\n")
    assert "users" not in tables(bare)


def test_a_migration_that_fails_leaves_nothing_half_done(bare: Application) -> None:
    do(bare, "CREATE TABLE revisions (id integer)")  # in the way of the third, half through
    output = refused(bare, "db", "upgrade")
    assert "already exists" in output
    assert "articles" not in tables(bare)
    assert "at      0002_projects" in run(bare, "db", "current").output
    do(bare, "DROP TABLE revisions")
    told(bare, "db", "upgrade")
    told(bare, "db", "check")


def test_a_table_that_differs_from_its_model_is_found(bare: Application) -> None:
    told(bare, "db", "upgrade")
    do(bare, "ALTER TABLE users ADD COLUMN shoe_size integer")
    assert "shoe_size" in refused(bare, "db", "check")


def test_an_unknown_migration_is_named(bare: Application) -> None:
    output = refused(bare, "db", "upgrade", "0999_future")
    assert "0999_future" in output
    assert "0001_accounts" in output


def test_a_database_from_a_newer_version_is_left_alone(bare: Application) -> None:
    told(bare, "db", "upgrade", "0001_accounts")
    do(bare, "UPDATE alembic_version SET version_num = '0999_future'")
    assert "newer version" in refused(bare, "db", "upgrade")
    assert "0999_future" in refused(bare, "check")


def test_a_database_that_is_away_is_told_without_its_password() -> None:
    url = "postgresql+psycopg://someone:hunter2@127.0.0.1:1/nothing"
    app = build_app(url)
    output = refused(app, "db", "upgrade")
    app.database.dispose()
    assert "says: connection failed" in output
    assert "hunter2" not in output
