"""What the database writes as tables or leaves out is what rows made one by one hold.

Whoever asks, and whatever for.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars
import pytest

from app.exchange.export import downloads, tables
from app.exchange.export.dataset import ProjectDataset
from app.exchange.export.selection import Selection
from app.exchange.formats import FORMATS
from app.exchange.formats.cells import is_tabular
from app.exchange.formats.ndjson_writing import written
from app.exchange.rows import Dataset, Document, LinkRow, SourceRow
from app.kernel.db import reading
from app.kernel.snapshots import open_snapshot
from app.projects.acting import act_as
from app.web.application import Application
from tests.exchange.formats.reading import unzipped
from tests.exchange.making import add_annotation, add_article, add_link
from tests.exchange.samples import importable
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.support.api import Api

LINE_ENDS = "a\u2028b\u2029c\x85d"
QUERIES: list[dict[str, str]] = [
    {},
    {"layer": "adjudicated"},
    {"kind": "claim"},
    {"tag": "split", "articles": "all"},
    {"q": "=1+1"},
]


class Rows:
    """A dataset that has rows only: what it gives is made into tables one by one."""

    def __init__(self, whole: Dataset) -> None:
        self.project, self.base_url, self._whole = whole.project, whole.base_url, whole

    def documents(self) -> Iterator[Document]:
        return self._whole.documents()

    def links(self) -> Iterator[LinkRow]:
        return self._whole.links()

    def sources(self) -> Iterator[SourceRow]:
        return self._whole.sources()


@pytest.fixture
def hostile(api: Api, project: MadeProject, manager: Person, annotator: Person) -> MadeProject:
    """The formats' sample, and what the control characters between cells could break."""
    boss = api.as_(manager)
    sent = boss.post(
        f"{project.path}/import",
        data=b"".join(written(importable())),
        content_type="application/x-ndjson",
    )
    assert sent.status_code == 200, sent.text
    own = {"figure": {"type": "object", "properties": {"own": {"type": "array"}}}}
    boss.patch(project.path, {"settings": {"attribute_schema": own}}, if_match="*")
    mine = api.as_(annotator)
    text = "\x01quoted\x01 cell\x02cut\r\nline \x01\x02\n\\. end \x7f"
    awkward = add_article(mine, project, text=text, title="\x02\x01", meta={"says": LINE_ENDS})
    one = {"kind": "claim", "attributes": {"statement": LINE_ENDS}, "note": "\x01"}
    for exact in ("\x01quoted\x01 cell\x02cut\r\n", "\x01\x02\n\\.", "\x02"):
        target = {"start": text.index(exact), "end": text.index(exact) + len(exact)}
        add_annotation(mine, awkward, target=target, tags=["\x02", LINE_ENDS], **one)
    figure = add_annotation(
        mine, awkward, "end", score=0.1 + 0.2, origin="machine", external_id="\x01\x02",
        attributes={"value": "1", "unit": "\x01", "extra": {"own": [LINE_ENDS, "\x02"]}},
    )  # fmt: skip
    more = {"attributes": {"value": "2"}, "score": 1.0, "origin": "machine"}
    again = add_annotation(mine, awkward, "line", **more)
    add_link(mine, project, figure, again, rationale="\x01\x02\n")
    return project


@contextmanager
def opened(
    app: Application, project: MadeProject, person: Person, query: dict[str, str]
) -> Iterator[ProjectDataset]:
    """What a member asks for of the project, on a snapshot."""
    with reading(app.database):
        actor = act_as(person.email, project.slug)
    with open_snapshot(app.database, 60) as connection:
        yield downloads.dataset_on(connection, Selection.asked(actor, query), "http://here")


def both(
    app: Application, project: MadeProject, person: Person, name: str, **asked: str
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of a format from tables that the database wrote, and from rows."""
    query = {k: v for k, v in asked.items() if k != "guard"}
    options = {k: v for k, v in asked.items() if k == "guard"}
    with opened(app, project, person, query) as whole:
        assert is_tabular(whole)
        assert not is_tabular(Rows(whole))
        made = (FORMATS[name].write(dataset, options) for dataset in (whole, Rows(whole)))
        one, other = (unzipped(b"".join(chunks)) for chunks in made)
    return one, other


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_parquet_is_the_same_either_way(
    app: Application, hostile: MadeProject, manager: Person, query: dict[str, str]
) -> None:
    one, other = both(app, hostile, manager, "parquet", **query)
    assert list(one) == list(other)
    for name, data in one.items():
        found, expected = (polars.read_parquet(io.BytesIO(file)) for file in (data, other[name]))
        assert found.schema == expected.schema
        assert found.to_dicts() == expected.to_dicts()


def test_what_was_made_here_is_in_order(
    app: Application, api: Api, project: MadeProject, manager: Person, annotator: Person
) -> None:
    """Nothing goes out under an id of elsewhere, so that the tables are read as the index is."""
    mine = api.as_(annotator)
    article = add_article(mine, project, text="1 2 3")
    for exact in ("2", "1 2 3", "1", "2 3", "1 2", "1 2 3", "2"):
        add_annotation(mine, article, exact)
    one, other = both(app, project, manager, "parquet")
    found, expected = (rows("parquet", tables["spans.parquet"]) for tables in (one, other))
    assert len(found) == 7
    assert found == expected


@pytest.mark.parametrize("guard", ["raw", "formula"])
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_csv_is_the_same_either_way(
    app: Application, hostile: MadeProject, manager: Person, query: dict[str, str], guard: str
) -> None:
    one, other = both(app, hostile, manager, "csv", guard=guard, **query)
    assert one == other


@pytest.mark.parametrize("name", ["parquet", "csv"])
def test_who_works_blind_gets_no_table_of_the_others_work(
    api: Api,
    app: Application,
    hostile: MadeProject,
    manager: Person,
    annotator: Person,
    name: str,
) -> None:
    answer = api.as_(manager).patch(hostile.path, {"settings": {"blind": True}}, if_match="*")
    assert answer.status_code == 200
    seen, expected = both(app, hostile, annotator, name)
    whole, _ = both(app, hostile, manager, name)
    spans = next(file for file in seen if file.startswith("spans"))
    if name == "csv":
        assert seen == expected
    assert rows(name, seen[spans]) == rows(name, expected[spans])
    assert 0 < len(rows(name, seen[spans])) < len(rows(name, whole[spans]))


def rows(name: str, data: bytes) -> list[dict[str, Any]]:
    read = polars.read_parquet if name == "parquet" else polars.read_csv
    return read(io.BytesIO(data)).to_dicts()


@pytest.mark.parametrize("name", ["parquet", "csv"])
def test_small_blocks_change_nothing_and_cut_no_article(
    app: Application,
    hostile: MadeProject,
    manager: Person,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "_BLOCK", 1)
    one, other = both(app, hostile, manager, name)
    spans = next(file for file in one if file.startswith("spans"))
    assert rows(name, one[spans]) == rows(name, other[spans])


@pytest.mark.parametrize("name", ["fever", "averitec", "claimreview"])
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_verdicts_are_the_same_either_way(
    app: Application, hostile: MadeProject, manager: Person, query: dict[str, str], name: str
) -> None:
    with opened(app, hostile, manager, query) as whole:
        one, other = (b"".join(FORMATS[name].write(each, {})) for each in (whole, Rows(whole)))
    assert one == other


def test_articles_without_a_verdict_are_not_read(
    app: Application, hostile: MadeProject, manager: Person
) -> None:
    with opened(app, hostile, manager, {}) as whole:
        every = list(whole.documents())
        found = [document.article.id for document in whole.judged_documents()]
    judged = [d.article.id for d in every if any(row.verdict for row in d.annotations)]
    assert 0 < len(judged) < len(every)
    assert found == judged
