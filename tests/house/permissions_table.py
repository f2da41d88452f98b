"""Who may call what: every route, the least that its caller must be, and a request that is good.

Read a line as "to do this you must be at least that":

- `OPEN`: anybody, without a token.
- `SIGNED_IN`: anybody who signed in; nobody else.
- `OWN`: anybody who signed in, for what is their own; others are told there is no such thing.
- `ADMIN`: an administrator of the server.
- a role: a member of the project with this role or a higher one. Who is no member, an
  administrator too, is told there is no such thing.

A line carries a builder of a request that succeeds for whoever is allowed. It is called anew
for every caller, since some requests can succeed only once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import uuid4

from app.accounts import tokens
from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.factories import accounts, projects
from tests.factories.accounts import PASSWORD, Person
from tests.factories.projects import MadeProject
from tests.factories.teams import Team


class Word(Enum):
    """Conditions other than a role in a project."""

    OPEN = "anybody"
    SIGNED_IN = "signed in"
    OWN = "the owner"
    ADMIN = "administrator"


OPEN, SIGNED_IN, OWN, ADMIN = Word.OPEN, Word.SIGNED_IN, Word.OWN, Word.ADMIN
viewer, annotator, reviewer, manager = Role


@dataclass(frozen=True)
class Ask:
    """A request: a path as `Api` takes it and its keyword arguments."""

    path: str
    more: dict[str, Any] = field(default_factory=dict)


def ask(path: str, json: Any = None, **more: Any) -> Ask:
    """A request, with a body where there is one."""
    return Ask(path, more if json is None else {"json": json, **more})


@dataclass(frozen=True)
class Scene:
    """What a builder finds: the cast, and whose the thing asked for shall be."""

    app: Application
    team: Team
    owner: Person

    @property
    def project(self) -> MadeProject:
        """The cast's project. What a request would destroy, make anew."""
        return self.team.project

    def another_project(self) -> MadeProject:
        """One more project with the same cast."""
        cast = {role: getattr(self.team, role.name) for role in Role if role is not manager}
        with unit_of_work(self.app.database):
            return projects.add_project(self.team.manager, cast)

    def somebody(self) -> Person:
        """One more person."""
        with unit_of_work(self.app.database):
            return accounts.add_person(self.app)

    def new_member(self) -> Person:
        """One more person, who is a viewer of the project."""
        with unit_of_work(self.app.database):
            person = accounts.add_person(self.app)
            projects.add_member(self.team.manager, self.project, person, viewer)
        return person

    def token_of_owner(self) -> str:
        """The id of a personal token of the owner's."""
        with unit_of_work(self.app.database):
            data = {"name": "script", "scopes": ["read"]}
            return tokens.create(self.owner.actor, data)[0].id


Builder = Callable[[Scene], Ask]


@dataclass(frozen=True)
class Line:
    """One line of the table. `note` tells apart lines about the same route."""

    method: str
    rule: str
    least: Word | Role
    build: Builder
    note: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.rule} {self.note}".strip()


def _login(scene: Scene) -> Ask:
    return ask("/auth/login", {"email": scene.owner.email, "password": PASSWORD})


def _refresh(scene: Scene) -> Ask:
    bearer = {"Authorization": f"Bearer {scene.somebody().refresh_token}"}
    return ask("/auth/refresh", headers=bearer)


def _logout(scene: Scene) -> Ask:
    return ask("/auth/logout", headers={"Authorization": f"Bearer {scene.somebody().token}"})


def _new_user(_scene: Scene) -> Ask:
    email = f"{uuid4().hex}@example.org"
    return ask("/users", {"email": email, "name": "New", "password": PASSWORD})


def _new_project(_scene: Scene) -> Ask:
    return ask("/projects", {"slug": f"p-{uuid4().hex}", "name": "New"})


def _member(scene: Scene) -> str:
    return f"{scene.project.path}/members/{scene.new_member().id}"


API = "/api/v1"
TABLE = (
    # The server itself
    Line("GET", "/healthz", OPEN, lambda _: ask("//healthz")),
    Line("GET", "/readyz", OPEN, lambda _: ask("//readyz")),
    Line("GET", "/metrics", OPEN, lambda _: ask("//metrics")),
    Line("GET", "/openapi.json", OPEN, lambda _: ask("//openapi.json")),
    Line("GET", "/docs", OPEN, lambda _: ask("//docs")),
    Line("GET", "/docs/<path:name>", OPEN, lambda _: ask("//docs/docs.js")),
    # Accounts
    Line("POST", f"{API}/auth/login", OPEN, _login),
    Line("POST", f"{API}/auth/refresh", OPEN, _refresh, "it carries its own token"),
    Line("POST", f"{API}/auth/logout", OPEN, _logout, "it carries its own token"),
    Line("GET", f"{API}/me", SIGNED_IN, lambda _: ask("/me")),
    Line("PATCH", f"{API}/me", SIGNED_IN, lambda _: ask("/me", {"name": "New"}, if_match="*")),
    Line(
        "POST",
        f"{API}/me/tokens",
        SIGNED_IN,
        lambda _: ask("/me/tokens", {"name": "script", "scopes": ["read"]}),
    ),
    Line("GET", f"{API}/me/tokens", SIGNED_IN, lambda _: ask("/me/tokens")),
    Line(
        "GET",
        f"{API}/me/tokens/<id:token_id>",
        OWN,
        lambda scene: ask(f"/me/tokens/{scene.token_of_owner()}"),
    ),
    Line(
        "DELETE",
        f"{API}/me/tokens/<id:token_id>",
        OWN,
        lambda scene: ask(f"/me/tokens/{scene.token_of_owner()}", if_match="*"),
    ),
    Line("POST", f"{API}/users", ADMIN, _new_user),
    Line("GET", f"{API}/users", ADMIN, lambda _: ask("/users"), "everybody"),
    Line(
        "GET",
        f"{API}/users",
        SIGNED_IN,
        lambda scene: ask("/users", query={"email": scene.team.outsider.email}),
        "one by address",
    ),
    Line(
        "GET",
        f"{API}/users/<id:user_id>",
        ADMIN,
        lambda scene: ask(f"/users/{scene.team.viewer.id}"),
    ),
    Line(
        "PATCH",
        f"{API}/users/<id:user_id>",
        ADMIN,
        lambda scene: ask(f"/users/{scene.somebody().id}", {"name": "New"}, if_match="*"),
    ),
    # Projects
    Line("POST", f"{API}/projects", SIGNED_IN, _new_project),
    Line("GET", f"{API}/projects", SIGNED_IN, lambda _: ask("/projects")),
    Line("GET", f"{API}/projects/<project>", viewer, lambda scene: ask(scene.project.path)),
    Line(
        "PATCH",
        f"{API}/projects/<project>",
        manager,
        lambda scene: ask(scene.project.path, {"name": "New"}, if_match="*"),
    ),
    Line(
        "DELETE",
        f"{API}/projects/<project>",
        manager,
        lambda scene: ask(scene.another_project().path, if_match="*"),
    ),
    Line(
        "GET",
        f"{API}/projects/<project>/members",
        viewer,
        lambda scene: ask(f"{scene.project.path}/members"),
    ),
    Line(
        "GET",
        f"{API}/projects/<project>/members/<id:user_id>",
        viewer,
        lambda scene: ask(f"{scene.project.path}/members/{scene.team.viewer.id}"),
    ),
    Line(
        "PUT",
        f"{API}/projects/<project>/members/<id:user_id>",
        manager,
        lambda scene: ask(_member(scene), {"role": "reviewer"}),
    ),
    Line(
        "DELETE",
        f"{API}/projects/<project>/members/<id:user_id>",
        manager,
        lambda scene: ask(_member(scene), if_match="*"),
    ),
    # Exchange
    Line(
        "GET",
        f"{API}/projects/<project>/changes",
        viewer,
        lambda scene: ask(f"{scene.project.path}/changes"),
    ),
)
