"""What is served, as JSON-LD readers understand it, and by the MUSTs of the data model."""

import json
from typing import Any

import pytest
import rdflib
from pyld import jsonld

from tests.exchange.formats.contexts import local_loader
from tests.factories.teams import Team
from tests.factories.writing import new_claim, new_link
from tests.support.api import Api
from tests.webannotation.making import ANNO, TEXT, Container, Json

MOTIVATIONS = {
    *("assessing", "bookmarking", "classifying", "commenting", "describing", "editing"),
    *("highlighting", "identifying", "linking", "moderating", "questioning", "replying"),
    "tagging",
}
PREFIXES = """PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX as: <http://www.w3.org/ns/activitystreams#>
PREFIX ldp: <http://www.w3.org/ns/ldp#> PREFIX ft: <http://localhost/ns/factmark#> """


@pytest.fixture
def full(me: Api, here: Container, team: Team, article: str) -> Container:
    """A container with one of everything."""
    claim = new_claim(me, article, "Forty boats 🚤🚤 sank", tags=["sea"], note="Check this.")
    body: Json = {
        "kind": "figure",
        "target": {"fragments": [{"start": 2, "end": 7}, {"start": 14, "end": 15}]},
        "attributes": {"value": "40.50", "unit": "boats", "as_of": {"value": "2015",
                       "precision": "year"}},
    }  # fmt: skip
    figure = me.post(f"/articles/{article}/annotations", body)
    said = {
        "kind": "attribution",
        "target": {"exact": "Nobody was hurt, said the mayor"},
        "parts": {"source": [{"exact": "the mayor"}], "content": [{"start": 32, "end": 47}]},
        "attributes": {"sources": [{"name": "The mayor", "type": "person"}]},
    }
    spoken = me.post(f"/articles/{article}/annotations", said)
    assert (figure.status_code, spoken.status_code) == (201, 201), (figure.json, spoken.json)
    new_link(me, team.project.id, claim["id"], figure.json["id"], rationale="Of one event.")
    return here


def _graph(document: Json) -> rdflib.Graph:
    quads = jsonld.to_rdf(
        document, {"format": "application/n-quads", "documentLoader": local_loader}
    )
    found = rdflib.Graph()
    found.parse(data=quads, format="nt")
    return found


def _items(full: Container) -> list[Json]:
    document = full.get().json
    return [*document["first"]["items"], *full.follow(document["last"])["items"]]


def test_the_container_is_a_container_and_a_collection(full: Container) -> None:
    document = full.get().json
    graph = _graph(document)
    found = graph.query(
        PREFIXES
        + """SELECT ?total ?first ?last ?item WHERE { ?c a ldp:BasicContainer ;
        a as:OrderedCollection ; as:totalItems ?total ; as:first ?first ; as:last ?last .
        ?first a as:OrderedCollectionPage ;
        as:partOf ?c ; as:next ?last ; as:items/<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>
        ?item . ?item a oa:Annotation }"""
    )
    rows = [tuple(map(str, row)) for row in found]  # type: ignore[arg-type]
    assert rows == [
        ("4", document["first"]["id"], document["last"], document["first"]["items"][0]["id"])
    ]


def test_every_annotation_alone_says_the_same_triples_as_in_its_page(full: Container) -> None:
    page = _graph(full.get().json)
    for item in full.get().json["first"]["items"]:
        alone = _graph(full.follow(item["id"]))
        assert len(alone) > 10
        ident = rdflib.URIRef(item["id"])
        assert set(alone.predicate_objects(ident)) >= {
            (verb, thing)
            for verb, thing in page.predicate_objects(ident)
            if not isinstance(thing, rdflib.BNode)
        }


def test_spans_in_the_graph_are_code_points_of_the_text(full: Container) -> None:
    found = []
    for item in _items(full):
        rows = _graph(item).query(
            PREFIXES
            + """SELECT ?b ?e ?x WHERE { ?a oa:hasTarget ?t . ?t oa:hasSelector ?p, ?q .
            ?p oa:start ?b ; oa:end ?e . ?q oa:exact ?x }"""
        )
        for start, end, exact in rows:  # type: ignore[misc]
            assert TEXT[start.toPython() : end.toPython()] == str(exact)
            found.append(str(exact))
    assert "Forty boats 🚤🚤 sank" in found
    assert len(found) == 4


def test_no_term_of_ours_is_lost_and_numbers_are_numbers(full: Container) -> None:
    for item in _items(full):
        expanded = jsonld.expand(item, {"documentLoader": local_loader})
        for name in _keys(item):
            if name.startswith("ft:"):
                term = f"http://localhost/ns/factmark#{name.removeprefix('ft:')}"
                assert term in _keys(expanded), name
    values = [
        thing
        for item in _items(full)
        for thing in _graph(item).objects(None, rdflib.URIRef("http://localhost/ns/factmark#value"))
    ]
    assert [(str(v), v.datatype) for v in values] == [  # type: ignore[attr-defined]
        ("40.50", rdflib.XSD.decimal)
    ]


def _keys(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_keys, node)) if node else set()
    return set(node).union(*map(_keys, node.values())) if isinstance(node, dict) else set()


def test_the_musts_of_an_annotation(full: Container) -> None:
    for item in _items(full):
        assert ANNO in item["@context"]
        assert isinstance(item["id"], str)
        assert item["id"].startswith(full.get().json["id"])
        assert item["type"] == "Annotation"
        assert item["motivation"] in MOTIVATIONS
        assert item["created"].endswith("Z")
        assert item["modified"].endswith("Z")
        assert item["creator"]["id"]
        assert "bodyValue" not in item
        for body in item["body"]:
            assert body.get("purpose", "tagging") in MOTIVATIONS
            if body["type"] == "SpecificResource":
                assert isinstance(body["source"], str)
            if body["type"] == "TextualBody":
                assert isinstance(body["value"], str)
                assert body["format"] == "text/plain"
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        assert targets
        for target in targets:
            if isinstance(target, dict):
                assert isinstance(target["source"], str)
                position, quote = target["selector"]
                assert 0 <= position["start"] < position["end"]
                assert TEXT[position["start"] : position["end"]] == quote["exact"]
                assert TEXT[: position["start"]].endswith(quote["prefix"])
                assert TEXT[position["end"] :].startswith(quote["suffix"])


def test_every_iri_leads_somewhere(full: Container, me: Api, article: str) -> None:
    for item in _items(full):
        assert full.follow(item["id"]) == item
        for target in item["target"] if isinstance(item["target"], list) else [item["target"]]:
            source = target if isinstance(target, str) else target["source"]
            assert full.follow(source)


def test_the_container_and_an_export_say_the_same(full: Container, team: Team, me: Api) -> None:
    answer = me.get(f"/projects/{team.project.id}/export", query={"format": "jsonld"})
    exported = {item["id"]: item for item in json.loads(answer.data)["first"]["items"]}
    served = {
        item["id"]: {name: value for name, value in item.items() if name != "@context"}
        for item in _items(full)
    }
    assert served == exported
