"""`flask --app wsgi check`: is the server ready, and does what is stored still agree?"""

import click
from flask.cli import with_appcontext

from app.commands.frame import plainly, require_migrated, snapshot
from app.commands.integrity import CHECKS
from app.commands.releases import releases_named, releases_whole

RELEASES = (
    ("every release is as it was stored", releases_whole),
    ("every file of a release belongs to one", releases_named),
)


@click.command("check")
@with_appcontext
def check() -> None:
    """Check settings, database and stored data; exit code 1 where something is wrong.

    Nothing is changed. Every stored text and quotation is read once, so this may take a while.
    """
    with plainly():
        require_migrated()
    click.echo("ok     the database answers and has every migration")
    wrong = 0
    with snapshot() as session:
        for told, find in (*CHECKS, *RELEASES):
            problems = list(find(session))
            wrong += len(problems)
            for problem in problems:
                click.echo(f"WRONG  {problem}")
            if not problems:
                click.echo(f"ok     {told}")
    if wrong:
        raise click.ClickException(f"wrong: {wrong}")
