"""What is linked while it goes."""

from threading import Thread
from typing import Any

import pytest

from app.annotations.beside import beside
from app.kernel.actor import Actor
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
