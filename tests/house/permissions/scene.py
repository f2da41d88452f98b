"""What the builders of requests find, and how they make what a request is about."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.accounts import tokens
from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.factories import accounts, projects
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.factories.teams import Team
from tests.support.api import Api

TEXT = "The army said that ten people died. The mayor said that twelve people died."


@dataclass(frozen=True)
class Scene:
    """The cast, and whose the thing asked for shall be."""

    app: Application
    team: Team
    owner: Person

    @property
    def project(self) -> MadeProject:
        """The cast's project. What a request would destroy, make anew."""
        return self.team.project

    @property
    def author(self) -> Person:
        """The owner, or the annotator where the owner may not make anything."""
        able = (self.team.annotator, self.team.reviewer, self.team.manager)
        return self.owner if self.owner in able else self.team.annotator

    def another_project(self) -> MadeProject:
        """One more project with the same cast."""
        cast = {role: getattr(self.team, role.name) for role in Role if role is not Role.manager}
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
            projects.add_member(self.team.manager, self.project, person, Role.viewer)
        return person

    def token_of_owner(self) -> str:
        """The id of a personal token of the owner's."""
        with unit_of_work(self.app.database):
            data = {"name": "script", "scopes": ["read"]}
            return tokens.create(self.owner.actor, data)[0].id

    def made(self, person: Person, path: str, body: Any, **more: Any) -> str:
        """The id of what this person makes by posting."""
        answer = Api(self.app).as_(person).post(path, body, **more)
        assert answer.status_code in {200, 201}, answer.text
        document = answer.json
        return str(document["id"] if "id" in document else document["items"][0]["id"])

    @cached_property
    def article(self) -> str:
        """The id of an article of the project."""
        body = {"title": "What was said", "text": TEXT}
        return self.made(self.team.manager, f"{self.project.path}/articles", body)

    def annotation(self, state: str = "draft", start: int = 0) -> str:
        """The id of a new annotation of the author's on the article."""
        target = {"start": start, "end": start + 20}
        body = {"kind": "claim", "target": target, "state": state}
        return self.made(self.author, f"/articles/{self.article}/annotations", body)

    def ends(self) -> dict[str, str]:
        """Two annotations that can be linked."""
        return {
            "from": self.annotation(),
            "to": self.annotation(start=5),
            "relation": "corroborates",
        }

    def link(self, **more: Any) -> str:
        """The id of a new link of the author's."""
        return self.made(self.author, f"{self.project.path}/links", {**self.ends(), **more})

    def speaker(self, name: str) -> str:
        """The id of a new source."""
        body = {"name": name, "type": "person"}
        return self.made(self.team.annotator, f"{self.project.path}/sources", body)
