"""CoNLL-U Plus: one row a token, one column of IOB2 tags a kind.

The file form is that of Universal Dependencies ("CoNLL-U Plus Format"): `# global.columns`
first, comments, a blank line after each sentence. IOB2 holds one span of a kind per token.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from app.annotations.kinds import KINDS
from app.exchange.formats.base import Format, Options
from app.exchange.formats.chunks import encoded
from app.exchange.formats.tokens import Token, sentences, tokens, whole
from app.exchange.rows import AnnotationRow, Dataset, Document

_COLUMNS = ("ID", "FORM", *(kind.upper() for kind in KINDS), "MISC")


class Conll(Format):
    """Tokens with strict IOB2 tags, sentences and documents as comments."""

    name, title = "conll", "CoNLL-U Plus (IOB2)"
    media_type, suffix = "text/plain; charset=utf-8", "conllup"
    keeps = (
        "Tokens with their offsets, sentences, and spans of each kind in a column of its own, so "
        "that kinds may overlap. Tokens are cut at span edges."
    )
    loses = (
        "Attributes, parts, links, authors, white space and line ends. Of overlapping spans of one "
        "kind the first and longest stays; the others, and spans of white space alone, are named "
        "in a comment `# lost`. A fragment of a span with gaps is a span of its own. A sentence "
        "runs on while a span does."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The file: documents in order, MISC with `start=…|end=…` in code points."""
        return encoded(_pieces(dataset))


def _pieces(dataset: Dataset) -> Iterator[str]:
    yield f"# global.columns = {' '.join(_COLUMNS)}\n"
    for document in dataset.documents():
        yield from _document(document)


def _document(document: Document) -> Iterator[str]:
    text, rows = document.article.text, document.annotations
    spans = [(piece.start, piece.end) for row in rows for piece in row.fragments]
    found = tokens(text, {edge for span in spans for edge in span})
    tags, lost = _tags(found, rows)
    head = f"# newdoc id = {document.article.id}\n# title = {_flat(document.article.title)}\n"
    head += "".join(f"# lost = {row.id} {row.kind} {row.start}-{row.end}\n" for row in lost)
    starts = [start for start, _ in found]
    for number, sentence in enumerate(whole(sentences(text), spans), 1):
        at, end = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
        yield f"{head}# sent_id = {document.article.id}-{number}\n"
        yield f"# text = {_flat(text[sentence.start : sentence.end])}\n"
        for place, (token, tag) in enumerate(zip(found[at:end], tags[at:end], strict=True), 1):
            yield f"{place}\t{text[token[0] : token[1]]}\t{tag}\tstart={token[0]}|end={token[1]}\n"
        yield "\n"
        head = ""
    if head:
        # A document without words still shows, as a sentence of one empty row.
        outside = "\t".join("O" * len(KINDS))
        yield f"{head}# sent_id = {document.article.id}-0\n1\t_\t{outside}\tstart=0|end=0\n\n"


def _tags(
    found: list[Token], rows: Sequence[AnnotationRow]
) -> tuple[list[str], list[AnnotationRow]]:
    """The tags of each token, a tab between kinds, and the annotations that found no room."""
    tags = {kind: ["O"] * len(found) for kind in KINDS}
    starts = [start for start, _ in found]
    lost: list[AnnotationRow] = []
    for row in rows:
        column = tags[row.kind]
        places = [
            range(bisect_left(starts, piece.start), bisect_left(starts, piece.end))
            for piece in row.fragments
        ]
        covered = [index for place in places for index in place]
        if not covered or any(column[index] != "O" for index in covered):
            lost.append(row)
            continue
        for place in places:
            for index in place:
                column[index] = f"I-{row.kind.upper()}"
            if place:
                column[place[0]] = f"B-{row.kind.upper()}"
    return ["\t".join(marks) for marks in zip(*tags.values(), strict=True)], lost


def _flat(text: str) -> str:
    """On one line, as a comment must be."""
    return " ".join(text.split())
