"""Migrate an empty database on each engine, compare it with the models, and validate the API."""

import sys

import click
from alembic.script import ScriptDirectory
from openapi_spec_validator import validate

from app.kernel.migrations import MIGRATIONS
from app.web.openapi import describe
from tests.support import postgres
from tests.support.apps import build_app
from tests.support.databases import Databases
from tests.support.home import make_home


def main() -> None:
    """Run every check; the process ends with 1 at the first that fails."""
    heads = ScriptDirectory(str(MIGRATIONS)).get_heads()
    _report("one newest migration", len(heads) == 1, f"there are {heads}")
    make_home()
    try:
        for engine in ("sqlite", "postgresql"):
            _check(engine)
    finally:
        postgres.stop_server()


def _check(engine: str) -> None:
    databases = Databases(engine)
    app = build_app(databases.empty())
    runner = app.test_cli_runner()
    for words in (["db", "upgrade"], ["db", "check"], ["db", "downgrade", "--yes", "base"]):
        result = runner.invoke(args=words)
        _report(f"{engine}: {' '.join(words)}", result.exit_code == 0, result.output)
    if engine == "sqlite":
        validate(describe(app, app.config["VERSION"]))
        _report("the API description is valid OpenAPI", True, "")
    app.database.dispose()
    databases.drop_all()


def _report(what: str, good: bool, told: str) -> None:
    click.echo(f"{'ok   ' if good else 'WRONG'}  {what}")
    if not good:
        click.echo(told, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
