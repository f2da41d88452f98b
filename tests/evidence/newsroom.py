"""Statements and links in few words, and the answers of the evidence endpoints."""

from dataclasses import dataclass
from typing import Any

from tests.reviews.desk import CLAIM, Desk, read
from tests.support.api import Answer

Json = dict[str, Any]
TEXT = (
    "The strike killed 14 people, the army said. The strike killed 9 people, the mayor said. "
    "Nobody knows more."
)
SAID = {
    "the army": ("The strike killed 14 people, the army said", "The strike killed 14 people"),
    "the mayor": ("The strike killed 9 people, the mayor said", "The strike killed 9 people"),
}


@dataclass(frozen=True)
class Newsroom:
    """A desk at which ann tags, ann links and the viewer reads, unless another is named."""

    desk: Desk

    def claim(self, publisher: str | None = None, *, by: str = "ann", **data: Any) -> Json:
        """A claim in an article of its own, by this publisher."""
        credited = data.pop("credited_source", None)
        source = {"publisher": publisher, "credited_source": credited}
        known = {name: value for name, value in source.items() if value}
        article = self.desk.article(text=TEXT, **({"source": known} if known else {}))
        return self.tag(article, by=by, **data)

    def tag(
        self, article: Json | str, exact: str = "14 people", *, by: str = "ann", **data: Any
    ) -> Json:
        """A claim in an article."""
        body = {**CLAIM, "target": {"exact": exact}}
        return self.desk.tag(by, article, body, **data)

    def quoted(self, publisher: str, name: str, *, type_: str = "group", **data: Any) -> Json:
        """A claim that someone is reported to make: `the army` or `the mayor`, by this name."""
        words = data.pop("words", "the army")
        whole, content = SAID[words]
        article = self.desk.article(text=TEXT, source={"publisher": publisher})
        self.desk.tag(
            "ann",
            article,
            {
                "kind": "attribution",
                "target": {"exact": whole},
                "parts": {"source": [{"exact": words}], "content": [{"exact": content}]},
                "attributes": {"sources": [{"name": name, "type": type_}]},
                "state": "submitted",
            },
        )
        return self.tag(article, content, **data)

    def figure(self, value: str, measured: str = "the dead", **more: Any) -> Json:
        """A figure in an article of its own."""
        article = more.pop("article", None) or self.desk.article(text=TEXT)
        attributes = {"value": value, "unit": "person", "measured": measured, **more}
        body = {"kind": "figure", "target": {"exact": "14 people"}, "attributes": attributes}
        return self.desk.tag("ann", article, body)

    def agree(self, one: Json, other: Json, *, by: str = "ann", **data: Any) -> Json:
        """A link that says that both corroborate each other."""
        return self.desk.link(by, one, other, relation="corroborates", **data)

    def differ(self, one: Json, other: Json, *, by: str = "ann", **data: Any) -> Json:
        """A link that says that both contradict each other."""
        return self.desk.link(by, one, other, relation="contradicts", **data)

    def ask(self, what: str, *, by: str = "viewer", **query: Any) -> Answer:
        """The answer of one of the project's endpoints."""
        return self.desk.as_(by).get(f"{self.desk.path}/evidence/{what}", query=query)

    def told(self, what: str, *, by: str = "viewer", **query: Any) -> list[Json]:
        """The items of one of the project's lists."""
        return list(read(self.ask(what, by=by, **query))["items"])

    def evidence(self, annotation: Json, *, by: str = "viewer", **query: Any) -> Json:
        """What supports and opposes an annotation."""
        return read(self.desk.as_(by).get(f"/annotations/{annotation['id']}/evidence", query=query))

    def reject(self, thing: Json) -> None:
        """A reviewer rejects an annotation or a link."""
        read(self.desk.review("reviewer", thing, "reject", "No."))

    def approve(self, *things: Json) -> None:
        """A reviewer approves annotations or links."""
        for thing in things:
            read(self.desk.review("reviewer", thing, "approve"))

    def adjudicate(self, article_id: str, **body: Any) -> Json:
        """A reviewer adjudicates an article; what was made of it."""
        path = f"/articles/{article_id}/adjudication"
        answer = self.desk.as_("reviewer").post(path, body)
        assert answer.status_code in {200, 201}, answer.text
        return dict(answer.json)


def ids(items: list[Json]) -> list[str]:
    """The annotations of some items."""
    return [item["annotation"]["id"] for item in items]
