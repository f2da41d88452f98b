"""A Hugging Face dataset folder: a card and typed Parquet, loaded without any script.

The card's head is the YAML that the Hub and `datasets` read (huggingface.co/docs/hub,
"Dataset Cards" and "Manual configuration").
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.exchange.formats import arrow_rows, arrow_schemas
from app.exchange.formats.arrow_rows import Batch, batches
from app.exchange.formats.arrow_stream import files, table_of_batches
from app.exchange.formats.base import Format, Options
from app.exchange.formats.jsons import text_of
from app.exchange.formats.parquet import links_table
from app.exchange.formats.zipping import Member, zipped
from app.exchange.rows import AnnotationRow, Dataset, Document, LinkRow, ProjectRow

_ANNOTATION = 400
"""About as many characters as an annotation weighs when batches are closed."""


class HuggingFace(Format):
    """A folder for `datasets.load_dataset`: articles with their annotations, links beside."""

    name, title = "huggingface", "Hugging Face dataset folder (zip)"
    media_type, suffix = "application/zip", "huggingface.zip"
    extra = "parquet"
    keeps = (
        "Texts with their annotations inside (fragments, parts, tags, verdicts, attributes as "
        "JSON), links as a second configuration, a dataset card with licence and languages."
    )
    loses = "The list of sources with their other names; attributes are JSON text."

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The zip in two passes; the card comes last, when languages and counts are known."""
        arrow_schemas.arrow()
        return zipped(_members(dataset))


@dataclass
class _Seen:
    """What the card tells of the rows that went by."""

    languages: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def documents(self, dataset: Dataset) -> Iterator[Document]:
        for document in dataset.documents():
            self.counts["articles"] += 1
            self.counts.update(row.kind for row in document.annotations)
            if document.article.language:
                self.languages.add(document.article.language)
            yield document

    def links(self, dataset: Dataset) -> Iterator[LinkRow]:
        for link in dataset.links():
            self.counts[link.relation] += 1
            yield link


def _members(dataset: Dataset) -> Iterator[Member]:
    seen = _Seen()
    schema = _schema()
    groups = batches(seen.documents(dataset), _columns, _weight)
    articles = table_of_batches("data/articles", schema, groups)
    yield from files((articles, links_table(seen.links(dataset), "data/links")))
    yield Member("README.md", [_card(dataset.project, seen).encode()])


def _weight(document: Document) -> int:
    return len(document.article.text) + _ANNOTATION * len(document.annotations)


def _schema() -> Any:
    pa = arrow_schemas.arrow()
    annotation = pa.struct([f for f in arrow_schemas.spans() if f.name in _STRUCT])
    return arrow_schemas.documents().append(pa.field("annotations", pa.list_(annotation)))


_STRUCT = (
    "id", "kind", "start", "end", "exact", "fragments", "parts", "layer", "state", "author_id",
    "author_name", "attributes", "tags", "note", "confidence", "origin", "score", "reported_by",
    "verdict", "verdict_justification", "external_id",
)  # fmt: skip


def _columns(documents: Sequence[Document]) -> Batch:
    articles = arrow_rows.document_columns([document.article for document in documents])
    structs = [
        [_struct(row, document.article.text) for row in document.annotations]
        for document in documents
    ]
    return {**articles, "annotations": structs}


def _struct(row: AnnotationRow, text: str) -> dict[str, Any]:
    verdict = row.verdict or {}
    told = {name: getattr(row, name, None) for name in _STRUCT}
    return told | {
        "exact": text[row.start : row.end],
        "fragments": [arrow_rows.fragment_struct(piece) for piece in row.fragments],
        "parts": arrow_rows.part_structs(row),
        "author_id": row.author.id,
        "author_name": row.author.name,
        "attributes": text_of(row.attributes),
        "verdict": verdict.get("label"),
        "verdict_justification": verdict.get("justification"),
    }


def _card(project: ProjectRow, seen: _Seen) -> str:
    licence = f"license: {text_of(project.licence.lower())}\n" if project.licence else ""
    counts = "\n".join(f"- {name}: {count}" for name, count in sorted(seen.counts.items()))
    return _CARD.format(
        licence=licence,
        languages=text_of(sorted(seen.languages)),
        pretty=text_of(project.name),
        name=project.name,
        description=project.description,
        counts=counts,
        guidelines=project.guidelines,
    )


# JSON strings and lists are YAML as well, so a name with quotes or line ends stays a name.
_CARD = """---
{licence}language: {languages}
pretty_name: {pretty}
task_categories: ["token-classification"]
configs:
- config_name: articles
  default: true
  data_files:
  - split: train
    path: data/articles.parquet
- config_name: links
  data_files:
  - split: train
    path: data/links.parquet
---

# {name}

{description}

## What is in it

`articles` has one row an article, its text exactly as it was tagged, with the claims, figures and
attributions found in it. Offsets count Unicode code points from 0, the end is exclusive:
`text[start:end] == exact`. A span with gaps has several `fragments`; `start` and `end` are then
its envelope. `parts` are source, cue, content and antecedent of an attribution.

`links` has one row a link, corroborates or contradicts, between two annotations of the same or
of two articles; both relations are symmetric.

{counts}

## How it was tagged

{guidelines}
"""
