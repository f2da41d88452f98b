"""CoNLL-U Plus, read back by the conllu library and a strict IOB2 decoder."""

import conllu
import pytest

from app.exchange.formats.conll import Conll
from tests.exchange.formats.reading import written
from tests.exchange.formats.sample import ARTICLES, annotations, empty, sample, texts

FORMAT = Conll()
Span = tuple[str, str, int, int]


@pytest.fixture(scope="module")
def data() -> str:
    return written(FORMAT, sample()).decode()


def parsed(data: str) -> list[conllu.models.TokenList]:
    fields = data.partition("\n")[0].removeprefix("# global.columns = ").split()
    assert fields == ["ID", "FORM", "CLAIM", "FIGURE", "ATTRIBUTION", "MISC"]
    return list(conllu.parse(data, fields=[field.lower() for field in fields]))


def decoded(sentences: list[conllu.models.TokenList]) -> set[Span]:
    """Spans of every column; an I without its B is an error, as strict IOB2 has it."""
    found: set[Span] = set()
    home = ""
    for sentence in sentences:
        home = sentence.metadata.get("newdoc id", home)
        for kind in ("claim", "figure", "attribution"):
            running: list[int] = []
            for token in sentence:
                tag = token[kind]
                assert tag in ("O", f"B-{kind.upper()}", f"I-{kind.upper()}")
                assert tag[0] != "I" or running
                if tag[0] != "I" and running:
                    found.add((home, kind, *running))  # type: ignore[arg-type]
                    running = []
                if tag[0] != "O":
                    start, end = (int(token["misc"][key]) for key in ("start", "end"))
                    running = [running[0] if running else start, end]
            if running:
                found.add((home, kind, *running))  # type: ignore[arg-type]
    return found


def lost(data: str) -> set[str]:
    return {line.split()[3] for line in data.split("\n") if line.startswith("# lost = ")}


def test_tokens_quote_their_text_and_leave_out_only_white_space(data: str) -> None:
    home, seen = "", {article.id: "" for article in ARTICLES}
    for sentence in parsed(data):
        home = sentence.metadata.get("newdoc id", home)
        for token in sentence:
            start, end = int(token["misc"]["start"]), int(token["misc"]["end"])
            if start < end:
                assert texts()[home][start:end] == token["form"]
                seen[home] += token["form"]
    for key, text in texts().items():
        assert seen[key] == "".join(text.split())


def test_every_span_that_is_not_named_as_lost_comes_back(data: str) -> None:
    missing = lost(data)
    expected = {
        (row.article_id, row.kind, piece.start, piece.end)
        for row in annotations()
        if row.id not in missing
        for piece in row.fragments
    }
    assert decoded(parsed(data)) == expected


def test_only_overlap_within_one_kind_is_lost(data: str) -> None:
    missing = lost(data)
    rows = {row.id: row for row in annotations()}
    for key in missing:
        row = rows[key]
        assert any(
            other.id not in missing
            and (other.kind, other.article_id) == (row.kind, row.article_id)
            and other.start < row.end
            and row.start < other.end
            for other in rows.values()
        )
    assert 0 < len(missing) < 6


def test_every_document_shows(data: str) -> None:
    ids = [s.metadata["newdoc id"] for s in parsed(data) if "newdoc id" in s.metadata]
    assert ids == [article.id for article in ARTICLES]


def test_an_empty_project_has_its_columns() -> None:
    assert written(FORMAT, empty()).decode().startswith("# global.columns = ID FORM CLAIM")
