"""Annotations with a verdict, who said them, and the evidence that links give them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeGuard

from app.exchange.formats.tokens import sentence_at, sentences
from app.exchange.rows import AnnotationRow, ArticleRow, Dataset, Document, Json

RELATION = {"supported": "corroborates", "refuted": "contradicts"}
"""Which links are evidence for a verdict; the others take both."""


class Speaker(NamedTuple):
    """Who is said to have said it."""

    name: str
    type: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """One annotation with its verdict, article and speaker."""

    row: AnnotationRow
    article: ArticleRow
    label: str
    justification: str
    speaker: Speaker | None

    @property
    def statement(self) -> str:
        """The claim in words that stand alone, or else as the article has it."""
        said = self.row.attributes.get("statement")
        return str(said) if said else " … ".join(piece.exact for piece in self.row.fragments)


@dataclass(frozen=True, slots=True)
class Place:
    """Where evidence stands: its quote, and the sentences of its article that it touches."""

    article_id: str
    title: str
    source: Json
    quote: str
    sentences: tuple[int, ...]


@dataclass(slots=True)
class Evidence:
    """For each judged annotation its links: link id, relation, and the other end's place."""

    links: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, dataset: Dataset) -> "Evidence":
        """Three passes; memory grows with judged annotations and their links alone."""
        found = cls({item.row.id: [] for item in judged(dataset)})
        wanted: set[str] = set()
        for link in dataset.links():
            for here, there in ((link.from_id, link.to_id), (link.to_id, link.from_id)):
                if here in found.links:
                    found.links[here].append((link.id, link.relation, there))
                    wanted.add(there)
        for document in dataset.documents() if wanted else ():
            rows = [row for row in document.annotations if row.id in wanted]
            found.places.update(_places(document.article, rows))
        return found

    def about(self, item: Judged) -> Iterator[tuple[str, str, Place]]:
        """Link id, relation and place of what bears on the verdict, in the order of links."""
        asked = RELATION.get(item.label)
        for link, relation, other in self.links[item.row.id]:
            if other in self.places and asked in (None, relation):
                yield link, relation, self.places[other]


class Sifting(Dataset, Protocol):
    """A dataset that can pass over articles in which nothing has a verdict."""

    def judged_documents(self) -> Iterator[Document]: ...


def judged(dataset: Dataset) -> Iterator[Judged]:
    """Every annotation that has a verdict, in text order."""
    for document in dataset.judged_documents() if _sifts(dataset) else dataset.documents():
        for row in document.annotations:
            if row.verdict and row.verdict.get("label"):
                yield _judged(document, row, row.verdict)


def _sifts(dataset: Dataset) -> TypeGuard[Sifting]:
    return hasattr(dataset, "judged_documents")


def _judged(document: Document, row: AnnotationRow, verdict: Json) -> Judged:
    said = next((one for one in document.annotations if one.id == row.reported_by), None)
    names = (said.attributes.get("sources") if said else None) or []
    speaker = Speaker(names[0]["name"], names[0].get("type")) if names else None
    words = verdict.get("justification") or ""
    return Judged(row, document.article, verdict["label"], words, speaker)


def _places(article: ArticleRow, rows: list[AnnotationRow]) -> Iterator[tuple[str, Place]]:
    parts = sentences(article.text) if rows else []
    for row in rows:
        touched: set[int] = set()
        for piece in row.fragments:
            last = sentence_at(parts, piece.end - 1)
            touched.update(range(sentence_at(parts, piece.start), last + 1))
        quote = " … ".join(piece.exact for piece in row.fragments)
        place = Place(article.id, article.title, article.source, quote, tuple(sorted(touched)))
        yield row.id, place
