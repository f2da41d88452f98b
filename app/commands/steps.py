"""Migrations one at a time: each is announced, run in its own transaction, and checked.

On SQLite foreign keys are checked after a step instead of during it: rebuilding a table drops
the old one, which would otherwise take every row that refers to it along.
"""

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from typing import Any

import click
from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, event

from app.kernel.migrations import MIGRATIONS, newest_migration, present_migration

Say = Callable[[str], object]


def upgrade(engine: Engine, target: str, say: Say) -> int:
    """Climb to a migration ("head" is the newest); returns how many steps that took."""
    ahead = list(_above(_standing(engine), _known(target)))
    for step in ahead:
        say(f"  up    {step.revision}: {step.doc}")
        _take(engine, partial(command.upgrade, revision=step.revision))
    return len(ahead)


def downgrade(engine: Engine, target: str, say: Say) -> int:
    """Climb down to a migration ("base" is the empty database); returns the steps taken."""
    behind = list(_above(None if target == "base" else _known(target), _standing(engine)))
    for step in reversed(behind):
        say(f"  down  {step.revision}: {step.doc}")
        _take(engine, partial(command.downgrade, revision=str(step.down_revision or "base")))
    return len(behind)


def check(engine: Engine) -> None:
    """Compare the tables with the models; alembic's CommandError where they differ.

    SQLite does not tell on which expressions an index stands; on PostgreSQL these are compared.
    """
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*expression-based index")
        command.check(_config(connection))


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Config:
    config = Config(stdout=StringIO())  # what there is to say, the commands say
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _standing(engine: Engine) -> str | None:
    with engine.connect() as connection:
        present = present_migration(connection)
    if present is not None and present not in _names():
        raise click.ClickException(
            f"The database is at migration {present}, which this version does not know: "
            "it was used with a newer version of Factmark."
        )
    return present


def _known(target: str) -> str | None:
    if target == "head":
        return newest_migration()
    if target in _names():
        return target
    raise click.ClickException(
        f"There is no migration {target!r}; there are {', '.join(_names())}."
    )


def _names() -> list[str]:
    """Every migration, oldest first."""
    return [step.revision for step in _walk()]


def _walk() -> Iterator[Script]:
    return reversed(list(_script().walk_revisions()))


def _above(low: str | None, high: str | None) -> Iterator[Script]:
    """The steps from just above `low` up to `high`, oldest first; none where it stands lower."""
    order = [None, *_names()]
    first, last = order.index(low), order.index(high)
    return (step for place, step in enumerate(_walk(), 1) if first < place <= last)


def _take(engine: Engine, step: Callable[[Config], object]) -> None:
    lite = engine.dialect.name == "sqlite"
    if lite and not event.contains(engine, "connect", _let_go_of_foreign_keys):
        event.listen(engine, "connect", _let_go_of_foreign_keys)
        engine.dispose()
    with engine.begin() as connection:
        step(_config(connection))
        broken = lite and connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise click.ClickException(f"The migration broke a foreign key of {broken[0]}.")


def _let_go_of_foreign_keys(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
