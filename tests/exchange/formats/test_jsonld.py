"""JSON-LD, expanded by PyLD and queried by rdflib; the model's MUSTs; and our own reader."""

import json
from dataclasses import replace
from typing import Any

import pytest
import rdflib
from pyld import jsonld

from app.exchange.formats.jsonld import WebAnnotation
from tests.exchange.formats.contexts import local_loader
from tests.exchange.formats.reading import Pipe, Taken, taken, written
from tests.exchange.formats.sample import annotations, empty, links, sample, texts

FORMAT = WebAnnotation()
MOTIVATIONS = {"classifying", "linking"}


@pytest.fixture(scope="module")
def data() -> bytes:
    return written(FORMAT, sample())


@pytest.fixture(scope="module")
def graph(data: bytes) -> rdflib.Graph:
    quads = jsonld.to_rdf(
        json.loads(data), {"format": "application/n-quads", "documentLoader": local_loader}
    )
    # Nothing is in a named graph, so the quads are triples.
    found = rdflib.Graph()
    found.parse(data=quads, format="nt")
    return found


PREFIXES = """PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX ft: <https://facts.example/ns/factmark#>
PREFIX as: <http://www.w3.org/ns/activitystreams#> """


def test_the_graph_has_every_span_with_its_quote(graph: rdflib.Graph) -> None:
    query = (
        PREFIXES
        + """SELECT ?a ?s ?kind ?b ?e ?x WHERE {
        ?a a oa:Annotation ; oa:hasTarget ?t ; oa:hasBody ?c . ?t oa:hasSource ?s ;
        oa:hasSelector ?p , ?q . ?p oa:start ?b ; oa:end ?e . ?q oa:exact ?x .
        ?c oa:hasPurpose oa:classifying ; oa:hasSource ?kind }"""
    )
    found = set()
    for ident, source, kind, start, end, exact in graph.query(query):  # type: ignore[misc]
        article = str(source).rpartition("/articles/")[2].partition("/")[0]
        assert texts()[article][start.toPython() : end.toPython()] == str(exact)
        found.add((str(ident).rpartition("/")[2], str(kind).rpartition("#")[2].lower(), int(start)))
    assert found == {(r.id, r.kind, f.start) for r in annotations() for f in r.fragments}


def test_the_graph_has_typed_values_verdicts_parts_and_links(graph: rdflib.Graph) -> None:
    values = {
        str(o)
        for o in graph.objects(None, rdflib.URIRef("https://facts.example/ns/factmark#value"))
    }
    assert values == {r.attributes["value"] for r in annotations() if "value" in r.attributes}
    for literal in graph.objects(None, rdflib.URIRef("https://facts.example/ns/factmark#value")):
        assert literal.datatype == rdflib.XSD.decimal  # type: ignore[attr-defined]
    ends = (
        PREFIXES
        + """SELECT ?f ?t ?r WHERE { ?a oa:motivatedBy oa:linking ; oa:hasTarget ?t ;
        oa:hasBody ?b , ?c . ?b oa:hasPurpose oa:linking ; oa:hasSource ?f .
        ?c oa:hasPurpose oa:classifying ; oa:hasSource ?r }"""
    )
    found = {
        tuple(str(end).replace("#", "/").rpartition("/")[2] for end in row)
        for row in graph.query(ends)
    }  # type: ignore[union-attr]
    assert found == {(k.from_id, k.to_id, k.relation) for k in links()}
    total = list(
        graph.objects(None, rdflib.URIRef("http://www.w3.org/ns/activitystreams#totalItems"))
    )
    assert [int(str(n)) for n in total] == [len(annotations()) + len(links())]


def test_no_key_is_lost_to_a_reader_with_both_contexts(data: bytes) -> None:
    def keys(node: Any) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(keys, node)) if node else set()
        if not isinstance(node, dict):
            return set()
        return set(node).union(*map(keys, node.values()))

    expanded = jsonld.expand(json.loads(data), {"documentLoader": local_loader})
    terms = {key.rpartition("#")[2] for key in keys(expanded)}
    ours = {key.removeprefix("ft:") for key in keys(json.loads(data)) if key.startswith("ft:")}
    assert ours <= terms


def test_the_models_musts(data: bytes) -> None:
    collection = json.loads(data)
    items = collection["first"]["items"]
    assert collection["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert collection["total"] == len(items)
    assert len({item["id"] for item in items}) == len(items)
    for item in items:
        assert item["type"] == "Annotation"
        assert item["motivation"] in MOTIVATIONS
        assert item["target"]
        assert "bodyValue" not in item
        assert item["created"].endswith("Z")
        for body in item["body"]:
            if body["type"] == "SpecificResource":
                assert isinstance(body["source"], str)
            if body["type"] == "TextualBody":
                assert isinstance(body["value"], str)


def test_what_goes_out_comes_back(data: bytes) -> None:
    result = Taken(FORMAT.read(Pipe(data, 5000), {}))  # type: ignore[arg-type]
    assert result.codes == []
    assert result.annotations == annotations()
    assert result.links == links()


def test_extra_attributes_stay_json() -> None:
    dataset = sample()
    extra = {"deep": [1, {"x": None}], "a b": "c"}
    dataset.rows = [replace(dataset.rows[0], attributes={"extra": extra}, tags=("claim",))]
    dataset.link_rows = []
    data = written(FORMAT, dataset)
    back = taken(FORMAT, data).annotations[0]
    assert (back.attributes, back.tags) == ({"extra": extra}, ("claim",))
    jsonld.to_rdf(json.loads(data), {"documentLoader": local_loader})


def test_an_empty_collection_has_no_page() -> None:
    found = json.loads(written(FORMAT, empty()))
    assert (found["total"], "first" in found) == (0, False)
    assert taken(FORMAT, written(FORMAT, empty())).reads == []


def foreign(**changes: Any) -> dict[str, Any]:
    selector = [
        {"type": "TextPositionSelector", "start": 2, "end": 6},
        {"type": "TextQuoteSelector", "exact": "fire", "prefix": "🔥 "},
    ]
    return {
        "id": "https://other.example/a/1",
        "type": "Annotation",
        "creator": "https://other.example/people/7",
        "body": {"type": "TextualBody", "value": "Claim", "purpose": "tagging"},
        "target": {"source": "https://news.example/fire", "selector": selector},
        **changes,
    }


def test_an_annotation_of_another_tool() -> None:
    result = taken(FORMAT, json.dumps([foreign()]).encode())
    assert result.codes == []
    row = result.annotations[0]
    assert (row.kind, row.article_id) == ("claim", "https://news.example/fire")
    assert (row.fragments[0].exact, row.start, row.external_id) == ("fire", 2, row.id)
    assert (row.author.id, row.tags) == ("7", ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "Note"}, "not_an_annotation"),
        ({"id": None}, "not_a_text"),
        ({"body": "text"}, "unknown_kind"),
        ({"target": "https://news.example/fire"}, "bad_target"),
        ({"target": []}, "bad_target"),
        ({"target": {"source": "x", "selector": {"type": "XPathSelector"}}}, "missing_offsets"),
        (
            {"target": {"source": "x", "selector": {"type": "TextPositionSelector", "start": 5,
                                                    "end": 5}}},
            "empty_span",
        ),
        (
            {"target": {"source": "x", "selector": {"type": "TextPositionSelector", "start": "1",
                                                    "end": 5}}},
            "not_an_integer",
        ),
        (
            {"target": {"source": "x", "selector": [
                {"type": "TextPositionSelector", "start": 3, "end": 8},
                {"type": "TextQuoteSelector", "exact": "fire"}]}},
            "quote_mismatch",
        ),
    ],
)  # fmt: skip
def test_bad_annotations_are_named_and_the_rest_is_read(changes: dict[str, Any], code: str) -> None:
    data = json.dumps([foreign(**changes), foreign()], indent=1).encode()
    result = taken(FORMAT, data)
    assert result.codes == [code]
    assert result.errors[0].line == 2
    assert len(result.annotations) == 1


def test_a_default_kind_and_labels() -> None:
    data = json.dumps(foreign(body="just a note")).encode()
    assert taken(FORMAT, data, kind="figure").annotations[0].kind == "figure"
    assert taken(FORMAT, data, kind="verb").codes == ["bad_option"]


def test_broken_json_in_the_middle_keeps_what_came_before(data: bytes) -> None:
    result = taken(FORMAT, data[: len(data) // 2])
    assert result.codes == ["bad_json"]
    assert 0 < len(result.annotations) < len(annotations())
    assert (result.errors[0].line or 0) > 2
