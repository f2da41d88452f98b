"""`flask --app wsgi project …`: mend a project from the command line."""

import click
from flask.cli import AppGroup

from app.accounts.queries import find_by_email
from app.commands.frame import working
from app.kernel.actor import Role
from app.kernel.errors import NotFound
from app.projects import queries, service
from app.projects.acting import stand_above

project = AppGroup("project", help="Say who belongs to a project.")


@project.command("put-member")
@click.option("--project", "name", required=True, help="The project's slug or id.")
@click.option("--email", required=True, help="What the person signs in with.")
@click.option("--role", type=click.Choice([role.name for role in Role]), default="manager")
def put_member(name: str, email: str, role: str) -> None:
    """Make a person a member of a project, or change their role.

    The way back into a project whose managers have all been disabled.
    """
    with working():
        actor, user = stand_above(name), find_by_email(email)
        if user is None:
            raise NotFound(f"There is no user {email!r}.")
        before = queries.find_member(actor, user.id, for_change=True)
        service.put_member(actor, before, user, Role[role])
    click.echo(f"{user.email} is {role} of {actor.project.slug}.")
