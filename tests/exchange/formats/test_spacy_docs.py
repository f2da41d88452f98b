"""DocBin, read back by spaCy with a blank vocabulary."""

import json

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

from app.exchange.formats import spacy_docs
from app.exchange.formats.across import NAME
from app.exchange.formats.base import Unreadable
from app.exchange.formats.spacy_docs import SpacyDocs
from app.exchange.formats.spacy_words import words_of
from app.exchange.rows import Fragment
from tests.exchange.formats.reading import unzipped, written
from tests.exchange.formats.sample import ARTICLES, annotations, empty, links, sample, texts

FORMAT = SpacyDocs()


def docs_of(data: bytes) -> dict[str, Doc]:
    """Article id to document, read into a vocabulary that knows nothing."""
    vocab = spacy.blank("xx").vocab
    return {
        doc.user_data["factmark"]["article"]["id"]: doc
        for name, part in unzipped(data).items()
        if name.endswith(".spacy")
        for doc in DocBin().from_bytes(part).get_docs(vocab)
    }


@pytest.fixture(scope="module")
def docs() -> dict[str, Doc]:
    return docs_of(written(FORMAT, sample()))


def test_texts_are_the_articles(docs: dict[str, Doc]) -> None:
    expected = {ident: text for ident, text in texts().items() if text}
    assert {ident: doc.text for ident, doc in docs.items()} == expected
    told = docs[ARTICLES[0].id].user_data["factmark"]["article"]
    assert told["title"] == ARTICLES[0].title


def test_no_span_is_lost(docs: dict[str, Doc]) -> None:
    found = {
        (doc_id, span.id_, span.label_, span.start_char, span.end_char, span.text)
        for doc_id, doc in docs.items()
        for span in doc.spans["sc"]
    }
    assert found == {
        (row.article_id, row.id, row.kind, piece.start, piece.end, piece.exact)
        for row in annotations()
        for piece in row.fragments
    }


def test_parts(docs: dict[str, Doc]) -> None:
    found = {
        (span.id_, span.label_, span.start_char, span.end_char, span.text)
        for doc in docs.values()
        for span in doc.spans["parts"]
    }
    assert found == {
        (row.id, role, piece.start, piece.end, piece.exact)
        for row in annotations()
        for role, pieces in row.parts.items()
        for piece in pieces
    }


def test_attributes_and_links_travel_with_the_document(docs: dict[str, Doc]) -> None:
    told = {
        ident: one
        for doc in docs.values()
        for ident, one in doc.user_data["factmark"]["annotations"].items()
    }
    for row in annotations():
        assert json.loads(json.dumps(told[row.id].get("attributes", {}))) == row.attributes
    assert {link["id"] for doc in docs.values() for link in doc.user_data["factmark"]["links"]} == {
        link.id for link in links() if link.from_article_id == link.to_article_id
    }


def test_links_across_articles_stand_beside() -> None:
    lines = unzipped(written(FORMAT, sample()))[NAME].splitlines()
    assert [json.loads(line)["id"] for line in lines] == [
        link.id for link in links() if link.from_article_id != link.to_article_id
    ]


def test_entities_are_one_kind_without_overlap(docs: dict[str, Doc]) -> None:
    found = {(ent.label_, ent.text) for doc in docs.values() for ent in doc.ents}
    figures = {(r.kind, p.exact) for r in annotations() if r.kind == "figure" for p in r.fragments}
    assert found == figures
    claims = docs_of(written(FORMAT, sample(), ents="claim"))
    longest = max((r for r in annotations() if r.kind == "claim"), key=lambda r: r.end - r.start)
    assert longest.fragments[0].exact in [ent.text for ent in claims[longest.article_id].ents]


def test_an_unknown_kind_of_entity_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        FORMAT.write(sample(), {"ents": "person"})
    assert caught.value.code == "bad_option"


def test_many_files_hold_the_same_documents(
    docs: dict[str, Doc], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spacy_docs, "_DOCUMENTS_A_FILE", 2)
    data = written(FORMAT, sample())
    assert len([name for name in unzipped(data) if name.endswith(".spacy")]) == 3
    assert {k: d.text for k, d in docs_of(data).items()} == {k: d.text for k, d in docs.items()}


def test_an_empty_project_has_no_corpus() -> None:
    assert list(unzipped(written(FORMAT, empty()))) == [NAME]


PIECES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


@given(st.text("ab \t\n.,'-é\u0308🔥", max_size=30), PIECES)
def test_words_give_the_text_back_and_know_every_edge(
    text: str, given_pieces: list[tuple[int, int]]
) -> None:
    pieces = [Fragment(a, b, text[a:b]) for a, b in given_pieces if a < b <= len(text)]
    made = words_of(text, pieces)
    doc = Doc(spacy.vocab.Vocab(), words=made.words, spaces=made.spaces)
    assert doc.text == text
    for piece in pieces:
        first, past = made.covered(piece)
        assert doc[first:past].text == piece.exact


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It fell by -1.5 %.", ["It", "fell", "by", "-", "1.5", "%", "."]),
        ("1,700 don't (cafe\u0301)", ["1,700", "don't", "(", "cafe\u0301", ")"]),
        ("a  b\r\n", ["a", "  ", "b", "\r\n"]),
        ("👩‍👩‍👧 🔥", ["👩‍👩‍👧", "🔥"]),
    ],
)
def test_words_read_as_words(text: str, words: list[str]) -> None:
    assert words_of(text, ()).words == words
