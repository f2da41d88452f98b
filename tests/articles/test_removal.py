"""An article that goes takes everything on it along, and history tells of all of it."""

from threading import Thread
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.annotations.models import Annotation
from app.articles import service
from app.history.models import Change
from app.kernel.actor import Actor
from app.kernel.db import Database, reading, unit_of_work
from app.kernel.ids import new_ids
from tests.factories.writing import TEXT, new_article, new_claim, new_link
from tests.support.api import Answer, Api

MANY = 33_000  # twice as many parameters are more than a statement takes


def _told(database: Database, project_id: str) -> dict[str, list[str]]:
    """What history tells of annotations and links: action → ids."""
    told: dict[str, list[str]] = {"created": [], "deleted": []}
    found = select(Change.action, Change.thing_id).where(
        Change.project_id == project_id, Change.thing.in_(("annotation", "link"))
    )
    with reading(database) as session:
        for action, thing_id in session.execute(found.order_by(Change.seq)):
            told[action].append(thing_id)
    return told


def test_links_go_before_their_ends(api: Api, team: Any, database: Database) -> None:
    annotator, slug = api.as_(team.annotator), team.project.slug
    article, other = new_article(annotator, slug), new_article(annotator, slug)
    one, two = new_claim(annotator, article), new_claim(annotator, article, "Forty boats sank")
    far = new_claim(annotator, other)
    inside = new_link(annotator, slug, one["id"], two["id"])
    across = new_link(api.as_(team.reviewer), slug, far["id"], one["id"])
    assert api.as_(team.manager).delete(f"/articles/{article}", if_match="*").status_code == 204
    assert _told(database, team.project.id)["deleted"] == [
        *(inside["id"], across["id"], two["id"], one["id"])  # in text order
    ]
    assert annotator.get(f"/annotations/{far['id']}").json["links"]["contradicts"] == 0


def test_an_article_may_hold_more_than_a_statement_has_room_for(
    api: Api, team: Any, database: Database
) -> None:
    annotator, slug = api.as_(team.annotator), team.project.slug
    article = new_article(annotator, slug)
    made = new_claim(annotator, article)
    with unit_of_work(database) as session:
        found = select(Annotation.__table__).where(Annotation.id == made["id"])
        row = dict(session.execute(found).one()._mapping)
        rows = [{**row, "id": id_} for id_ in new_ids(MANY)]
        session.execute(insert(Annotation.__table__), rows)
    removed = api.as_(team.manager).delete(f"/articles/{article}", if_match="*")
    assert removed.status_code == 204, removed.json


def test_who_tags_an_article_that_is_going_is_refused_or_told_of(
    api: Api, team: Any, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotator, slug = api.as_(team.annotator), team.project.slug
    article = new_article(annotator, slug)
    new_claim(annotator, article)
    late: list[Answer] = []

    def tag() -> None:
        body = {"kind": "claim", "target": {"exact": TEXT}}
        late.append(annotator.post(f"/articles/{article}/annotations", body))

    tagging = Thread(target=tag)

    def tag_meanwhile(_actor: Actor, _article_id: str) -> None:
        tagging.start()
        tagging.join(0.5)  # long enough for whoever does not wait

    steps = [*service.before_removal, tag_meanwhile]
    monkeypatch.setattr(service, "before_removal", steps)
    assert api.as_(team.manager).delete(f"/articles/{article}", if_match="*").status_code == 204
    tagging.join()
    assert late[0].status_code in (404, 409), late[0].json
    told = _told(database, team.project.id)
    assert told["created"] == told["deleted"]
