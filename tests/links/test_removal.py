"""What is linked while it goes."""

from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from app.annotations.beside import beside
from app.annotations.models import Annotation
from app.kernel.actor import Actor
from app.kernel.db import Database, unit_of_work
from app.links import service
from tests.factories.writing import new_article, new_claim
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem, pointers


@pytest.mark.parametrize("what", ["annotations", "articles"])
def test_who_links_an_annotation_that_is_going_does_not_keep_it(
    api: Api, team: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    manager, slug = api.as_(team.manager), team.project.slug
    article, other = new_article(manager, slug), new_article(manager, slug)
    going, staying = new_claim(manager, article), new_claim(manager, other)
    ends = {"from": going["id"], "to": staying["id"], "external_id": "l-1"}
    late: list[Answer] = []

    def link() -> None:
        late.append(manager.post(f"/projects/{slug}/links", {**ends, "relation": "contradicts"}))

    linking = Thread(target=link)

    def link_meanwhile(_actor: Actor, _ids: object) -> None:
        linking.start()
        linking.join(0.5)  # long enough for whoever does not wait

    steps = [service.remove_of_annotations, link_meanwhile]
    monkeypatch.setattr(beside, "before_removal", steps)
    path = f"/{what}/{going['id'] if what == 'annotations' else article}"
    removed = manager.delete(path, if_match="*")
    linking.join()
    assert removed.status_code == 204, removed.json
    assert pointers(assert_problem(late[0], 422)) == {"/from": "not_in_project"}
    assert manager.get(f"/projects/{slug}/links").json["items"] == []


def test_who_links_holds_the_ends_in_the_order_of_those_who_delete(
    api: Api, team: Any, database: Database
) -> None:
    annotator, slug = api.as_(team.annotator), team.project.slug
    article = new_article(annotator, slug)
    low, high = sorted(new_claim(annotator, article)["id"] for _ in range(2))
    late: list[Answer] = []

    def link() -> None:
        ends = {"from": high, "to": low, "relation": "contradicts"}
        late.append(annotator.post(f"/projects/{slug}/links", ends))

    linking = Thread(target=link)
    with unit_of_work(database) as session:
        held = select(Annotation.id).with_for_update()
        session.execute(held.where(Annotation.id == low))
        linking.start()
        linking.join(0.5)  # long enough to hold the other, which nobody may who waits for this
        session.execute(held.where(Annotation.id == high))
    linking.join()
    assert late[0].status_code == 201, late[0].json
