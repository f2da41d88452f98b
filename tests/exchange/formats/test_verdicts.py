"""FEVER, AVeriTeC and ClaimReview: the rules of their data, read back by other loaders."""

import io
import json
from typing import Any

import duckdb
import polars
import pytest
import rdflib
from pyld import jsonld

from app.exchange.formats.averitec import Averitec
from app.exchange.formats.claimreview import ClaimReview
from app.exchange.formats.fever import Fever, number
from tests.exchange.formats.reading import unzipped, written
from tests.exchange.formats.sample import annotations, empty, links, sample, texts

JUDGED = [row for row in annotations() if row.verdict]


def label(row: Any) -> str:
    return str(row.verdict["label"])


@pytest.fixture(scope="module")
def fever() -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    files = unzipped(written(Fever(), sample()))
    claims = [json.loads(line) for line in files["claims.jsonl"].splitlines()]
    pages = polars.read_ndjson(io.BytesIO(files["pages.jsonl"])).to_dicts()
    lines = {p["id"]: [x.partition("\t")[2] for x in p["lines"].split("\n")] for p in pages}
    return claims, lines


def test_fever_has_three_labels_and_no_conflicting_claim(fever: Any) -> None:
    claims, _ = fever
    names = {
        "supported": "SUPPORTS",
        "refuted": "REFUTES",
        "not_enough_evidence": "NOT ENOUGH INFO",
    }
    expected = {number(row.id): names[label(row)] for row in JUDGED if label(row) in names}
    assert {claim["id"]: claim["label"] for claim in claims} == expected
    for claim in claims:
        unknown = claim["label"] == "NOT ENOUGH INFO"
        assert claim["verifiable"] == ("NOT VERIFIABLE" if unknown else "VERIFIABLE")
        assert claim["claim"]
        if unknown:
            assert claim["evidence"] == [[[claim["id"], None, None, None]]]


def test_fevers_evidence_points_at_the_sentence_of_the_linked_span(fever: Any) -> None:
    claims, pages = fever
    rows = {row.id: row for row in annotations()}
    supported = next(row for row in JUDGED if label(row) == "supported")
    claim = next(claim for claim in claims if claim["id"] == number(supported.id))
    assert claim["claim"] == supported.attributes["statement"]
    ends = [
        (k.id, k.to_id if k.from_id == supported.id else k.from_id)
        for k in links()
        if supported.id in (k.from_id, k.to_id) and k.relation == "corroborates"
    ]
    assert len(claim["evidence"]) == len(ends) == 2
    for found, (link, other) in zip(claim["evidence"], ends, strict=True):
        row = rows[other]
        quoted = " ".join(pages[page][line] for _, _, page, line in found)
        assert {entry[1] for entry in found} == {number(link)}
        assert {entry[2] for entry in found} == {row.article_id}
        for piece in row.fragments:
            assert " ".join(piece.exact.split()) in quoted


def test_fevers_pages_hold_every_word(fever: Any) -> None:
    _, pages = fever
    for key, text in texts().items():
        assert "".join("".join(pages[key]).split()) == "".join(text.split())


def test_fevers_numbers_survive_javascript() -> None:
    assert all(0 < number(row.id) < 2**53 for row in annotations())
    assert len({number(row.id) for row in annotations()}) == len(annotations())


def test_averitec_by_duckdb(tmp_path: Any) -> None:
    path = tmp_path / "averitec.json"
    path.write_bytes(written(Averitec(), sample()))
    found = duckdb.connect().execute(
        "SELECT label, count(*) FROM read_json(?) GROUP BY label ORDER BY label", [str(path)]
    )
    assert found.fetchall() == [
        ("Conflicting Evidence/Cherrypicking", 1),
        ("Not Enough Evidence", 1),
        ("Refuted", 1),
        ("Supported", 1),
    ]


def test_averitecs_fields() -> None:
    claims = json.loads(written(Averitec(), sample()))
    first = next(claim for claim in claims if claim["label"] == "Supported")
    assert first["claim"] == "=HOLD(town)"
    assert first["justification"].startswith("Two papers")
    assert first["claim_date"] == "17-9-2014"
    assert first["speaker"] == "officials"
    assert first["reporting_source"] == "The Daily, Ltd."
    assert first["location_ISO_code"] == "SY"
    assert first["claim_types"] == ["Event/Property Claim"]
    answers = [answer for q in first["questions"] for answer in q["answers"]]
    assert answers[0]["answer"] == "Rebels hold … town"
    assert {answer["answer_type"] for answer in answers} == {"Extractive"}
    assert all(answer["source_url"].startswith("https://") for answer in answers)
    refuted = next(claim for claim in claims if claim["label"] == "Refuted")
    assert [a["answer"] for q in refuted["questions"] for a in q["answers"]] == ["12 people"]
    assert json.loads(written(Averitec(), empty())) == []


def local(url: str, options: Any = None) -> dict[str, Any]:
    assert url == "https://schema.org"
    terms = {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "license": {"@type": "@id"}}
    document = {"@context": terms}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url,
            "document": document}  # fmt: skip


def test_claimreview_as_a_graph() -> None:
    quads = jsonld.to_rdf(
        json.loads(written(ClaimReview(), sample())),
        {
            "format": "application/n-quads",
            "documentLoader": local,
            "base": "https://facts.example/",
        },
    )
    graph = rdflib.Graph()
    graph.parse(data=quads, format="nt")
    rows = graph.query(
        """PREFIX s: <https://schema.org/> SELECT ?r ?claim ?name ?value ?page WHERE {
        ?r a s:ClaimReview ; s:claimReviewed ?claim ; s:reviewRating ?rating ;
        s:itemReviewed ?item . ?rating s:alternateName ?name .
        OPTIONAL { ?rating s:ratingValue ?value } ?item s:appearance/s:url ?page }"""
    )
    found = {str(r).rpartition("/")[2]: (str(n), v and int(v)) for r, _, n, v, _ in rows}  # type: ignore[misc]
    names = {
        "supported": ("Supported", 5),
        "refuted": ("Refuted", 1),
        "conflicting": ("Conflicting evidence", 3),
        "not_enough_evidence": ("Not enough evidence", None),
    }
    assert found == {row.id: names[label(row)] for row in JUDGED}
    assert all(str(row[4]).startswith("https://") for row in rows)  # type: ignore[index]


def test_claimreview_names_the_speaker() -> None:
    graph = json.loads(written(ClaimReview(), sample()))["@graph"]
    first = next(review for review in graph if review["reviewRating"].get("ratingValue") == 5)
    assert first["itemReviewed"]["author"] == {"@type": "Thing", "name": "officials"}
    assert first["itemReviewed"]["appearance"]["url"] == "https://news.example/plain?a=1&b=2"
    assert json.loads(written(ClaimReview(), empty()))["@graph"] == []
