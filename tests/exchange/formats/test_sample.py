"""The shared dataset keeps its own promises, or every test on it would be void."""

from tests.exchange.formats.sample import annotations, links, sample, texts


def test_every_span_quotes_its_text() -> None:
    stored = texts()
    for row in annotations():
        parts = [fragment for group in row.parts.values() for fragment in group]
        for span in (*row.fragments, *parts):
            assert stored[row.article_id][span.start : span.end] == span.exact


def test_links_name_annotations_and_their_articles() -> None:
    home = {row.id: row.article_id for row in annotations()}
    for link in links():
        assert home[link.from_id] == link.from_article_id
        assert home[link.to_id] == link.to_article_id


def test_documents_carry_every_annotation_in_text_order() -> None:
    seen = [row for document in sample().documents() for row in document.annotations]
    assert seen == annotations()
