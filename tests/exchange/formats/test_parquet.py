"""Parquet, read back by polars, DuckDB and pandas."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pytest
from pyarrow.parquet import ParquetFile

from app.exchange.formats import arrow_rows, arrow_stream, extras
from app.exchange.formats.base import MissingExtra
from app.exchange.formats.parquet import Parquet
from tests.exchange.formats.reading import unzipped, written
from tests.exchange.formats.sample import (
    ARTICLES,
    annotations,
    empty,
    links,
    sample,
    sources,
    texts,
)

FORMAT = Parquet()


@pytest.fixture(scope="module")
def tables() -> dict[str, bytes]:
    return unzipped(written(FORMAT, sample()))


def frame_of(tables: dict[str, bytes], name: str) -> list[dict[str, Any]]:
    return polars.read_parquet(io.BytesIO(tables[f"{name}.parquet"])).to_dicts()


def test_documents_keep_every_character(tables: dict[str, bytes]) -> None:
    found = frame_of(tables, "documents")
    assert {row["id"]: row["text"] for row in found} == texts()
    assert [(row["title"], row["external_id"]) for row in found] == [
        (article.title, article.external_id) for article in ARTICLES
    ]
    first = found[0]
    assert (first["publisher"], first["credited_source"]) == ("The Daily, Ltd.", None)
    assert first["regions"] == ARTICLES[0].regions
    assert json.loads(first["meta"]) == ARTICLES[0].meta
    assert first["created_at"] == datetime.fromisoformat(ARTICLES[0].created_at or "")


def test_polars_reads_every_span(tables: dict[str, bytes]) -> None:
    found = frame_of(tables, "spans")
    assert [row["id"] for row in found] == [row.id for row in annotations()]
    for row, expected in zip(found, annotations(), strict=True):
        text = texts()[expected.article_id]
        assert (row["kind"], row["start"], row["end"]) == (
            expected.kind,
            expected.start,
            expected.end,
        )
        assert row["exact"] == text[row["start"] : row["end"]]
        assert [(f["start"], f["end"], f["exact"]) for f in row["fragments"]] == [
            (f.start, f.end, f.exact) for f in expected.fragments
        ]
        parts: dict[str, list[str]] = {}
        for part in row["parts"]:
            assert part["exact"] == text[part["start"] : part["end"]]
            parts.setdefault(part["role"], []).append(part["exact"])
        assert parts == {role: [f.exact for f in fs] for role, fs in expected.parts.items()}
        assert json.loads(row["attributes"]) == expected.attributes
        assert row["value_max"] == expected.attributes.get("value_max")
        assert row["as_of_value"] == expected.attributes.get("as_of", {}).get("value")
        assert (row["tags"], row["score"]) == (list(expected.tags), expected.score)
        assert (row["author_name"], row["note"]) == (expected.author.name, expected.note)
        assert row["verdict"] == (expected.verdict or {}).get("label")
        assert (row["layer"], row["reported_by"]) == (expected.layer, expected.reported_by)


def test_sources_of_attributions_are_json(tables: dict[str, bytes]) -> None:
    told = [json.loads(row["sources"]) for row in frame_of(tables, "spans") if row["sources"]]
    expected = [r.attributes["sources"] for r in annotations() if "sources" in r.attributes]
    assert told == expected


def test_duckdb_joins_spans_with_their_text(tables: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in tables.items():
        (tmp_path / name).write_bytes(data)
    database = duckdb.connect()
    broken = database.execute(
        f"SELECT count(*), count(*) FILTER "
        f"""(WHERE substr(d.text, s.start + 1, s."end" - s.start) <> s.exact) """
        f"FROM '{tmp_path}/spans.parquet' s JOIN '{tmp_path}/documents.parquet' d "
        "ON d.id = s.article_id"
    ).fetchone()
    assert broken == (len(annotations()), 0)
    total = database.execute(
        f"SELECT sum(value::DECIMAL(38, 2)) FROM '{tmp_path}/spans.parquet' WHERE kind = 'figure'"
    ).fetchone()
    assert total is not None
    assert str(total[0]) == "1709.00"


def test_links_and_sources(tables: dict[str, bytes]) -> None:
    found = pandas.read_parquet(io.BytesIO(tables["links.parquet"]))
    assert list(zip(found["from_id"], found["to_id"], found["relation"], strict=True)) == [
        (link.from_id, link.to_id, link.relation) for link in links()
    ]
    assert [row["rationale"] for row in frame_of(tables, "links")] == [k.rationale for k in links()]
    assert [(r["name"], r["type"], r["aliases"]) for r in frame_of(tables, "sources")] == [
        (source.name, source.type, list(source.aliases)) for source in sources()
    ]


def test_types_do_not_depend_on_the_rows(tables: dict[str, bytes]) -> None:
    """A table without a single row, or a column of nothing but null, is typed as any other."""
    bare = unzipped(written(FORMAT, empty()))
    assert set(bare) == {"documents.parquet", "spans.parquet", "links.parquet", "sources.parquet"}
    for name, data in bare.items():
        nothing = polars.read_parquet(io.BytesIO(data))
        assert nothing.height == 0
        assert nothing.schema == polars.read_parquet(io.BytesIO(tables[name])).schema
    spans = polars.read_parquet_schema(io.BytesIO(bare["spans.parquet"]))
    assert (spans["start"], spans["score"]) == (polars.Int64, polars.Float64)
    assert spans["created_at"] == polars.Datetime("us", "UTC")


def test_many_row_groups_are_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_rows, "ROWS_A_BATCH", 2)
    monkeypatch.setattr(arrow_stream, "GROUP", 1)
    tables = unzipped(written(FORMAT, sample()))
    assert [row["id"] for row in frame_of(tables, "spans")] == [row.id for row in annotations()]
    spans = ParquetFile(io.BytesIO(tables["spans.parquet"]))
    assert spans.num_row_groups == (len(annotations()) + 1) // 2


def test_small_batches_share_a_row_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_rows, "ROWS_A_BATCH", 2)
    tables = unzipped(written(FORMAT, sample()))
    assert [row["id"] for row in frame_of(tables, "spans")] == [row.id for row in annotations()]
    assert ParquetFile(io.BytesIO(tables["spans.parquet"])).num_row_groups == 1


def test_a_missing_library_is_told_before_the_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_there(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(extras, "import_module", nothing_there)
    with pytest.raises(MissingExtra) as caught:
        FORMAT.write(sample(), {})
    assert caught.value.extra == "parquet"
