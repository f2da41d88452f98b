"""A whole cast: one person for every way of standing towards a project."""

from dataclasses import dataclass

from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.factories.accounts import Person, add_person
from tests.factories.projects import MadeProject, add_project


@dataclass(frozen=True)
class Team:
    """The members of one project by role, and two who are no members of it."""

    project: MadeProject
    manager: Person
    reviewer: Person
    annotator: Person
    viewer: Person
    outsider: Person
    admin: Person


def make_team(app: Application) -> Team:
    """Six new people and their project."""
    with unit_of_work(app.database):
        cast = {role: add_person(app, role.name.capitalize()) for role in Role}
        outsider = add_person(app, "Outsider")
        admin = add_person(app, "Admin", is_admin=True)
        others = {role: cast[role] for role in Role if role is not Role.manager}
        project = add_project(cast[Role.manager], others)
    return Team(
        project,
        cast[Role.manager],
        cast[Role.reviewer],
        cast[Role.annotator],
        cast[Role.viewer],
        outsider,
        admin,
    )
