"""The reading room is served whole, from here alone, and so that a browser can keep it."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.reading_room import page
from tests.support.api import Api

STATIC = Path(page.__file__).parent / "static"
FILES = sorted(path.name for path in STATIC.iterdir())
IMPORTED = re.compile(r'^(?:import|}) .*?from "([^"]+)";', re.M)


def test_page_is_open_and_strict(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    policy = dict(
        rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_page_has_nothing_inline(client: FlaskClient) -> None:
    html = client.get("/").text
    assert re.findall(r"<script[^>]*>([^<]+)", html) == []
    assert "<style" not in html
    assert not re.search(r"\s(?:style|on[a-z]+)=", html)


def test_page_names_files_that_are_there_and_may_be_kept(client: FlaskClient) -> None:
    named = re.findall(r'(?:href|src)="(/room/[^"]+)"', client.get("/").text)
    assert len(named) >= 4
    for address in named:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Content-Security-Policy" in answer.headers


def test_page_that_is_known_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/").headers["ETag"]
    answer = client.get("/", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("name", FILES)
def test_modules_import_only_modules_that_are_there(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/room/{name}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"  # without the edition it may change
    for imported in IMPORTED.findall(answer.text):
        assert imported.startswith("./")
        assert imported[2:] in FILES


@pytest.mark.parametrize(
    "name", [name for name in FILES if name.endswith((".js", ".css", ".html"))]
)
def test_files_reach_nowhere_else_and_never_read_markup(name: str) -> None:
    source = (STATIC / name).read_text(encoding="utf-8")
    assert not re.search(r"""["'`(]\s*(?:https?:)?//[a-z0-9]""", source)
    for unsafe in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert unsafe not in source
    for store in ("localStorage", "sessionStorage", "indexedDB"):
        assert store not in source
    assert source.count("\n") < 250


@pytest.mark.parametrize("name", ["nothing.js", "../page.py", "%2e%2e/page.py", "x/../../page.py"])
def test_other_files_stay_where_they_are(api: Api, name: str) -> None:
    assert api.get(f"//room/{name}").status_code == 404


def test_files_of_another_edition_are_not_kept(client: FlaskClient) -> None:
    answer = client.get("/room/0123456789abcdef/main.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
