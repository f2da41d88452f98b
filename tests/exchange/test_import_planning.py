"""After an import that brought much, PostgreSQL's planner knows of it at once."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.exchange.imports import planning, stepping
from app.web.application import Application
from tests.exchange.making import TEXT
from tests.factories.teams import Team, make_team
from tests.support.api import Answer, Api
from tests.support.commands import told

Build = Callable[..., Application]
FIGURES = 5
LINES = [
    {"type": "article", "title": "A strike", "text": TEXT, "external_id": "one"},
    *(
        {
            "type": "annotation",
            "kind": "figure",
            "attributes": {"value": "14"},
            "tags": ["dead"],
            "external_id": f"a-{number}",
            "article_external_id": "one",
            "target": {"start": 33, "end": 42, "exact": "14 people"},
        }
        for number in range(FIGURES)
    ),
]
BODY = b"\n".join(json.dumps(line).encode() for line in LINES)


@pytest.fixture
def here(make_app: Build, engine: str, monkeypatch: pytest.MonkeyPatch) -> Application:
    """An application of its own, where little is enough."""
    monkeypatch.setattr(planning, "ENOUGH", len(LINES))
    return make_app(fresh=True)


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged of it; our loggers keep to themselves."""
    planning.log.addHandler(caplog.handler)
    planning.log.setLevel("WARNING")
    yield caplog
    planning.log.setLevel("NOTSET")
    planning.log.removeHandler(caplog.handler)


def bring(here: Application, team: Team, data: bytes = BODY, **query: Any) -> Answer:
    return (
        Api(here)
        .as_(team.manager)
        .post(
            f"{team.project.path}/import",
            data=data,
            query=query,
            content_type="application/x-ndjson",
        )
    )


def counted(here: Application) -> set[str]:
    """The tables of which the planner has been told."""
    if here.database.dialect == "sqlite":
        known = "SELECT tbl FROM sqlite_stat1"
        there = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"
    else:
        known = "SELECT relname FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL"
        there = "SELECT 1"
    with here.database.reader.connect() as connection:
        if not connection.execute(text(there)).first():
            return set()
        return set(connection.execute(text(known)).scalars())


def written(engine: str) -> set[str]:
    """What has rows by the import, and could have had."""
    if engine == "sqlite":
        return set()
    things = {"articles", "revisions", "article_words", "annotations", "annotation_tags"}
    return things | {"said", "verdicts", "changes"}


def test_the_planner_is_told_of_what_an_import_wrote(here: Application, engine: str) -> None:
    team = make_team(here)
    assert bring(here, team, dry_run="true").status_code == 200
    assert bring(here, team, BODY + b"\n[]").status_code == 422
    assert counted(here) == set()
    assert bring(here, team).json["created"]["annotations"] == FIGURES
    assert counted(here) == written(engine)


@pytest.mark.parametrize("on_error", ["abort", "skip"])
def test_the_command_tells_it_once_at_its_end(
    here: Application, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_error: str
) -> None:
    monkeypatch.setattr(stepping, "STEP", 2)
    team, file = make_team(here), tmp_path / "many.ndjson"
    file.write_bytes(BODY)
    words = ("import", team.project.slug, str(file), "--as", team.manager.email)
    told(here, *words, "--dry-run")
    assert counted(here) == set()
    told(here, *words, "--on-error", on_error)
    assert counted(here) == written(engine)


def test_of_little_it_is_not_told(here: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "ENOUGH", len(LINES) + 1)
    assert bring(here, make_team(here)).json["created"]["annotations"] == FIGURES
    assert counted(here) == set()


def test_an_import_stands_where_the_planner_cannot_be_told(
    here: Application,
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
    heard: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(planning._WRITTEN, "articles", ("no_such_table",))
    assert bring(here, make_team(here)).status_code == 200
    assert ("the planner was not told" in heard.text) == (engine == "postgresql")


def test_an_import_does_not_wait_for_who_tells_the_planner(
    here: Application, engine: str, heard: pytest.LogCaptureFixture
) -> None:
    if engine == "sqlite":
        pytest.skip("it is told nothing there")
    team = make_team(here)
    with here.database.writer.connect() as telling:
        telling.execute(text("LOCK TABLE annotations IN SHARE UPDATE EXCLUSIVE MODE"))
        assert bring(here, team).status_code == 200
    assert counted(here) == written(engine) - {"annotations"}
    assert 'skipping analyze of "annotations"' in heard.text
