"""The dataset folder, loaded by `datasets` without a network and without a script."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.exchange.formats.huggingface import HuggingFace
from tests.exchange.formats.reading import unzipped, written
from tests.exchange.formats.sample import ARTICLES, annotations, empty, links, sample, texts

FORMAT = HuggingFace()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hub")
    for name, data in unzipped(written(FORMAT, sample())).items():
        (root / "set" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "set" / name).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def loaded(folder: Path) -> Iterator[dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("HF_HOME", str(folder / "home"))
        import datasets

        datasets.disable_progress_bars()
        yield {
            name: datasets.load_dataset(
                str(folder / "set"), *name.split(), split="train", cache_dir=str(folder / "cache")
            )
            for name in ("", "links")
        }


def test_default_configuration_is_the_articles(loaded: dict[str, Any]) -> None:
    rows = list(loaded[""])
    assert {row["id"]: row["text"] for row in rows} == texts()
    assert [row["title"] for row in rows] == [article.title for article in ARTICLES]


def test_every_span_has_its_text(loaded: dict[str, Any]) -> None:
    found = [(row["text"], one) for row in loaded[""] for one in row["annotations"]]
    assert [one["id"] for _, one in found] == [row.id for row in annotations()]
    for (text, one), row in zip(found, annotations(), strict=True):
        assert (one["kind"], one["start"], one["end"]) == (row.kind, row.start, row.end)
        assert one["exact"] == text[one["start"] : one["end"]]
        assert [f["exact"] for f in one["fragments"]] == [f.exact for f in row.fragments]
        for part in one["parts"]:
            assert part["exact"] == text[part["start"] : part["end"]]
        assert {part["role"] for part in one["parts"]} == set(row.parts)
        assert json.loads(one["attributes"]) == row.attributes
        assert one["verdict"] == (row.verdict or {}).get("label")
        assert (one["author_name"], one["tags"]) == (row.author.name, list(row.tags))


def test_links_are_the_second_configuration(loaded: dict[str, Any]) -> None:
    assert [(r["from_id"], r["to_id"], r["relation"], r["basis"]) for r in loaded["links"]] == [
        (link.from_id, link.to_id, link.relation, link.basis) for link in links()
    ]


def test_the_card_tells_licence_languages_and_counts(folder: Path) -> None:
    _, head, body = (folder / "set" / "README.md").read_text().split("---\n", 2)
    told = yaml.safe_load(head)
    assert (told["license"], told["language"]) == ("cc-by-4.0", ["ar", "en"])
    assert told["pretty_name"] == 'Syria, "2015"'
    assert "- articles: 7\n" in body
    assert "- contradicts: 3\n" in body


def test_a_name_cannot_break_the_head_of_the_card() -> None:
    dataset = sample()
    dataset.project = replace(dataset.project, name='x"\n---\nlicense: mit', licence=None)
    card = unzipped(written(FORMAT, dataset))["README.md"].decode()
    told = yaml.safe_load(card.split("\n---\n", 1)[0])
    assert told["pretty_name"] == dataset.project.name
    assert "license" not in told


def test_an_empty_project_still_has_both_tables() -> None:
    assert set(unzipped(written(FORMAT, empty()))) == {
        "README.md",
        "data/articles.parquet",
        "data/links.parquet",
    }
