"""FEVER: claims, labels and evidence sentences (Thorne et al. 2018), and the pages they cite."""

from collections.abc import Iterator
from hashlib import sha256

from app.exchange.formats.base import Format, Options
from app.exchange.formats.chunks import chunked
from app.exchange.formats.jsons import dumped
from app.exchange.formats.judged import Evidence, Judged, judged
from app.exchange.formats.tokens import sentences
from app.exchange.formats.zipping import Member, zipped
from app.exchange.rows import ArticleRow, Dataset, Json

LABELS = {
    "supported": "SUPPORTS",
    "refuted": "REFUTES",
    "not_enough_evidence": "NOT ENOUGH INFO",
}


class Fever(Format):
    """claims.jsonl and pages.jsonl, shaped as FEVER's data and its wiki pages."""

    name, title = "fever", "FEVER claims (zip)"
    media_type, suffix = "application/zip", "fever.zip"
    keeps = (
        "Annotations with a verdict: statement, label, and as evidence the sentences of what "
        "corroborates (or contradicts) them, one evidence set a link. Pages are the articles by id."
    )
    loses = (
        "Annotations without a verdict, and those judged as conflicting, for which FEVER has no "
        "label; spans, attributes, justifications, sources. Ids are numbers made from ours. A "
        "verdict without links has no evidence."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The zip of both files."""
        return zipped(
            [
                Member("claims.jsonl", chunked(_claims(dataset)), large=True),
                Member("pages.jsonl", chunked(_pages(dataset)), large=True),
            ]
        )


def number(ident: str) -> int:
    """A number that JSON readers keep exactly (52 bits), the same in every export."""
    return int(sha256(ident.encode()).hexdigest()[:13], 16)


def _claims(dataset: Dataset) -> Iterator[bytes]:
    evidence = Evidence.of(dataset)
    for item in judged(dataset):
        if item.label in LABELS:
            yield dumped(_claim(item, evidence)) + b"\n"


def _claim(item: Judged, evidence: Evidence) -> Json:
    known = item.label != "not_enough_evidence"
    return {
        "id": number(item.row.id),
        "verifiable": "VERIFIABLE" if known else "NOT VERIFIABLE",
        "label": LABELS[item.label],
        "claim": item.statement,
        "evidence": _sets(item, evidence) if known else [[[number(item.row.id), None, None, None]]],
    }


def _sets(item: Judged, evidence: Evidence) -> list[list[list[int | str]]]:
    return [
        [[number(item.row.id), number(link), place.article_id, line] for line in place.sentences]
        for link, _, place in evidence.about(item)
    ]


def _pages(dataset: Dataset) -> Iterator[bytes]:
    for document in dataset.documents():
        yield dumped(_page(document.article)) + b"\n"


def _page(article: ArticleRow) -> Json:
    text = article.text
    shown = (" ".join(text[part.start : part.end].split()) for part in sentences(text))
    lines = "\n".join(f"{index}\t{sentence}" for index, sentence in enumerate(shown))
    return {"id": article.id, "title": article.title, "text": text, "lines": lines}
