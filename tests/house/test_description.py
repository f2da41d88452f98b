"""The OpenAPI description as the author of a front end reads it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import app.web
from app.annotations.examples import ANNOTATIONS
from app.articles.examples import ARTICLE
from app.exchange.schemas import REPORT, ImportOut
from app.links.examples import LINK
from app.web.application import Application
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.support.api import Api

Json = dict[str, Any]
PROBLEMS = Path(app.web.__file__).parent / "static" / "problems.html"


@pytest.fixture(scope="module")
def description(app: Application) -> Json:
    found: Json = app.test_client().get("/openapi.json").json
    return found


def operations(description: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def members(thing: Any) -> Iterator[tuple[str, Any]]:
    """Every member of every object, however deep."""
    if isinstance(thing, dict):
        yield from thing.items()
    for inner in thing.values() if isinstance(thing, dict) else thing:
        if isinstance(inner, dict | list):
            yield from members(inner)


def test_every_reference_leads_somewhere(description: Json) -> None:
    references = {value for name, value in members(description) if name == "$ref"}
    assert len(references) > 50
    for reference in references:
        here = description
        for step in reference.removeprefix("#/").split("/"):
            here = here[step]


def test_every_operation_and_parameter_is_told_in_words(description: Json) -> None:
    silent = []
    for name, operation in operations(description):
        if not operation["summary"]:
            silent.append(name)
        for parameter in operation["parameters"]:
            told = parameter.get("description") or parameter["schema"].get("description")
            if not told:
                silent.append(f"{name}: {parameter['name']}")
    assert silent == []


def test_every_room_tells_what_it_is(description: Json) -> None:
    rooms = {tag["name"] for tag in description["tags"] if len(tag["description"]) > 20}
    assert rooms == {tag for _, one in operations(description) for tag in one["tags"]}


def test_every_refusal_has_an_example_with_a_code_that_is_explained(description: Json) -> None:
    explained = PROBLEMS.read_text()
    shape = Draft202012Validator(description["components"]["schemas"]["Problem"])
    for name, answer in description["components"]["responses"].items():
        example = answer["content"]["application/problem+json"]["example"]
        shape.validate(example)
        assert name == f"Refused{example['status']}"
        assert f'id="{example["code"]}"' in explained


def test_the_attributes_of_every_kind_are_described(description: Json) -> None:
    schemas = description["components"]["schemas"]
    attributes = schemas["AnnotationIn"]["properties"]["attributes"]
    named = [one["$ref"].rpartition("/")[2] for one in attributes["anyOf"] if "$ref" in one]
    assert named == ["ClaimAttributes", "FigureAttributes", "AttributionAttributes"]
    assert "comparator" in schemas["FigureAttributes"]["properties"]


def test_the_examples_do_as_they_stand(
    api: Api, project: MadeProject, annotator: Person, description: Json
) -> None:
    mine = api.as_(annotator)
    article = mine.post(f"{project.path}/articles", ARTICLE)
    assert article.status_code == 201, article.text
    path = f"/articles/{article.json['id']}/annotations"
    made = {}
    for name, body in ANNOTATIONS.items():
        made[name] = mine.post(path, body)
        assert made[name].status_code == 201, made[name].text
    ends = {"from": made["figure"].json["id"], "to": made["claim"].json["id"]}
    link = mine.post(f"{project.path}/links", {**LINK, **ends})
    assert link.status_code == 201, link.text
    assert ImportOut().validate(REPORT) == {}
    shown = {str(value) for name, value in members(description) if name == "value"}
    assert {str(one) for one in (ARTICLE, LINK, *ANNOTATIONS.values())} <= shown
