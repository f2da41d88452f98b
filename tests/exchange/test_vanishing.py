"""A project that is deleted while somebody is about to read all of it."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from app.web.application import Application
from tests.exchange.making import add_annotation, add_article, remove
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.support.api import Api
from tests.support.problems import assert_problem


@pytest.fixture
def boss(api: Api, manager: Person) -> Api:
    return api.as_(manager)


@pytest.fixture
def vanishing(
    boss: Api, project: MadeProject, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Let the project be deleted just before the function of this name is called."""
    add_annotation(boss, add_article(boss, project))

    def before(name: str) -> None:
        module, _, word = name.rpartition(".")
        real = getattr(__import__(module, fromlist=[word]), word)

        def late(*args: Any, **more: Any) -> Any:
            deleting = Thread(target=lambda: remove(boss, project.path))
            deleting.start()
            deleting.join()
            return real(*args, **more)

        monkeypatch.setattr(name, late)

    return before


@pytest.mark.parametrize("format_", ["ndjson", "csv", "spacy"])
def test_an_export_answers_that_there_is_none(
    boss: Api, project: MadeProject, vanishing: Callable[[str], None], format_: str
) -> None:
    vanishing("app.exchange.export.downloads.open_snapshot")
    answer = boss.get(f"{project.path}/export", query={"format": format_})
    assert_problem(answer, 404, "not_found")


def test_an_export_of_changes_answers_that_there_is_none(
    boss: Api, project: MadeProject, vanishing: Callable[[str], None]
) -> None:
    vanishing("app.exchange.since.streaming.open_snapshot")
    assert_problem(boss.get(f"{project.path}/changes/export"), 404, "not_found")


@pytest.mark.parametrize("step", ["open_snapshot", "agreement_of", "manifest_of"])
def test_a_release_answers_that_there_is_none(
    app: Application,
    boss: Api,
    project: MadeProject,
    vanishing: Callable[[str], None],
    step: str,
) -> None:
    if step == "manifest_of" and app.database.dialect == "sqlite":
        pytest.skip("who writes has the only turn by then, and nobody deletes")
    vanishing(f"app.exchange.releases.service.{step}")
    assert_problem(boss.post(f"{project.path}/releases", {"version": "1"}), 404, "not_found")
