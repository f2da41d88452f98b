"""What clients of the protocol send, and how the container is asked."""

from typing import Any

from tests.support.api import Answer, Api

Json = dict[str, Any]
ANNO = "http://www.w3.org/ns/anno.jsonld"
LD = f'application/ld+json; profile="{ANNO}"'
OURS = "https://somewhere.example/ns/factmark#"
TEXT = "⚓ Forty boats 🚤🚤 sank, one said. Nobody was hurt, said the mayor. Nobody was hurt."


def position(start: int, end: int) -> Json:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def quote(exact: str, **around: str) -> Json:
    return {"type": "TextQuoteSelector", "exact": exact, **around}


def target(source: str, *selectors: Json) -> Json:
    found: Any = list(selectors) if len(selectors) > 1 else selectors[0]
    return {"type": "SpecificResource", "source": source, "selector": found}


def text(value: str, purpose: str) -> Json:
    return {"type": "TextualBody", "value": value, "purpose": purpose}


def classifying(word: str) -> Json:
    return {"type": "SpecificResource", "source": f"{OURS}{word}", "purpose": "classifying"}


def told(source: str, **more: Any) -> Json:
    """What a client of another make may send of a claim."""
    return {
        "@context": ANNO,
        "type": "Annotation",
        "body": text("Claim", "tagging"),
        "target": target(source, quote("Forty boats")),
        **more,
    }


def linked(one: str, other: str, **more: Any) -> Json:
    """What a client may send of a link between two annotations, by their IRIs."""
    ends = {"type": "SpecificResource", "source": one, "purpose": "linking"}
    return {
        "@context": ANNO,
        "type": "Annotation",
        "motivation": "linking",
        "body": [ends, classifying("contradicts")],
        "target": other,
        **more,
    }


class Container:
    """A project's container as one person sees it."""

    def __init__(self, api: Api, project: str) -> None:
        self.api, self.path = api, f"//wa/{project}/"

    def get(self, ident: str = "", **more: Any) -> Answer:
        return self.api.get(self.path + ident, **more)

    def post(self, document: Any, **more: Any) -> Answer:
        return self.api.post(self.path, document, **{"content_type": LD, **more})

    def put(self, ident: str, document: Any, if_match: Any = "*", **more: Any) -> Answer:
        given = {"content_type": LD, "if_match": if_match, **more}
        return self.api.put(self.path + ident, document, **given)

    def made(self, document: Any, **more: Any) -> Json:
        answer = self.post(document, **more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json)

    def follow(self, iri: str) -> Json:
        """What the IRI, which the container gave, leads to."""
        answer = self.api.get("/" + iri.removeprefix("http://localhost"))
        assert answer.status_code == 200, answer.text
        return dict(answer.json)


def last(iri: Json | str) -> str:
    """The id in an IRI, or in that of a thing."""
    return (iri if isinstance(iri, str) else iri["id"]).rpartition("/")[2]
