"""Health, readiness, metrics, the description and its page."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.kernel.migrations import newest_migration
from app.web.application import Application
from app.web.operations_room import STATIC
from tests.support.api import Api
from tests.support.apps import build_app
from tests.support.databases import Databases
from tests.support.problems import assert_problem


def test_the_process_answers_without_asking_the_database(
    api: Api, statements: Callable[[], Any]
) -> None:
    with statements() as seen:
        assert api.get("//healthz").json == {"status": "ok"}
    assert seen == []


def test_a_migrated_database_is_ready(api: Api, engine: str) -> None:
    assert api.get("//readyz").json == {
        "status": "ready",
        "database": engine,
        "migration": newest_migration(),
    }


def test_an_empty_database_is_not_ready_and_says_what_to_do(databases: Databases) -> None:
    app = build_app(databases.empty())
    try:
        document = assert_problem(Api(app).get("//readyz"), 503, "unavailable")
        assert "db upgrade" in document["detail"]
        assert Api(app).get("//healthz").status_code == 200
    finally:
        app.database.dispose()


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    for url in (
        f"sqlite:///{tmp_path}/no/such/folder/x.db",
        f"postgresql://nobody@/none?host={tmp_path}",
    ):
        app = build_app(url)
        assert_problem(Api(app).get("//readyz"), 503, "unavailable")


def test_metrics_count_requests_by_operation_and_status(api: Api) -> None:
    def count() -> float:
        line = r'factmark_requests_total\{method="GET",operation="accounts.me",status="401"\} (\S+)'
        found = re.search(line, api.get("//metrics").text)
        return float(found[1]) if found else 0

    before = count()
    api.get("/me")
    assert count() == before + 1


def _description(api: Api) -> dict[str, Any]:
    document: dict[str, Any] = api.get("//openapi.json").json
    return document


def test_the_description_is_valid_openapi(api: Api) -> None:
    document = _description(api)
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_describes_its_refusals(api: Api) -> None:
    for path, methods in _description(api)["paths"].items():
        for method, operation in methods.items():
            answers = operation["responses"]
            refusals = {status for status in answers if int(status) >= 400}
            assert "422" in refusals, f"{method} {path}"
            assert ("401" in refusals) or not operation["security"], f"{method} {path}"
            for status in refusals:
                assert answers[status]["$ref"].endswith(f"/Refused{status}")


def test_the_description_names_each_operation_once(api: Api) -> None:
    document = _description(api)
    ids = [
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    assert len(ids) == len(set(ids))
    refused = document["components"]["responses"]["Refused422"]["content"]
    assert list(refused) == ["application/problem+json"]


def test_patterns_are_anchored(api: Api) -> None:
    """JSON Schema searches for a pattern anywhere, and knows no \\A and \\Z."""
    patterns = re.findall(r'"pattern":("(?:[^"\\\\]|\\\\.)*")', api.get("//openapi.json").text)
    assert patterns
    for pattern in map(json.loads, patterns):
        assert pattern.startswith("^"), pattern
        assert pattern.endswith("$"), pattern
        assert not re.search(r"\\[AZz]", pattern), pattern


class Links(HTMLParser):
    """Gathers what a page makes a browser fetch or follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in {"src", "href"} and value]


@pytest.mark.parametrize("page", ["//docs", "//docs/problems"])
def test_the_pages_fetch_nothing_from_elsewhere(api: Api, page: str) -> None:
    answer = api.get(page)
    assert answer.content_type == "text/html; charset=utf-8"
    links = Links()
    links.feed(answer.text)
    assert links.found
    for link in links.found:
        assert re.match(r"/(?!/)", link), link
        assert api.get(f"/{link}").status_code == 200, link


def test_the_scripts_and_styles_fetch_nothing_from_elsewhere() -> None:
    """Swagger UI would ask a validator on the network, were it not told not to."""
    assert "validatorUrl: null" in (STATIC / "docs.js").read_text()
    assert "http" not in (STATIC / "docs.js").read_text()
    for style in STATIC.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", style.read_text())


@pytest.mark.parametrize(
    "name", ["none.js", "../operations_room.py", "%2e%2e/auth.py", "..%2f..%2fconfig.py"]
)
def test_only_the_pages_own_files_are_served(api: Api, name: str) -> None:
    assert_problem(api.get(f"//docs/{name}"), 404)


def test_a_page_that_is_known_is_not_sent_again(api: Api) -> None:
    first = api.get("//docs/docs.js")
    assert api.get("//docs/docs.js", if_none_match=first).status_code == 304


def test_one_application_more_changes_nothing(app: Application) -> None:
    again = build_app(app.config["DATABASE_URL"])
    try:
        assert _description(Api(again)) == _description(Api(app))
    finally:
        again.database.dispose()
