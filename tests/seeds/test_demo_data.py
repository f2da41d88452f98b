"""The demo data holds together on its own: every quote is found, every enum is known.

Pure: it reads the files under seeds/ and needs neither the application nor a database.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

Span = tuple[int, int]
Json = dict[str, Any]

ENUMS: dict[str, dict[str, set[str]]] = {
    "claim": {
        "claim_type": {
            "event_property",
            "numerical",
            "quote",
            "causal",
            "position",
            "prediction",
            "comparison",
        },
        "modality": {"asserted", "possible", "denied", "predicted"},
        "check_worthiness": {"non_factual", "unimportant_factual", "check_worthy"},
    },
    "figure": {
        "comparator": {
            "exact",
            "approx",
            "at_least",
            "at_most",
            "more_than",
            "less_than",
            "between",
        },
        "quantity_kind": {
            "monetary",
            "percentage",
            "count",
            "measurement",
            "ratio",
            "temporal",
            "ordinal",
            "index",
        },
        "form": {"digits", "words", "vague"},
        "status": {"reported", "estimate", "forecast", "target"},
    },
    "attribution": {
        "quotation": {"direct", "indirect", "mixed"},
        "act": {"assertion", "belief", "demand", "commitment", "no_comment"},
        "author_stance": {"endorses", "rejects", "neutral"},
    },
}
FREE: dict[str, set[str]] = {
    "claim": {"statement", "topic", "time", "location"},
    "figure": {"value", "value_max", "unit", "scale", "measured", "as_of", "said_on"},
    "attribution": {"sources", "said_on", "via"},
}
SOURCE_TYPES = {"person", "organisation", "government", "media", "document", "group", "unnamed"}
DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
PRECISIONS = {
    "year": r"\d{4}",
    "month": r"\d{4}-(0[1-9]|1[0-2])",
    "day": DAY,
    "interval": f"{DAY}/{DAY}",
}


def load(name: str) -> Any:
    return json.loads((SEEDS / name).read_text(encoding="utf-8"))


ARTICLES: list[Json] = load("articles.json")
ANNOTATIONS: list[Json] = load("annotations.json")
PEOPLE: Json = load("people.json")
TEXTS = {a["external_id"]: (SEEDS / a["file"]).read_bytes().decode() for a in ARTICLES}


def place(text: str, quote: Json) -> Span:
    """Where the quote stands; fails unless it stands in exactly one place."""
    assert set(quote) <= {"exact", "prefix", "suffix"}
    assert quote["exact"]
    prefix, suffix = quote.get("prefix", ""), quote.get("suffix", "")
    assert max(len(prefix), len(suffix)) <= 32
    pattern = f"(?={re.escape(prefix + quote['exact'] + suffix)})"
    starts = [m.start() for m in re.finditer(pattern, text)]
    assert len(starts) == 1, (quote, starts)
    start = starts[0] + len(prefix)
    return start, start + len(quote["exact"])


def spans_of(annotation: Json) -> list[Span]:
    target = annotation["target"]
    text = TEXTS[annotation["article"]]
    return [place(text, quote) for quote in target.get("fragments", [target])]


def dates_of(attributes: Json) -> Iterator[Json]:
    return (attributes[key] for key in ("time", "as_of", "said_on") if key in attributes)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a["external_id"])
def test_article_is_long_and_its_regions_are_found(article: Json) -> None:
    text = TEXTS[article["external_id"]]
    assert len(text.split()) >= 350
    assert "\r" not in text
    spans = sorted(place(text, {"exact": r["quote"]}) for r in article["regions"])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    source = article["source"]
    assert source["credited_source"]
    assert re.fullmatch(PRECISIONS[source["published_precision"]], source["published_on"])


def test_every_text_belongs_to_one_article() -> None:
    assert len(TEXTS) == len(ARTICLES) == 5
    named = {a["file"] for a in ARTICLES}
    assert named == {f"articles/{p.name}" for p in (SEEDS / "articles").iterdir()}


def test_texts_show_what_front_ends_meet() -> None:
    for text in TEXTS.values():
        assert {"“", "”", "’", "–"} <= set(text)
        assert "\n\n" in text
        assert any(ord(c) > 0xFFFF for c in text), "an astral code point"
    for mark in ("\u00a0", "é"):
        assert any(mark in text for text in TEXTS.values())


@pytest.mark.parametrize("annotation", ANNOTATIONS, ids=lambda a: a["external_id"])
def test_annotation_quotes_are_found_once_and_in_order(annotation: Json) -> None:
    spans = spans_of(annotation)
    assert all(a[1] < b[0] for a, b in pairwise(spans))
    fragments = annotation["target"].get("fragments")
    assert fragments is None or len(fragments) > 1
    envelope = spans[0][0], spans[-1][1]
    assert ("parts" in annotation) == (annotation["kind"] == "attribution")
    for name, quotes in annotation.get("parts", {}).items():
        assert name in {"source", "cue", "content", "antecedent"}
        placed = [place(TEXTS[annotation["article"]], quote) for quote in quotes]
        assert placed == sorted(placed)
        if name != "antecedent":
            assert all(envelope[0] <= s and e <= envelope[1] for s, e in placed), name


@pytest.mark.parametrize("annotation", ANNOTATIONS, ids=lambda a: a["external_id"])
def test_annotation_attributes_follow_the_contract(annotation: Json) -> None:
    kind, attributes = annotation["kind"], annotation["attributes"]
    assert set(attributes) <= FREE[kind] | set(ENUMS[kind])
    for name, allowed in ENUMS[kind].items():
        assert attributes.get(name, next(iter(allowed))) in allowed, name
    for date in dates_of(attributes):
        assert set(date) <= {"value", "precision", "text"}
        assert ("value" in date) == ("precision" in date)
        if "value" in date:
            assert re.fullmatch(PRECISIONS[date["precision"]], date["value"])
    for source in attributes.get("sources", []):
        assert {"name": source["name"], "type": source["type"]} in [
            {"name": s["name"], "type": s["type"]} for s in PEOPLE["sources"]
        ]


@pytest.mark.parametrize(
    "figure", [a for a in ANNOTATIONS if a["kind"] == "figure"], ids=lambda a: a["external_id"]
)
def test_figure_has_a_value_or_is_vague(figure: Json) -> None:
    attributes = figure["attributes"]
    assert ("value" in attributes) != (attributes["form"] == "vague")
    ranged = attributes.get("comparator") == "between"
    assert ("value_max" in attributes) == ranged
    numbers = [attributes[key] for key in ("value", "value_max") if key in attributes]
    assert all(isinstance(n, str) for n in numbers)
    assert [Decimal(n) for n in numbers] == sorted({Decimal(n) for n in numbers})


def test_annotation_envelopes_are_valid() -> None:
    tags = set(PEOPLE["project"]["settings"]["tag_set"])
    assert len({a["external_id"] for a in ANNOTATIONS}) == len(ANNOTATIONS) >= 80
    for annotation in ANNOTATIONS:
        assert annotation["author"] in {"ana", "ben"}
        assert annotation["state"] in {"draft", "submitted"}
        assert annotation.get("confidence", "low") in {"low", "medium", "high"}
        assert set(annotation["tags"]) <= tags
        assert annotation["origin"] in {"human", "machine"}
        assert ("score" in annotation) == (annotation["origin"] == "machine")
        assert 0 <= annotation.get("score", 0) <= 1


def test_every_natural_enum_value_occurs() -> None:
    for name in ENUMS["claim"]:
        assert ENUMS["claim"][name] == {a["attributes"].get(name) for a in ANNOTATIONS} - {None}
    used = {
        d["precision"] for a in ANNOTATIONS for d in dates_of(a["attributes"]) if "precision" in d
    }
    assert used == set(PRECISIONS)
    comparators = {a["attributes"].get("comparator") for a in ANNOTATIONS}
    assert ENUMS["figure"]["comparator"] <= comparators


def test_hard_shapes_are_present() -> None:
    def inside(inner: Json, outer: Json) -> bool:
        (s, *_), (o, *_) = spans_of(inner), spans_of(outer)
        return inner["article"] == outer["article"] and o[0] <= s[0] and s[1] <= o[1] and s != o

    attributions = [a for a in ANNOTATIONS if a["kind"] == "attribution"]
    contents = [
        (a["article"], place(TEXTS[a["article"]], quote))
        for a in attributions
        for quote in a["parts"]["content"]
    ]
    for kind in ("claim", "figure"):
        spans = [(a["article"], spans_of(a)[0]) for a in ANNOTATIONS if a["kind"] == kind]
        assert any(
            x == y and o[0] <= s[0] and s[1] <= o[1] for x, s in spans for y, o in contents
        ), kind
    same_span = Counter((a["article"], *spans_of(a)) for a in ANNOTATIONS)
    layers = Counter((a["article"], *spans_of(a), a["author"]) for a in ANNOTATIONS)
    assert any(inside(a, b) for a in attributions for b in attributions)
    assert any("fragments" in a["target"] for a in ANNOTATIONS)
    assert any(n > layers[(*key, "ana")] > 0 for key, n in same_span.items())
    assert any(not a["attributes"]["sources"] and not a["parts"]["source"] for a in attributions)
    assert any(a["parts"]["antecedent"] for a in attributions)
    assert {a["attributes"]["quotation"] for a in attributions} == {"direct", "indirect", "mixed"}


def test_people_and_sources_are_named_once() -> None:
    assert {u["key"] for u in PEOPLE["users"]} == {"ana", "ben", "rita", "max"}
    names = [n.casefold() for s in PEOPLE["sources"] for n in (s["name"], *s["aliases"])]
    assert len(names) == len(set(names)), [n for n, c in Counter(names).items() if c > 1]
    assert {s["type"] for s in PEOPLE["sources"]} <= SOURCE_TYPES
    assert 300 <= len(PEOPLE["project"]["guidelines"].split()) <= 600
