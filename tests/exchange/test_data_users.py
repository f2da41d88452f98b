"""The examples of docs/data-users.md, run as they stand there on the formats' sample."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.exchange.formats import FORMATS
from tests.exchange.formats.reading import unzipped, written
from tests.exchange.formats.sample import annotations, links, sample

PAGE = Path(__file__).parents[2] / "docs" / "data-users.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.S | re.M)


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample in the formats that the examples read, unpacked."""
    for name in ("parquet", "spacy"):
        for file, data in unzipped(written(FORMATS[name], sample())).items():
            place = tmp_path / file
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(word: str) -> dict[str, Any]:
    """What the one example with this import leaves behind."""
    (example,) = (code for code in EXAMPLES if f"import {word}\n" in code)
    names: dict[str, Any] = {}
    exec(compile(example, f"{PAGE.name}: {word}", "exec"), names)
    return names


def test_there_is_no_example_that_no_test_runs() -> None:
    assert len(EXAMPLES) == 4


def test_pandas(export: Path) -> None:
    by_unit = run("pandas")["by_unit"]
    assert by_unit.loc["people", "mean"] == 12
    figures = [row for row in annotations() if row.attributes.get("value")]
    assert by_unit["count"].sum() == len(figures)


def test_polars(export: Path) -> None:
    assert run("polars")["spans"].height == len(annotations())


def test_duckdb(export: Path) -> None:
    pairs = run("duckdb")["pairs"]
    assert len(pairs) == sum(link.relation == "contradicts" for link in links())
    assert sum(across for *_, across in pairs) == 2


def test_spacy(export: Path) -> None:
    claims = [row for row in annotations() if row.kind == "claim"]
    assert len(run("spacy")["claims"]) == sum(len(row.fragments) for row in claims)
