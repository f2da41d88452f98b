"""A new text while others tag and edit: nothing may land on a text it was not made for."""

import random
import time
from typing import Any

import pytest
from sqlalchemy import text

from app.articles import service
from app.kernel.db import unit_of_work
from tests.factories.writing import new_article, new_claim
from tests.support.api import Api
from tests.support.problems import assert_problem
from tests.support.together import at_once

WORDS = ["harbour", "boats", "storm", "mayor", "ferry", "pier", "dawn", "night", "crew", "coast"]
MISPLACED = """SELECT count(*) FROM annotations a
    JOIN articles r ON r.id = a.article_id
    JOIN revisions t ON t.article_id = a.article_id AND t.number = a.revision
    WHERE a.article_id = :article
      AND ((a.anchoring = 'orphaned') = (a.revision = r.revision)
        OR substr(t.text, a.start_offset + 1, a.end_offset - a.start_offset) <> a.exact)"""


def some_text(seed: int, length: int = 60) -> str:
    chance = random.Random(seed)
    return " ".join(f"{chance.choice(WORDS)}{chance.randrange(30)}" for _ in range(length))


def misplaced(database: Any, article: str) -> int:
    with unit_of_work(database) as session:
        return int(session.scalar(text(MISPLACED), {"article": article}))


@pytest.mark.parametrize("external_id", [None, "one"])
def test_an_article_of_a_project_that_goes_meanwhile_is_of_no_project(
    api: Api, team: Any, monkeypatch: pytest.MonkeyPatch, external_id: str | None
) -> None:
    manager, path = api.as_(team.manager), team.project.path
    checked = service.checked_regions

    def delete_first(*given: Any) -> Any:
        assert manager.delete(path, if_match="*").status_code == 204
        return checked(*given)

    monkeypatch.setattr(service, "checked_regions", delete_first)
    body = {"title": "T", "text": "Late.", "external_id": external_id}
    late = api.as_(team.annotator).post(f"{path}/articles", body)
    assert_problem(late, 404, "not_found")


def test_what_is_tagged_while_the_text_changes_is_on_the_text_it_was_made_for(
    api: Api, team: Any, database: Any
) -> None:
    manager, annotator = api.as_(team.manager), api.as_(team.annotator)
    article = new_article(annotator, team.project.slug, some_text(0))
    path = f"/articles/{article}/annotations"

    def tag(seed: int) -> list[int]:
        chance, answers = random.Random(seed), []
        for _ in range(25):
            start = chance.randrange(200)
            span = {"start": start, "end": start + chance.randrange(1, 30)}
            answer = annotator.post(path, {"kind": "claim", "target": span})
            assert answer.status_code in (201, 409, 422), answer.json
            if answer.status_code == 409:
                assert answer.json["code"] == "other_revision"
            answers.append(answer.status_code)
        return answers

    def revise() -> list[int]:
        answers = []
        for seed in range(1, 8):
            new = {"text": f"{some_text(seed % 3)} {seed}"}
            answer = manager.put(f"/articles/{article}/text", new, if_match="*")
            assert answer.status_code == 200, answer.json
            answers.append(answer.json["revision"])
        return answers

    *tagged, revisions = at_once(*(lambda seed=seed: tag(seed) for seed in range(4)), revise)
    assert revisions == list(range(2, 9))
    assert sum(answers.count(201) for answers in tagged) > 20
    assert misplaced(database, article) == 0


def test_of_two_new_texts_on_one_version_one_wins(api: Api, team: Any) -> None:
    manager = api.as_(team.manager)
    article = new_article(manager, team.project.slug)
    etag = manager.get(f"/articles/{article}").headers["ETag"]
    path = f"/articles/{article}/text"
    answers = at_once(
        *(lambda t=t: manager.put(path, {"text": t}, if_match=etag) for t in ("one", "two"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert manager.get(f"/articles/{article}").json["revision"] == 2


def test_edits_and_new_places_at_the_same_moment_do_not_lock_each_other_out(
    api: Api, team: Any, database: Any
) -> None:
    manager, annotator = api.as_(team.manager), api.as_(team.annotator)
    article = new_article(annotator, team.project.slug, some_text(0))
    made = [new_claim(annotator, article, quote) for quote in some_text(0).split()[:12:3]]

    def edit(annotation: Any) -> set[int]:
        statuses = set()
        for turn in range(12):
            target = {"target": {"start": turn, "end": turn + 9}}
            change = target if turn % 2 else {"note": f"turn {turn}"}
            path = f"/annotations/{annotation['id']}"
            statuses.add(annotator.patch(path, change, if_match="*").status_code)
        return statuses

    def revise() -> set[int]:
        path = f"/articles/{article}/text"
        return {
            manager.put(path, {"text": some_text(seed)}, if_match="*").status_code
            for seed in range(1, 6)
        }

    *edited, revised = at_once(*(lambda one=one: edit(one) for one in made), revise)
    assert revised == {200}
    assert set().union(*edited) == {200}
    assert misplaced(database, article) == 0


def test_who_tags_does_not_wait_for_others_who_tag(
    api: Api, team: Any, database: Any, engine: str
) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    annotator = api.as_(team.annotator)
    article = new_article(annotator, team.project.slug)
    hold = text("SELECT revision FROM articles WHERE id = :article FOR KEY SHARE")
    with unit_of_work(database) as session:
        session.execute(hold, {"article": article})
        began = time.monotonic()
        new_claim(annotator, article)
        assert time.monotonic() - began < 3


def test_who_tagged_first_is_waited_for_and_followed(
    api: Api, team: Any, database: Any, engine: str
) -> None:
    """One who began to tag before the text changed, and commits after it began to change."""
    if engine == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    manager, annotator = api.as_(team.manager), api.as_(team.annotator)
    article = new_article(annotator, team.project.slug)
    made = new_claim(annotator, article)
    copy = text(
        "INSERT INTO annotations SELECT (jsonb_populate_record(NULL::annotations, to_jsonb(a) ||"
        " jsonb_build_object('id', gen_random_uuid()))).* FROM annotations a WHERE id = :id"
    )

    def tag_slowly() -> int:
        with unit_of_work(database) as session:
            session.execute(copy, {"id": made["id"]})
            time.sleep(0.6)
        return 0

    def revise() -> int:
        time.sleep(0.2)
        path = f"/articles/{article}/text"
        answer = manager.put(path, {"text": "Nobody was hurt, said the mayor."}, if_match="*")
        return sum(len(answer.json[name]) for name in ("kept", "moved", "uncertain", "orphaned"))

    assert at_once(tag_slowly, revise)[1] == 2
    assert misplaced(database, article) == 0
