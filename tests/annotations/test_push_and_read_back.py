"""What is read from one project can be pushed to another and read back equal, in every unit."""

from pathlib import Path
from typing import Any

import pytest

from app.accounts.queries import get_user
from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.projects.acting import standing
from app.projects.models import Project
from seeds.demo import load_demo
from seeds.people import ensure_member
from tests.support.api import Api

READ_ONLY = {
    "id",
    "article_id",
    "project_id",
    "revision",
    "anchoring",
    "anchoring_score",
    "layer",
    "author",
    "version",
    "created_at",
    "updated_at",
    "reported_by",
    "verdict",
    "links",
}
ORIGINAL = Path(__file__).parents[3] / "shared" / "articles" / "000_51e84ebc3dabfd14.txt"


def _said(annotation: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in annotation.items() if name not in READ_ONLY}


def _pushed(api: Api, slug: str, article: dict[str, Any], unit: str) -> dict[str, Any]:
    """A copy of the article in the project with all its annotations, as the API answers it."""
    body = {name: article[name] for name in ("title", "text", "regions", "source", "meta")}
    copy = api.post(f"/projects/{slug}/articles", body)
    assert copy.status_code == 201, copy.json
    said = [_said(annotation) for annotation in article["annotations"]]
    answer = api.post(f"/articles/{copy.json['id']}/annotations", said)
    assert answer.status_code == 201, answer.json
    return dict(api.get(f"/articles/{copy.json['id']}?include=annotations&unit={unit}").json)


@pytest.fixture
def demo(app, team):
    """The demo, seen by the team's manager; loaded once for all tests of an engine."""
    with app.app_context(), unit_of_work(app.database) as session:
        load_demo(lambda _line: None)
        project = session.query(Project).filter_by(slug="syria-2015").one()
        chief = get_user(project.created_by)
        ensure_member(chief, project, get_user(team.manager.id), Role.manager)
        assert standing(chief, project, Role.manager).project.slug == "syria-2015"
    return "syria-2015"


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "byte"])
def test_every_annotation_of_an_article_is_read_back_as_it_was_pushed(api, team, demo, unit):
    api = api.as_(team.manager)
    for brief in api.get(f"/projects/{demo}/articles").json["items"][:2]:
        article = api.get(f"/articles/{brief['id']}?include=annotations&unit={unit}").json
        copy = _pushed(api, team.project.slug, article, unit)
        assert copy["text_sha256"] == article["text_sha256"]
        assert copy["regions"] == article["regions"]
        for mine, theirs in zip(copy["annotations"], article["annotations"], strict=True):
            assert _said(mine) == _said(theirs)
            assert (mine["reported_by"] is None) == (theirs["reported_by"] is None)
        for annotation in copy["annotations"]:  # external ids are free for the next unit
            found = api.get(f"/annotations/{annotation['id']}")
            api.delete(f"/annotations/{annotation['id']}", if_match=found)


@pytest.mark.skipif(not ORIGINAL.exists(), reason="the originals are not part of the repository")
def test_spans_anywhere_in_an_original_are_stored_and_read_back(api, team):
    api = api.as_(team.annotator)
    text = ORIGINAL.read_bytes().decode()
    article = api.post(f"/projects/{team.project.slug}/articles", {"title": "000", "text": text})
    spans = [(start, min(start + 40, len(text))) for start in range(0, len(text), 97)]
    bodies = [
        {"kind": "claim", "target": {"start": start, "end": end, "exact": text[start:end]}}
        for start, end in spans
    ]
    made = api.post(f"/articles/{article.json['id']}/annotations", bodies)
    assert made.status_code == 201, made.json
    read = api.get(f"/articles/{article.json['id']}?include=annotations").json["annotations"]
    assert [(a["target"]["start"], a["target"]["end"]) for a in read] == spans
    assert [a["target"]["exact"] for a in read] == [text[start:end] for start, end in spans]
