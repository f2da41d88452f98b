"""`flask --app wsgi db …`: bring the tables to a version of the product."""

import click
from alembic.util import CommandError
from flask.cli import AppGroup

from app.commands import steps
from app.commands.frame import patiently
from app.kernel.migrations import newest_migration, present_migration

db = AppGroup("db", help="Bring the database's tables to this version, or back.")


@db.command("upgrade")
@click.argument("migration", default="head")
def upgrade(migration: str) -> None:
    """Apply every migration up to MIGRATION (the newest, if none is named)."""
    with patiently() as database:
        taken = steps.upgrade(database.writer, migration, click.echo)
    click.echo(f"{taken} migrations applied." if taken else "The database is up to date.")


@db.command("downgrade")
@click.argument("migration")
@click.option("--yes", is_flag=True, help="Do not ask; what the dropped tables hold is lost.")
def downgrade(migration: str, yes: bool) -> None:
    """Take back every migration after MIGRATION; `base` takes back all of them."""
    if not yes:
        click.confirm("What the dropped tables and columns hold will be lost. Go on?", abort=True)
    with patiently() as database:
        taken = steps.downgrade(database.writer, migration, click.echo)
    click.echo(f"{taken} migrations taken back." if taken else "There was nothing to take back.")


@db.command("check")
def check() -> None:
    """Compare the tables with the models; exit code 1 where they differ."""
    with patiently() as database:
        try:
            steps.check(database.writer)
        except CommandError as error:
            raise click.ClickException(str(error)) from None
    click.echo("The tables are what the models say.")


@db.command("current")
def current() -> None:
    """Tell the migration the database is at, and the newest; exit code 1 where they differ."""
    with patiently() as database, database.reader.connect() as connection:
        have = present_migration(connection)
    click.echo(f"at      {have or 'none'}\nnewest  {newest_migration()}")
    if have != newest_migration():
        raise SystemExit(1)
