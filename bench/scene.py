"""Something to measure with: an annotator, a project, articles, and one page worth reading."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import create_app
from app.accounts.service import create_user
from app.config import Settings
from app.kernel.db import unit_of_work
from bench.servers import SECRET_KEY

Json = dict[str, Any]
ARTICLES, PARAGRAPHS, TAGGED, LINKS = 100, 25, 50, 12
PASSWORD = "a password for measuring"
_PARAGRAPH = (
    "The new bridge is {0}.4 km long, the ministry said on Monday, and will carry {0}000 cars "
    "a day. “We expect {1} percent more traffic,” engineer Ada Lind told the paper.\n"
)


@dataclass(frozen=True)
class Scene:
    """`token` is the annotator's; `page` is the article with the tagged page, the first of
    `articles`; `project` is the id of all of them. `text` is the same in each."""

    token: str
    project: str
    articles: list[str]
    text: str

    @property
    def page(self) -> str:
        return self.articles[0]

    def figures(self) -> list[Json]:
        """Bodies that tag a figure each, one for every length in the text."""
        return [_figure(found, "km") for found in re.finditer(r"[0-9.]+ km", self.text)]


def furnish(url: str, folder: Path) -> Scene:
    """Fill an empty database; what it holds is made through the API, as any caller would."""
    app = create_app(
        Settings(
            data_dir=folder,
            database_url=url,
            secret_key=SECRET_KEY,
            access_token_minutes=1440,
            password_memory_kib=8,
            log_level="ERROR",
        ).completed()
    )
    try:
        with unit_of_work(app.database):
            create_user(None, {"email": "ada@example.org", "name": "Ada", "password": PASSWORD})
        return _furnished(_Caller(app))
    finally:
        app.database.dispose()


class _Caller:
    """The API as the annotator."""

    def __init__(self, app: Any) -> None:
        self._client = app.test_client(use_cookies=False)
        self.token = ""
        given = {"email": "ada@example.org", "password": PASSWORD}
        self.token = self.post("/auth/login", given)["access_token"]

    def post(self, path: str, document: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self._client.post(f"/api/v1{path}", json=document, headers=headers)
        if answer.status_code not in {200, 201}:
            raise SystemExit(f"bench: {path} answered {answer.get_data(as_text=True)[:500]}")
        return answer.json


def _furnished(caller: _Caller) -> Scene:
    text = "".join(_PARAGRAPH.format(100 + n, 10 + n) for n in range(PARAGRAPHS))
    project = caller.post("/projects", {"slug": "bench", "name": "Bench"})["id"]
    articles = [
        caller.post(
            f"/projects/{project}/articles",
            {"title": f"Bridge {n}", "text": text, "language": "en", "external_id": f"bench-{n}"},
        )["id"]
        for n in range(ARTICLES)
    ]
    tagged = caller.post(f"/articles/{articles[0]}/annotations", _page_of(text))["items"]
    ids = [each["id"] for each in tagged]
    other = caller.post(f"/articles/{articles[1]}/annotations", _page_of(text))["items"]
    for n in range(LINKS):
        relation = "contradicts" if n % 3 == 0 else "corroborates"
        to = other[n]["id"] if n % 2 else ids[n + LINKS]
        caller.post(f"/projects/{project}/links", {"from": ids[n], "to": to, "relation": relation})
    return Scene(caller.token, project, articles, text)


def _page_of(text: str) -> list[Json]:
    """As many bodies as a well tagged page has: figures, and attributions that report some."""
    lengths = [_figure(found, "km") for found in re.finditer(r"[0-9.]+ km", text)]
    shares = [_figure(found, "percent") for found in re.finditer(r"[0-9]+ percent", text)]
    said = [
        _attribution(found) for found in re.finditer("“([^”]+)” (engineer Ada Lind) (told)", text)
    ]
    together = sorted(lengths + shares + said, key=lambda each: each["target"]["start"])
    return together[:TAGGED]


def _figure(found: re.Match[str], unit: str) -> Json:
    return {
        "kind": "figure",
        "target": {"start": found.start(), "end": found.end(), "exact": found[0]},
        "attributes": {"value": found[0].split()[0], "unit": unit, "comparator": "exact"},
        "tags": ["bridge"],
        "confidence": "high",
    }


def _attribution(found: re.Match[str]) -> Json:
    content, source, cue = (
        {"start": found.start(n), "end": found.end(n), "exact": found[n]} for n in (1, 2, 3)
    )
    return {
        "kind": "attribution",
        "target": {"start": found.start(), "end": found.end(), "exact": found[0]},
        "parts": {"content": [content], "source": [source], "cue": [cue]},
        "attributes": {"sources": [{"name": "Ada Lind", "type": "person"}]},
        "tags": ["traffic"],
    }
