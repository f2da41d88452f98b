"""The command line: `flask --app wsgi COMMAND`, each with `--help`.

Exit codes: 0 done, 1 refused or found wrong (a sentence on standard error says why), 2 called
in a way that does not exist.
"""

from flask import Flask

from app.commands.checking import check
from app.commands.database import db
from app.commands.description import openapi
from app.commands.exporting import export
from app.commands.importing import bring_in
from app.commands.people import user
from app.commands.preparing import prepare
from app.commands.projects import project
from app.commands.seed import seed
from app.commands.webhooks import webhooks

COMMANDS = (db, user, project, seed, check, openapi, prepare, webhooks, export, bring_in)


def register(app: Flask) -> None:
    """Give the application its commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
