"""`flask --app wsgi openapi`: the description of the API, for generators of clients."""

import json

import click
from flask.cli import with_appcontext

from app.commands.frame import application
from app.web.openapi import describe


@click.command("openapi")
@with_appcontext
def openapi() -> None:
    """Print the OpenAPI 3.1 description of the API as JSON."""
    about = describe(application(), application().config["VERSION"])
    click.echo(json.dumps(about, indent=2, ensure_ascii=False))
