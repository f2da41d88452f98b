"""XMI, read back by dkpro-cassis, which converts UTF-16 offsets to code points itself."""

import io
import json
from dataclasses import replace
from typing import Any

import cassis
import pytest
from lxml import etree

from app.annotations.kinds import KINDS
from app.exchange.formats.across import NAME
from app.exchange.formats.xmi import Xmi
from app.exchange.formats.xmi_types import FACT, types_described
from tests.exchange.formats.reading import unzipped, written
from tests.exchange.formats.sample import (
    ARTICLES,
    MemoryDataset,
    annotations,
    empty,
    links,
    sample,
    texts,
)

FORMAT = Xmi()


def cases_of(files: dict[str, bytes]) -> dict[str, Any]:
    """Article id to CAS."""
    types = cassis.load_typesystem(io.BytesIO(files["TypeSystem.xml"]))
    found = {}
    for name, data in files.items():
        if name.endswith(".xmi"):
            cas = cassis.load_cas_from_xmi(io.BytesIO(data), typesystem=types)
            [article] = cas.select("factmark.Article")
            found[article.article_id] = cas
    return found


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return unzipped(written(FORMAT, sample()))


@pytest.fixture(scope="module")
def cases(files: dict[str, bytes]) -> dict[str, Any]:
    return cases_of(files)


def storable(text: str) -> str:
    return "".join("\ufffd" if c in "\x0b\x0c\x1f\ufffe" else c for c in text)


def test_texts_and_articles(cases: dict[str, Any]) -> None:
    assert set(cases) == {article.id for article in ARTICLES}
    for article in ARTICLES:
        cas = cases[article.id]
        assert cas.sofa_string == storable(article.text)
        [found] = cas.select("factmark.Article")
        assert (found.begin, found.end) == (0, len(article.text))
        assert (found.title, found.external_id) == (article.title, article.external_id)
        assert found.publisher == article.source.get("publisher")
        assert found.language == (article.language or "x-unspecified")


def test_every_span_with_its_features(cases: dict[str, Any]) -> None:
    found = {fact.fact_id: (cas, fact) for cas in cases.values() for fact in cas.select(FACT)}
    assert set(found) == {row.id for row in annotations()}
    for row in annotations():
        cas, fact = found[row.id]
        assert fact.type.name == f"factmark.{row.kind.title()}"
        assert (fact.begin, fact.end) == (row.start, row.end)
        text = texts()[row.article_id]
        assert fact.get_covered_text() == storable(text[row.start : row.end])
        assert json.loads(fact.attributes or "{}") == row.attributes
        for column in KINDS[row.kind].columns:
            assert getattr(fact, column.name) == column.take(row.attributes)
        assert (fact.note, fact.score, fact.layer) == (row.note, row.score, row.layer)
        assert tuple(json.loads(fact.tags or "[]")) == row.tags
        assert fact.verdict == (row.verdict or {}).get("label")
        assert pieces_of(cas, fact) == {
            (role, place, piece.start, piece.end)
            for role, pieces in expected_pieces(row).items()
            for place, piece in enumerate(pieces, 1)
        }


def pieces_of(cas: Any, fact: Any) -> set[tuple[str, int, int, int]]:
    return {
        (piece.role, piece.number, piece.begin, piece.end)
        for piece in cas.select("factmark.Piece")
        if piece.fact is fact
    }


def expected_pieces(row: Any) -> dict[str, Any]:
    gaps = {"fragment": row.fragments} if len(row.fragments) > 1 else {}
    return {**gaps, **row.parts}


def test_links_inside_an_article_are_relations(cases: dict[str, Any]) -> None:
    found = {
        link.link_id: (link.Governor.fact_id, link.Dependent.fact_id, link.relation, link.rationale)
        for cas in cases.values()
        for link in cas.select("factmark.Link")
    }
    assert found == {
        link.id: (link.from_id, link.to_id, link.relation, link.rationale)
        for link in links()
        if link.from_article_id == link.to_article_id
    }


def test_links_across_articles_stand_beside(files: dict[str, bytes]) -> None:
    found = [json.loads(line)["id"] for line in files[NAME].splitlines()]
    assert found == [link.id for link in links() if link.from_article_id != link.to_article_id]


def test_offsets_on_disk_count_utf16(files: dict[str, bytes]) -> None:
    [data] = [data for name, data in files.items() if "emoji" in name]
    root = etree.fromstring(data)
    [sofa] = root.iter("{http:///uima/cas.ecore}Sofa")
    units = sofa.get("sofaString").encode("utf-16-le")
    [figure] = root.iter("{http:///factmark.ecore}Figure")
    begin, end = (2 * int(figure.get(name)) for name in ("begin", "end"))
    assert units[begin:end].decode("utf-16-le") == "12 people"


def test_forbidden_characters_do_not_move_offsets() -> None:
    article = replace(ARTICLES[5], text="a\x00\x0b\x1f\ufffe\uffffb 🔥 c", title="\x01<&\">'\r\n\t")
    [cas] = cases_of(unzipped(written(FORMAT, MemoryDataset([article], [], [])))).values()
    assert cas.sofa_string == "a\ufffd\ufffd\ufffd\ufffd\ufffdb 🔥 c"
    [found] = cas.select("factmark.Article")
    assert found.title == "\ufffd<&\">'\r\n\t"


def test_the_type_system_has_no_feature_twice() -> None:
    types = {name: (above, [n for n, _ in features]) for name, above, features in types_described()}
    for above, features in types.values():
        inherited = types[above][1] if above in types else []
        assert len({*features, *inherited}) == len(features) + len(inherited)


def test_an_empty_project_is_a_type_system() -> None:
    assert set(unzipped(written(FORMAT, empty()))) == {"TypeSystem.xml", NAME}
