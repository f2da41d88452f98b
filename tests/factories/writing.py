"""Articles, annotations and links, made through the API."""

from typing import Any

from tests.support.api import Api

Json = dict[str, Any]
TEXT = "⚓ Forty boats sank, the harbour master said. Nobody was hurt, said the mayor."


def new_article(api: Api, slug: str, text: str = TEXT, **more: Any) -> str:
    """The id of a new article with this text."""
    answer = api.post(f"/projects/{slug}/articles", {"title": "T", "text": text, **more})
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def new_claim(api: Api, article: str, exact: str = "Nobody was hurt", **more: Any) -> Json:
    """A new claim on this quote."""
    body = {"kind": "claim", "target": {"exact": exact}, **more}
    answer = api.post(f"/articles/{article}/annotations", body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def new_link(api: Api, slug: str, one: str, other: str, **more: Any) -> Json:
    """A new link between two annotations."""
    body = {"from": one, "to": other, "relation": "contradicts", **more}
    answer = api.post(f"/projects/{slug}/links", body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)
