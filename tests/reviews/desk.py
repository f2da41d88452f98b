"""A review desk: a project with a team, and what people do there through the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.factories.accounts import Person, add_person
from tests.factories.projects import MadeProject, add_member, add_project
from tests.support.api import Answer, Api

Json = dict[str, Any]
TEXT = "Residents said the strike killed 14 people. Officials said 9 people died. 😀 Nobody knows."
CLAIM: Json = {
    "kind": "claim",
    "target": {"exact": "the strike killed 14 people"},
    "attributes": {"statement": "A strike killed 14 people."},
    "state": "submitted",
}
FIGURE: Json = {
    "kind": "figure",
    "target": {"exact": "9 people"},
    "attributes": {"value": "9", "unit": "person"},
    "state": "submitted",
}


@dataclass(frozen=True)
class Desk:
    """A project, its people by name, and the API.

    The names are manager, reviewer, critic (another reviewer), ann, bo, cy (annotators) and
    viewer.
    """

    app: Application
    project: MadeProject
    people: Mapping[str, Person]

    def as_(self, name: str) -> Api:
        """The API as one of the people."""
        return Api(self.app, self.people[name].token)

    def id(self, name: str) -> str:
        """The id of one of the people."""
        return self.people[name].id

    @property
    def path(self) -> str:
        """Where the project stands in the API."""
        return self.project.path

    def article(self, **data: Any) -> Json:
        """A new article."""
        body = {"title": "A strike", "text": TEXT, **data}
        return made(self.as_("manager").post(f"{self.path}/articles", body))

    def articles(self, count: int) -> list[str]:
        """The ids of so many new articles."""
        return [self.article()["id"] for _ in range(count)]

    def tag(self, name: str, article: Json | str, body: Json = CLAIM, **data: Any) -> Json:
        """A new annotation by someone."""
        article_id = article if isinstance(article, str) else article["id"]
        path = f"/articles/{article_id}/annotations"
        return made(self.as_(name).post(path, {**body, **data}))

    def link(self, name: str, first: Json, second: Json, **data: Any) -> Json:
        """A new link by someone."""
        ends = {"from": first["id"], "to": second["id"]}
        body = {**ends, "relation": "contradicts", "state": "submitted", **data}
        return made(self.as_(name).post(f"{self.path}/links", body))

    def review(
        self, name: str, thing: Json, action: str, reason: str | None = None, match: str = "*"
    ) -> Answer:
        """A step of review on an annotation or a link."""
        body = {"action": action} | ({"reason": reason} if reason is not None else {})
        return self.as_(name).post(f"{path_of(thing)}/review", body, if_match=match)

    def assign(self, articles: list[str], users: str = "", **data: Any) -> Json:
        """Seats at articles for the people named, words between spaces, or for anybody."""
        body: Json = {"articles": articles, "task": "annotate", **data}
        if users:
            body["users"] = [self.id(name) for name in users.split()]
        return made(self.as_("manager").post(f"{self.path}/assignments", body))

    def next(self, name: str, **data: Any) -> Json | None:
        """Someone's next seat, or None."""
        answer = self.as_(name).post(f"{self.path}/assignments/next", data)
        assert answer.status_code in {200, 204}, answer.get_data(as_text=True)
        return answer.json if answer.status_code == 200 else None

    def move(self, name: str, seat: Json, state: str, **data: Any) -> Answer:
        """A seat brought into another state."""
        body = {"state": state, **data}
        return self.as_(name).patch(f"/assignments/{seat['id']}", body, if_match="*")

    def done(self, name: str, article: str) -> Json:
        """Someone is assigned an article, beside whoever is already, and done with it."""
        query = {"article": article}
        there = read(self.as_("manager").get(f"{self.path}/assignments", query=query))["items"]
        (seat,) = self.assign([article], name, overlap=len(there) + 1)["items"]
        answer = self.move(name, seat, "done")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return dict(answer.json)  # type: ignore[arg-type]  # just checked


def make_desk(app: Application, **settings: Any) -> Desk:
    """A desk whose project has these settings."""
    with unit_of_work(app.database):
        names = ("manager", "reviewer", "critic", "ann", "bo", "cy", "viewer")
        people = {name: add_person(app, name) for name in names}
        project = add_project(people["manager"], settings=settings)
        roles = {"reviewer": Role.reviewer, "critic": Role.reviewer, "viewer": Role.viewer}
        for name in names[1:]:
            role = roles.get(name, Role.annotator)
            add_member(people["manager"], project, people[name], role)
    return Desk(app, project, people)


def path_of(thing: Json) -> str:
    """Where an annotation or a link stands in the API."""
    return f"/links/{thing['id']}" if "relation" in thing else f"/annotations/{thing['id']}"


def made(answer: Answer) -> Json:
    """What was made."""
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.json)  # type: ignore[arg-type]  # just checked


def read(answer: Answer) -> Json:
    """What was answered."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.json)  # type: ignore[arg-type]  # just checked
