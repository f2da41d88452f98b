"""`flask --app wsgi user …`: add people from the command line."""

import os
import sys

import click
from flask.cli import AppGroup

from app.accounts import service
from app.accounts.schemas import UserIn
from app.commands import administrator
from app.commands.frame import application, working
from app.web.bodies import load

user = AppGroup("user", help="Add people who can sign in.")


@user.command("create")
@click.option("--email", required=True, help="What the person signs in with.")
@click.option("--name", required=True, help="What the others see.")
@click.option("--admin", is_flag=True, help="Make the person an administrator of the server.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of the input."
)
def create(email: str, name: str, admin: bool, password_stdin: bool) -> None:
    """Add a person.

    The password comes from the input (--password-stdin), else from ADMIN_PASSWORD, else it is
    asked for. It is never an argument, since arguments show in the list of processes.
    """
    given = {"email": email, "name": name, "password": _password(password_stdin)}
    with working():
        made = service.create_user(None, load(UserIn, {**given, "is_admin": admin}))
    click.echo(f"{made.email} can sign in{' and is an administrator' if admin else ''}.")


@user.command("ensure-admin")
def ensure_admin() -> None:
    """Make an administrator where there is none yet; running it again changes nothing.

    ADMIN_EMAIL names the account (admin@example.org by default) and ADMIN_PASSWORD its
    password; without the latter one is made up, kept in DATA_DIR/admin-password and told once.
    """
    with working():
        found = administrator.ensure(application().config["DATA_DIR"], os.environ)
    click.echo(found.sentence)


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if given := os.environ.get("ADMIN_PASSWORD"):
        return given
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    raise click.UsageError("Pipe the password to --password-stdin, or set ADMIN_PASSWORD.")
