"""The demo and the originals, loaded as `flask seed` loads them."""

import json
from pathlib import Path

import pytest

from app.accounts.service import create_user
from app.kernel.db import unit_of_work
from app.web.application import Application
from seeds.demo import load_demo
from seeds.originals import WrongFile, load_originals
from tests.support.api import Api

SHARED = Path(__file__).parents[3] / "shared" / "articles"


def _seed(app: Application) -> list[str]:
    told: list[str] = []
    with app.app_context(), unit_of_work(app.database):
        load_demo(told.append)
    return told


def _administrator(app: Application) -> Api:
    with unit_of_work(app.database):
        create_user(
            None,
            {"email": "boss@example.org", "name": "B", "password": "a password", "is_admin": True},
        )
    api = Api(app)
    body = {"email": "boss@example.org", "password": "a password"}
    return api.as_(api.post("/auth/login", body).json["access_token"])


def _everything(api: Api, what: str) -> list[dict[str, object]]:
    items, after = [], None
    while True:
        query = {"limit": 500, **({"after": after} if after else {})}
        page = api.get(f"/projects/syria-2015/{what}", query=query).json
        items += page["items"]
        after = page["next"]
        if after is None:
            return items


def test_the_demo_is_seen_by_the_administrator_and_loading_twice_changes_nothing(make_app):
    app = make_app(fresh=True)
    boss = _administrator(app)
    _seed(app)
    first = {what: _everything(boss, what) for what in ("articles", "annotations", "links")}
    assert len(first["articles"]) == 5
    assert len(first["annotations"]) >= 80
    assert len(first["links"]) >= 25
    contradictions = [link for link in first["links"] if link["relation"] == "contradicts"]
    assert len(contradictions) >= 8
    assert any(link["cross_article"] for link in contradictions)
    told = _seed(app)
    assert all(" 0 new" in line for line in told)
    assert first == {what: _everything(boss, what) for what in first}


def test_every_quote_of_the_demo_is_stored_where_the_text_has_it(make_app):
    app = make_app(fresh=True)
    boss = _administrator(app)
    _seed(app)
    for article in _everything(boss, "articles"):
        page = boss.get(f"/articles/{article['id']}?include=annotations").json
        for annotation in page["annotations"]:
            pieces = annotation["target"].get("fragments") or [annotation["target"]]
            pieces = [*pieces, *(p for part in annotation.get("parts", {}).values() for p in part)]
            for piece in pieces:
                assert page["text"][piece["start"] : piece["end"]] == piece["exact"]


@pytest.mark.skipif(not SHARED.exists(), reason="the originals are not part of the repository")
def test_the_originals_are_verified_and_loaded_byte_for_byte(make_app):
    app = make_app(fresh=True)
    boss = _administrator(app)
    told: list[str] = []
    for _ in range(2):
        with app.app_context(), unit_of_work(app.database):
            load_originals(SHARED, told.append)
    assert told == [
        "originals: 5 originals verified, 5 added",
        "originals: 5 originals verified, 0 added",
    ]
    for article in boss.get("/projects/originals/articles?include=text").json["items"]:
        raw = (SHARED / f"{article['external_id']}.txt").read_bytes()
        assert article["text"].encode() == raw
        assert article["length"]["bytes"] == len(raw)
        assert article["regions"]


def test_a_file_that_differs_is_refused_and_nothing_is_loaded(make_app, tmp_path):
    app = make_app(fresh=True)
    manifest = json.loads((Path(__file__).parents[2] / "seeds" / "originals.json").read_text())
    for entry in manifest:
        (tmp_path / entry["file"]).write_text("something else")
    with (
        pytest.raises(WrongFile, match="SHA-256"),
        app.app_context(),
        unit_of_work(app.database),
    ):
        load_originals(tmp_path, print)
    assert _administrator(app).get("/projects").json["items"] == []
