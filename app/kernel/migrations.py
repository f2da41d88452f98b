"""At which migration a database is, and which one this version of the code needs."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@cache
def newest_migration() -> str | None:
    """The newest migration that this version of the code brings."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()


def present_migration(connection: Connection) -> str | None:
    """The migration that a database is at; None where it has none."""
    revision: str | None = MigrationContext.configure(connection).get_current_revision()
    return revision
