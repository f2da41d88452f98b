"""Things to exchange, made through the API as anybody makes them."""

from typing import Any

from app.annotations.models import Unveiled
from app.kernel.db import session
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.support.api import Api

Json = dict[str, Any]
TEXT = "Residents said the strike killed 14 people. Officials said 9 people died. 😀 Nobody knows."


def add_article(api: Api, project: MadeProject, **data: Any) -> Json:
    """An article whose text says two numbers."""
    return _made(api.post(f"{project.path}/articles", {"title": "A strike", "text": TEXT, **data}))


def add_annotation(api: Api, article: Json, exact: str = "14 people", **data: Any) -> Json:
    """A figure in the article."""
    body = {
        "kind": "figure",
        "target": {"exact": exact},
        "attributes": {"value": exact.split(" ")[0], "unit": "person"},
    }
    return _made(api.post(f"/articles/{article['id']}/annotations", {**body, **data}))


def add_link(api: Api, project: MadeProject, first: Json, second: Json, **data: Any) -> Json:
    """A contradiction between two annotations."""
    body = {"from": first["id"], "to": second["id"], "relation": "contradicts"}
    return _made(api.post(f"{project.path}/links", {**body, **data}))


def change(api: Api, path: str, data: Json) -> Json:
    """The thing at the path, changed, whatever its version."""
    answer = api.patch(path, data, if_match="*")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.json)


def remove(api: Api, path: str) -> None:
    """The thing at the path is no more."""
    assert api.delete(path, if_match="*").status_code == 204


def unveil(person: Person, article: Json) -> None:
    """Let someone be done with an article; inside a unit of work."""
    session().add(Unveiled(article_id=article["id"], user_id=person.id))


def _made(answer: Any) -> Json:
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.json)
