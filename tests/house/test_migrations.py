"""Every migration goes up, down and up again over data, and ends at what the models say."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Engine, create_engine, inspect, text

from app.kernel.db import Base
from tests.support.databases import MIGRATIONS, Databases, migrate
from tests.support.sample_rows import fill, rows_of

# SQLite does not tell of indexes on expressions; here they are compared by name.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression"),
]
_CONFIG = Config()
_CONFIG.set_main_option("script_location", str(MIGRATIONS))
STEPS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(_CONFIG).walk_revisions()))
]


def _up(url: str, revision: str) -> None:
    migrate(url, lambda config: command.upgrade(config, revision))


def _down(url: str, revision: str) -> None:
    migrate(url, lambda config: command.downgrade(config, revision))


@pytest.fixture
def url(databases: Databases) -> str:
    return databases.empty()


@pytest.fixture
def door(url: str) -> Iterator[Engine]:
    """Connections to the database, in the ordinary way."""
    engine = create_engine(url)
    yield engine
    engine.dispose()


def test_there_is_one_line_of_migrations() -> None:
    scripts = ScriptDirectory.from_config(_CONFIG)
    assert scripts.get_heads() == [STEPS[-1]]
    assert [name.partition("_")[0] for name in STEPS] == [
        f"{number:04d}" for number in range(1, len(STEPS) + 1)
    ]


def _leftovers(connection: Connection) -> set[str]:
    """What is left besides the table of migrations itself."""
    left = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if connection.dialect.name == "postgresql":
        functions = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        types = (
            "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace"
            " AND typname NOT LIKE '%alembic_version'"
        )
        sequences = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
        for statement in (functions, types, sequences):
            left |= set(connection.scalars(text(statement)))
    else:
        rest = (
            "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE '%alembic_version%'"
        )
        left |= set(connection.scalars(text(rest)))
    return left


def test_every_step_up_down_and_up_again_keeps_what_lies_below(url: str, door: Engine) -> None:
    below = "base"
    for step in STEPS:
        with door.connect() as connection:
            before = rows_of(connection)
        _up(url, step)
        with door.connect() as connection:
            after = rows_of(connection)
            assert after.keys() >= before.keys(), step
            for table, rows in before.items():
                assert len(after[table]) == len(rows), f"{step} lost rows of {table}"
            fill(connection)
            assert all(rows_of(connection).values()), step
        _down(url, below)
        with door.connect() as connection:
            assert rows_of(connection) == before, f"going down from {step}"
        _up(url, step)
        with door.connect() as connection:
            fill(connection)
        below = step


def test_the_way_back_down_is_open_to_the_last_step_and_leaves_nothing(
    url: str, door: Engine
) -> None:
    _up(url, "head")
    with door.connect() as connection:
        fill(connection)
    for step in [*reversed(STEPS[:-1]), "base"]:
        _down(url, step)
    with door.connect() as connection:
        assert _leftovers(connection) == set()


FINDS = {
    "sqlite": "article_words MATCH '\"example\"'",
    "postgresql": "words @@ phraseto_tsquery('simple', 'example')",
}


def test_texts_that_were_there_before_are_found_as_new_ones_are(
    url: str, door: Engine, engine: str
) -> None:
    found = text(f"SELECT count(*) FROM article_words WHERE {FINDS[engine]}")
    _up(url, "0019_moves")
    with door.connect() as connection:
        fill(connection)
        connection.execute(text("UPDATE articles SET title = 'Write to user@example.org'"))
        connection.commit()
    for move, step in ((_up, "0020_words"), (_down, "0019_moves"), (_up, "0020_words")):
        move(url, step)
        with door.connect() as connection:
            everywhere = engine == "sqlite" or move is _up
            assert connection.scalar(found) == everywhere, step


def test_the_models_say_what_the_migrations_make(url: str) -> None:
    _up(url, "head")
    migrate(url, command.check)


def test_so_do_their_constraints(url: str, door: Engine) -> None:
    """Alembic compares tables, columns, indexes and references, but not checks."""
    _up(url, "head")
    with door.connect() as connection:
        there = inspect(connection)
        for table in Base.metadata.sorted_tables:
            found = {check["name"] for check in there.get_check_constraints(table.name)}
            wanted = {
                str(constraint.name)
                for constraint in table.constraints
                if isinstance(constraint, CheckConstraint)
            }
            assert found == wanted, table.name


INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class"
    " ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
}


def test_so_do_their_indexes(url: str, door: Engine, engine: str) -> None:
    _up(url, "head")
    wanted = {str(i.name) for table in Base.metadata.sorted_tables for i in table.indexes}
    with door.connect() as connection:
        found = set(connection.scalars(text(INDEXES[engine])))
    assert {name for name in found if "article_words" not in name} == wanted


def test_a_step_that_fails_leaves_the_one_before(url: str, door: Engine) -> None:
    """On a database that is in the way of the second step."""
    _up(url, STEPS[0])
    with door.begin() as connection:
        connection.execute(text("CREATE TABLE projects (id integer)"))
    with pytest.raises(Exception, match="projects"):
        _up(url, "head")
    with door.connect() as connection:
        stands = connection.scalar(text("SELECT version_num FROM alembic_version"))
        assert stands == STEPS[0]
        assert "memberships" not in inspect(connection).get_table_names()
