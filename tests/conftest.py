"""Fixtures for all tests. Whatever asks for `engine`, itself or through others, runs twice:
on SQLite and on PostgreSQL. Tests share a database and keep apart by making their own people
and projects; those who must be alone ask for `make_app(fresh=True)`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import settings

from app.kernel.db import Database
from app.web.application import Application
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.factories.teams import Team, make_team
from tests.support import postgres
from tests.support.api import Api
from tests.support.apps import build_app
from tests.support.databases import Databases
from tests.support.home import make_home
from tests.support.statements import count_statements
from tests.support.stopped_clock import StoppedClock

# A loaded machine is no fault of the code; CI's own profile draws the same examples every time.
settings.register_profile("patient", deadline=None)  # all else as in the profile at hand
settings.load_profile("patient")


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder before the parallel workers start."""
    if not _is_worker(config):
        postgres.tidy_up_after_killed_runs()
        make_home()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, when every worker has ended."""
    if not _is_worker(config):
        postgres.stop_server()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine that the test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def databases(engine: str) -> Iterator[Databases]:
    """Where databases of this engine come from."""
    made = Databases(engine)
    yield made
    made.drop_all()


@pytest.fixture(scope="session")
def app(databases: Databases) -> Iterator[Application]:
    """The whole product on a migrated database, shared by the tests of this engine."""
    built = build_app(databases.migrated())
    yield built
    built.database.dispose()


@pytest.fixture
def make_app(app: Application, databases: Databases) -> Iterator[Callable[..., Application]]:
    """Builds an application with other settings; `fresh=True` gives it a database of its own."""
    made: list[Application] = []

    def make(*, fresh: bool = False, **settings: Any) -> Application:
        url = databases.migrated() if fresh else app.config["DATABASE_URL"]
        made.append(build_app(url, **settings))
        return made[-1]

    yield make
    for built in made:
        built.database.dispose()


@pytest.fixture
def database(app: Application) -> Database:
    """The application's database, for `with unit_of_work(database):`."""
    return app.database


@pytest.fixture
def api(app: Application) -> Api:
    """The API as nobody; `api.as_(person)` is the API as someone."""
    return Api(app)


@pytest.fixture
def client(app: Application) -> FlaskClient:
    """A browser: keeps its cookies."""
    return app.test_client()


@pytest.fixture
def statements(database: Database) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as seen:` gathers what is asked of the database inside."""
    return lambda: count_statements(database)


@pytest.fixture
def clock() -> Iterator[StoppedClock]:
    """The product's clock, stopped."""
    stopped = StoppedClock()
    yield stopped
    stopped.release()


@pytest.fixture
def team(app: Application) -> Team:
    """A project with a member in every role, and an outsider and an administrator."""
    return make_team(app)


@pytest.fixture
def project(team: Team) -> MadeProject:
    """The team's project."""
    return team.project


@pytest.fixture
def manager(team: Team) -> Person:
    return team.manager


@pytest.fixture
def reviewer(team: Team) -> Person:
    return team.reviewer


@pytest.fixture
def annotator(team: Team) -> Person:
    return team.annotator


@pytest.fixture
def viewer(team: Team) -> Person:
    return team.viewer


@pytest.fixture
def outsider(team: Team) -> Person:
    """Signed in, but no member of the team's project."""
    return team.outsider


@pytest.fixture
def admin(team: Team) -> Person:
    """An administrator of the server, but no member of the team's project."""
    return team.admin
