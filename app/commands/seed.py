"""`flask --app wsgi seed`: the demo, and the originals for those who have them."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.commands.frame import working


@click.command("seed")
@click.option(
    "--originals",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Verify and load the five original articles from this folder instead of the demo.",
)
@with_appcontext
def seed(originals: Path | None) -> None:
    """Load the demo project: five articles, tagged and linked. Twice changes nothing."""
    from seeds.demo import load_demo  # the data lies beside the package, in a checkout
    from seeds.originals import WrongFile, load_originals

    with working():
        try:
            if originals is not None:
                load_originals(originals, click.echo)
            else:
                load_demo(click.echo)
        except WrongFile as error:
            raise click.ClickException(str(error)) from None
