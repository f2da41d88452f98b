"""Projects: their names, their settings, and their end."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from app.history.models import Change
from app.kernel.db import Database, reading
from app.projects.models import Membership, Project
from app.projects.settings import DEFAULTS
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.factories.teams import Team
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once


def _new(**other: Any) -> dict[str, Any]:
    return {"slug": f"p-{uuid4().hex}", "name": "A project", **other}


@pytest.fixture
def boss(api: Api, manager: Person) -> Api:
    return api.as_(manager)


def test_whoever_begins_a_project_manages_it(api: Api, outsider: Person) -> None:
    caller = api.as_(outsider)
    made = caller.post("/projects", _new(description="d", guidelines="g"))
    assert made.status_code == 201
    path = made.headers["Location"].removeprefix("/api/v1")
    assert path == f"/projects/{made.json['id']}"
    assert made.json["role"] == "manager"
    assert made.json["settings"] == DEFAULTS
    assert (made.json["description"], made.json["guidelines"]) == ("d", "g")
    read = caller.get(path)
    assert read.json == made.json
    assert read.headers["ETag"] == made.headers["ETag"]
    (member,) = caller.get(f"{path}/members").json["items"]
    assert (member["user_id"], member["role"]) == (outsider.id, "manager")


def test_a_project_is_reached_by_id_and_by_slug(boss: Api, project: MadeProject) -> None:
    by_id = boss.get(f"/projects/{project.id}")
    for name in (project.id.upper(), project.slug, project.slug.upper()):
        assert boss.get(f"/projects/{name}").json == by_id.json


@pytest.mark.parametrize("spelled", ["\u212a{}", "%00k{}", "k{}%00"])  # the sign of the kelvin
def test_a_project_is_reached_by_no_other_spelling(
    api: Api, outsider: Person, spelled: str
) -> None:
    mine, rest = api.as_(outsider), uuid4().hex
    assert mine.post("/projects", {"slug": f"k{rest}", "name": "K"}).status_code == 201
    assert mine.get(f"/projects/K{rest}/articles").status_code == 200
    assert_problem(mine.get(f"/projects/{spelled.format(rest)}/articles"), 404)
    assert_problem(api.get(f"/projects/{spelled.format(rest)}/articles"), 401)


def test_one_sees_ones_own_projects_with_ones_role(api: Api, team: Team) -> None:
    for name in ("manager", "reviewer", "annotator", "viewer"):
        (mine,) = api.as_(getattr(team, name)).get("/projects").json["items"]
        assert (mine["id"], mine["role"]) == (team.project.id, name)
    for stranger in (team.outsider, team.admin):
        assert api.as_(stranger).get("/projects").json == {"items": [], "next": None}


@pytest.mark.parametrize(
    "slug", ["a", "a1", "1a", "syria-2015", "a-b-c", "x" * 80, "a-" * 39 + "b"]
)
def test_good_slugs(api: Api, outsider: Person, slug: str) -> None:
    unique = slug if len(slug) > 40 else f"{slug}-{uuid4().hex}"
    if len(slug) > 40:
        unique = (uuid4().hex + slug)[: len(slug)]
    answer = api.as_(outsider).post("/projects", _new(slug=unique))
    assert answer.status_code == 201, answer.text
    assert api.as_(outsider).get(f"/projects/{unique}").status_code == 200


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "123",
        "A",
        "é",
        "a b",
        "-a",
        "a-",
        "a--b",
        "a_b",
        "a.b",
        "a/b",
        "a\n",
        "x" * 81,
        "a" + "-b" * 79,
        "01a20a6d-ff62-7783-8da1-cab1beefd68d",
    ],
)
def test_bad_slugs(api: Api, outsider: Person, slug: str) -> None:
    document = assert_problem(api.as_(outsider).post("/projects", _new(slug=slug)), 422)
    assert pointers(document) == {"/slug": "bad_slug"}


def test_a_slug_is_taken_once(api: Api, boss: Api, project: MadeProject, outsider: Person) -> None:
    taken = api.as_(outsider).post("/projects", _new(slug=project.slug))
    assert_problem(taken, 409, "slug_taken")
    other = api.as_(outsider).post("/projects", _new()).json
    moved = api.as_(outsider).patch(
        f"/projects/{other['id']}", {"slug": project.slug}, if_match="*"
    )
    assert_problem(moved, 409, "slug_taken")
    assert boss.patch(project.path, {"slug": project.slug}, if_match="*").status_code == 200


def test_a_slug_is_taken_once_at_the_same_moment(api: Api, outsider: Person) -> None:
    body = _new()
    answers = at_once(*[lambda: api.as_(outsider).post("/projects", body)] * 3)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            assert_problem(answer, 409, "slug_taken")


def _settings(boss: Api, project: MadeProject, **settings: Any) -> Answer:
    return boss.patch(project.path, {"settings": settings}, if_match="*")


def test_settings_are_merged_member_by_member(boss: Api, project: MadeProject) -> None:
    assert _settings(boss, project, blind=True, overlap=2).status_code == 200
    answer = _settings(boss, project, tag_set=["war", "water"])
    assert answer.json["settings"] == {
        **DEFAULTS,
        "blind": True,
        "overlap": 2,
        "tag_set": ["war", "water"],
    }
    assert _settings(boss, project, tag_set=None).json["settings"]["tag_set"] is None
    assert boss.patch(project.path, {}, if_match="*").json["settings"]["overlap"] == 2


@pytest.mark.parametrize("kind", ["application/json", "application/merge-patch+json"])
def test_a_merge_patch_may_say_so(boss: Api, project: MadeProject, kind: str) -> None:
    raw = b'{"description": "said"}'
    answer = boss.call("PATCH", project.path, data=raw, content_type=kind, if_match="*")
    assert answer.json["description"] == "said"
    assert answer.json["name"] == project.name


def _doubled(levels: int) -> dict[str, Any]:
    """A small schema that would hold one value 2 ** levels times against its last part."""
    defs: dict[str, Any] = {f"d{levels}": {"type": "object"}}
    for level in range(levels):
        defs[f"d{level}"] = {"allOf": [{"$ref": f"#/$defs/d{level + 1}"}] * 2}
    return {"$defs": defs, "$ref": "#/$defs/d0"}


def _looked_back_at(levels: int) -> dict[str, Any]:
    """One that takes two minutes for an empty object, at two levels more."""
    schema: dict[str, Any] = {"properties": {"a": {}}}
    for _ in range(levels):
        schema = {"allOf": [schema], "unevaluatedProperties": False}
    return schema


GOOD_SCHEMAS: list[dict[str, Any]] = [
    _doubled(8),
    _looked_back_at(5),
    {
        "properties": {
            side: {"$ref": "#", "title": side} for side in ("left", "right", "above", "below")
        },
        "items": {"$ref": "#"},
        "additionalProperties": False,
    },
    {"anyOf": [{"properties": {"kind": {"const": n}, "of": {}}} for n in range(200)]},
    {"anyOf": [{"properties": {"not": {"$ref": "#"}}}, {"properties": {"all": {"items": {}}}}]},
    {},
    {"type": "object", "required": ["severity"], "properties": {"severity": {"enum": [1, 2]}}},
    {"$defs": {"a": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/a"}}},
    {"properties": {"ratio": {"type": "number", "minimum": 0.5, "maximum": 1e300}}},
    {"$defs": {"tree": {"properties": {"left": {"$ref": "#/$defs/tree"}}}}, "$ref": "#/$defs/tree"},
    {"$id": "https://example.org/a", "$anchor": "top", "items": {"$ref": "#top"}},
    {"properties": {"$ref": {"type": "string"}}},
]


@pytest.mark.parametrize("schema", GOOD_SCHEMAS)
def test_a_schema_of_attributes_comes_back_as_it_went_in(
    boss: Api, project: MadeProject, schema: dict[str, Any]
) -> None:
    answer = _settings(boss, project, attribute_schema=schema)
    assert answer.status_code == 200, answer.text
    assert boss.get(project.path).json["settings"]["attribute_schema"] == schema
    cleared = _settings(boss, project, attribute_schema=None)
    assert cleared.json["settings"]["attribute_schema"] is None


BAD_SCHEMAS: list[tuple[Any, str]] = [
    (7, "not_an_object"),
    ([], "not_an_object"),
    ({"$ref": "https://example.org/schema.json"}, "outside_reference"),
    ({"$ref": "file:///etc/passwd"}, "outside_reference"),
    ({"items": [{"anyOf": [{"$dynamicRef": "other#x"}]}]}, "outside_reference"),
    ({"properties": {"x": {"$ref": "#/$defs/none"}}}, "bad_schema"),
    ({"$ref": "#"}, "bad_schema"),
    ({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, "bad_schema"),
    ({"$defs": {"a": {"anyOf": [{}, {"$ref": "#/$defs/a"}]}}}, "bad_schema"),
    ({"properties": {"x": {"$ref": "#nobody"}}}, "bad_schema"),
    (_doubled(30), "bad_schema"),
    (_looked_back_at(20), "bad_schema"),
    (
        {"$defs": {"n": {"items": {"allOf": [{"$ref": "#/$defs/n"}] * 2}}}, "$ref": "#/$defs/n"},
        "bad_schema",
    ),
    (
        {"properties": {"a": {"$ref": "#"}}, "patternProperties": {"a": {"$ref": "#"}}},
        "bad_schema",
    ),
    ({"description": "x" * 2**18}, "bad_schema"),
]


@pytest.mark.parametrize(("schema", "code"), BAD_SCHEMAS)
def test_a_bad_schema_of_attributes_is_refused(
    boss: Api, project: MadeProject, schema: Any, code: str
) -> None:
    document = assert_problem(_settings(boss, project, attribute_schema=schema), 422, code)
    assert pointers(document) == {"/settings/attribute_schema": code}
    assert boss.get(project.path).json["settings"]["attribute_schema"] is None


BAD_PLACES: list[tuple[Any, str, str]] = [
    ({"type": "strange"}, "/type", "bad_schema"),
    ({"properties": 7}, "/properties", "bad_schema"),
    ({"minimum": "7"}, "/minimum", "bad_schema"),
    ({"$ref": 7}, "/$ref", "bad_schema"),
    ({"pattern": "("}, "/pattern", "bad_pattern"),
    ({"items": {"pattern": "(?=a)b"}}, "/items/pattern", "bad_pattern"),
    ({"allOf": [{}, {"pattern": r"(a)\1"}]}, "/allOf/1/pattern", "bad_pattern"),
    ({"patternProperties": {"a/(?!b)": {}}}, "/patternProperties/a~1(?!b)", "bad_pattern"),
    ({"not": {"pattern": "(a{999}){999}"}}, "/not/pattern", "bad_pattern"),
]


@pytest.mark.parametrize(("schema", "place", "code"), BAD_PLACES)
def test_where_a_schema_of_attributes_is_bad_is_told(
    boss: Api, project: MadeProject, schema: Any, place: str, code: str
) -> None:
    document = assert_problem(_settings(boss, project, attribute_schema=schema), 422, code)
    assert pointers(document) == {f"/settings/attribute_schema{place}": code}


HOSTILE: list[dict[str, Any]] = [
    {"properties": {"x": {"pattern": "^(a+)+$"}}},
    {"properties": {"x": {"pattern": "^(a|a)*$"}}},
    {"patternProperties": {"^(a+)+$": {"type": "null"}}, "additionalProperties": False},
    {"patternProperties": {"^(a|a)*$": {"type": "null"}}, "unevaluatedProperties": False},
    {"propertyNames": {"pattern": "^(x|([a-z]+)*)$"}},
]


@pytest.mark.parametrize("schema", HOSTILE)
def test_no_pattern_makes_an_annotation_slow(
    boss: Api, project: MadeProject, schema: dict[str, Any]
) -> None:
    """Backtracking would take longer than the universe has been there."""
    assert _settings(boss, project, attribute_schema=schema).status_code == 200
    article = boss.post(f"{project.path}/articles", {"title": "A", "text": "Ten people died."})
    long = "a" * 5000 + "!"
    name = "x" if "properties" in schema else long
    body = {
        "kind": "claim",
        "target": {"start": 0, "end": 3},
        "attributes": {"extra": {name: long}},
    }
    began = time.process_time()
    answer = boss.post(f"/articles/{article.json['id']}/annotations", body)
    document = assert_problem(answer, 422, "attribute_schema")
    assert time.process_time() - began < 2
    assert all(pointer.startswith("/attributes/extra") for pointer in pointers(document))


@pytest.mark.parametrize(
    ("settings", "place", "code"),
    [
        ({"overlap": 0}, "/overlap", "out_of_range"),
        ({"overlap": 1.0}, "/overlap", "not_an_integer"),
        ({"blind": None}, "/blind", "null"),
        ({"tag_set": "war"}, "/tag_set", None),
        ({"tag_set": ["x"] * 1001}, "/tag_set", "length"),
        ({"colour": "red"}, "/colour", "unknown_field"),
    ],
)
def test_bad_settings_are_refused(
    boss: Api, project: MadeProject, settings: dict[str, Any], place: str, code: str | None
) -> None:
    document = assert_problem(_settings(boss, project, **settings), 422, code)
    assert list(pointers(document)) == [f"/settings{place}"]


def test_a_project_ends_with_everything_in_it(
    api: Api, boss: Api, team: Team, database: Database
) -> None:
    project = team.project
    article = boss.post(f"{project.path}/articles", {"title": "A", "text": "Ten people died."})
    tag = {"kind": "claim", "target": {"start": 0, "end": 3}}
    assert boss.post(f"/articles/{article.json['id']}/annotations", tag).status_code == 201
    assert boss.delete(project.path, if_match="*").status_code == 204
    for who in (team.manager, team.viewer):
        assert_problem(api.as_(who).get(project.path), 404)
        assert_problem(api.as_(who).get(f"/articles/{article.json['id']}"), 404)
    with reading(database) as session:
        for table in (Membership, Change):
            left = select(func.count()).where(table.project_id == project.id)
            assert session.scalar(left) == 0
        assert session.get(Project, project.id) is None
        tables = session.scalars(
            text("SELECT count(*) FROM articles WHERE project_id = :id"), {"id": project.id}
        )
        assert tables.one() == 0
    assert api.as_(team.outsider).post("/projects", _new(slug=project.slug)).status_code == 201


def test_lists_and_single_things_take_few_statements(
    boss: Api, project: MadeProject, statements: Callable[[], Any]
) -> None:
    for path in ("/projects", project.path, f"{project.path}/members"):
        with statements() as seen:
            assert boss.get(path).status_code == 200
        assert len(seen) == 2, path
    with statements() as seen:
        assert boss.patch(project.path, {"name": "New"}, if_match="*").status_code == 200
    assert len(seen) <= 4  # the door; the project, held; its update; its history
