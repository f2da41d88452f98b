"""CSV, read back by pandas, polars, DuckDB and the standard library."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pandas
import polars
import pytest

from app.exchange.formats.base import Unreadable
from app.exchange.formats.csv_tables import CsvTables
from tests.exchange.formats.reading import unzipped, written
from tests.exchange.formats.sample import ARTICLES, annotations, empty, links, sample, texts

FORMAT = CsvTables()


@pytest.fixture(scope="module")
def tables() -> dict[str, bytes]:
    return unzipped(written(FORMAT, sample()))


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def test_documents_keep_every_character(tables: dict[str, bytes]) -> None:
    frame = pandas.read_csv(
        io.BytesIO(tables["documents.csv"]), dtype=str, keep_default_na=False, engine="python"
    )
    assert dict(zip(frame["id"], frame["text"], strict=True)) == texts()
    assert list(frame["title"]) == [article.title for article in ARTICLES]


def test_polars_reads_spans_with_their_text(tables: dict[str, bytes]) -> None:
    frame = polars.read_csv(tables["spans.csv"], infer_schema=False, empty_string_is_null=False)
    assert frame["id"].to_list() == [row.id for row in annotations()]
    for found, row in zip(frame.to_dicts(), annotations(), strict=True):
        text = texts()[row.article_id]
        assert (int(found["start"]), int(found["end"])) == (row.start, row.end)
        assert found["exact"] == text[row.start : row.end]
        assert json.loads(found["attributes"]) == row.attributes
        assert json.loads(found["tags"]) == list(row.tags)
        assert (found["value"], found["note"]) == (
            row.attributes.get("value", ""),
            row.note or "",
        )
        assert found["verdict"] == (row.verdict or {}).get("label", "")


def test_duckdb_reads_strictly_and_joins(tables: dict[str, bytes], tmp_path: Path) -> None:
    for name in ("documents", "spans", "fragments", "parts", "links", "sources"):
        (tmp_path / f"{name}.csv").write_bytes(tables[f"{name}.csv"])
    database = duckdb.connect()

    def table(name: str) -> str:
        return f"read_csv('{tmp_path / name}.csv', all_varchar=true, header=true, strict_mode=true)"

    broken = database.execute(
        f"SELECT count(*) FROM {table('fragments')} f "
        f"JOIN {table('documents')} d ON d.id = f.article_id "
        'WHERE substr(d.text, f.start::INT + 1, f."end"::INT - f.start::INT) <> f.exact'
    ).fetchone()
    assert broken == (0,)
    pieces = database.execute(f"SELECT count(*) FROM {table('fragments')}").fetchone()
    assert pieces == (sum(len(row.fragments) for row in annotations()),)
    ends = database.execute(f"SELECT from_id, to_id, relation FROM {table('links')} ORDER BY id")
    assert ends.fetchall() == [(k.from_id, k.to_id, k.relation) for k in links()]


def test_parts_are_numbered_within_their_role(tables: dict[str, bytes]) -> None:
    expected = [
        (row.id, role, str(number), str(piece.start), piece.exact)
        for row in annotations()
        for role, pieces in row.parts.items()
        for number, piece in enumerate(pieces, 1)
    ]
    found = rows_of(tables["parts.csv"])
    names = ("annotation_id", "role", "number", "start", "exact")
    assert [tuple(row[name] for name in names) for row in found] == expected


def test_guard_marks_every_cell_a_spreadsheet_would_run() -> None:
    guarded = unzipped(written(FORMAT, sample(), guard="formula"))
    assert "formula-guarded" in guarded["README.md"].decode()
    cells = [
        c
        for name in guarded
        if name.endswith(".guarded.csv")
        for r in rows_of(guarded[name])
        for c in r.values()
    ]
    assert "'=1+1" in cells
    assert "'-1.5" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_an_empty_project_has_headers_only() -> None:
    tables = unzipped(written(FORMAT, empty()))
    assert tables["spans.csv"].decode().startswith("id,article_id,kind,start,end,exact")
    assert all(len(rows_of(data)) == 0 for name, data in tables.items() if name.endswith(".csv"))


def test_an_unknown_guard_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        FORMAT.write(sample(), {"guard": "maybe"})
    assert caught.value.code == "bad_option"
