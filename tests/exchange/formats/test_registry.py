"""What every format promises, seen from the list of formats."""

import inspect

import pytest

from app.exchange.formats import FORMATS
from app.exchange.formats.base import Format
from tests.exchange.formats.sample import empty, sample

WRITERS = [one for one in FORMATS.values() if type(one).write is not Format.write]
PLAIN = [one for one in WRITERS if one.extra is None]


def test_the_contracts_formats_are_there() -> None:
    wanted = (
        "csv parquet jsonld brat conll webanno-tsv xmi spacy label-studio doccano huggingface "
        "fever averitec claimreview text"
    )
    assert set(wanted.split()) <= set(FORMATS)
    reading = {name for name, one in FORMATS.items() if one.reads}
    assert {"label-studio", "doccano", "brat", "jsonld", "text"} <= reading


@pytest.mark.parametrize("one", FORMATS.values(), ids=lambda one: one.name)
def test_a_format_says_what_it_keeps_and_loses(one: Format) -> None:
    for sentence in (one.title, one.media_type, one.suffix, one.keeps, one.loses):
        assert sentence.strip() == sentence
        assert sentence
    assert one.keeps.endswith(".")
    assert one.loses.endswith(".")
    assert one.reads == (type(one).read is not Format.read)
    assert inspect.getdoc(type(one))


@pytest.mark.parametrize("one", PLAIN, ids=lambda one: one.name)
def test_chunks_are_bytes_and_nothing_is_read_before_it_is_asked_for(one: Format) -> None:
    class Lazy:
        project, base_url = sample().project, "https://facts.example"

        def documents(self) -> object:
            raise AssertionError("read too early")

        links = sources = documents

    one.write(Lazy(), {})  # type: ignore[arg-type]
    assert all(isinstance(chunk, bytes) for chunk in one.write(sample(), {}))
    assert isinstance(b"".join(one.write(empty(), {})), bytes)
