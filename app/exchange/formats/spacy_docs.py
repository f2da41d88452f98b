"""spaCy DocBin: documents for training a span categoriser or an entity recogniser.

A DocBin is held in memory as a whole by who writes it and by who reads it, so the export is a
zip of several: `spacy train` takes the unpacked folder as it is.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from app.annotations.kinds import KINDS
from app.exchange.formats import across, details
from app.exchange.formats.base import Format, Options, Unreadable
from app.exchange.formats.extras import library
from app.exchange.formats.spacy_words import Words, words_of
from app.exchange.formats.zipping import Member, zipped
from app.exchange.rows import AnnotationRow, Dataset, Document, Fragment

_TEXT_A_FILE = 400_000
_DOCUMENTS_A_FILE = 200
_SPAN = 100
"""As many characters as a span weighs, which takes more memory than its text."""
_KEY = "factmark"


class SpacyDocs(Format):
    """A zip of .spacy files, spans in `doc.spans`, the rest in `doc.user_data`."""

    name, title = "spacy", "spaCy DocBin (zip)"
    media_type, suffix = "application/zip", "spacy.zip"
    extra = "spacy"
    keeps = (
        "Texts to the character; every fragment as a span in doc.spans['sc'], its label the kind "
        "and its id the annotation's; parts in doc.spans['parts'], their label the role; "
        "attributes, links and metadata in doc.user_data['factmark']; one kind (option `ents`, "
        "figure unless told) in doc.ents; links across articles in a file beside."
    )
    loses = (
        "Articles without any text; the list of sources; of overlapping spans doc.ents has the "
        "longest only. Words are cut at span edges, so they differ from a trained pipeline's."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The zip; option `ents` names the kind that doc.ents holds."""
        kind = options.get("ents", "figure")
        if kind not in KINDS:
            raise Unreadable(f"`ents` is one of {', '.join(KINDS)}.", code="bad_option")
        library("spacy", extra="spacy")
        return zipped(_members(dataset, kind))


def _members(dataset: Dataset, kind: str) -> Iterator[Member]:
    for number, documents in enumerate(_shares(dataset), 1):
        yield Member(f"corpus/part-{number:05d}.spacy", [_docbin(documents, kind)], packed=True)
    yield across.member(dataset)


def _shares(dataset: Dataset) -> Iterator[list[Document]]:
    held: list[Document] = []
    length = 0
    for document in dataset.documents():
        if not document.article.text:
            continue
        held.append(document)
        length += len(document.article.text) + _SPAN * len(document.annotations)
        if length >= _TEXT_A_FILE or len(held) >= _DOCUMENTS_A_FILE:
            yield held
            held, length = [], 0
    if held:
        yield held


def _docbin(documents: list[Document], kind: str) -> bytes:
    tokens = library("spacy.tokens", extra="spacy")
    # A vocabulary of its own: one for all files would grow with every name in the project.
    vocab = library("spacy.vocab", extra="spacy").Vocab()
    bin_ = tokens.DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for document in documents:
        bin_.add(_doc(tokens, vocab, document, kind))
    data: bytes = bin_.to_bytes()
    return data


def _doc(tokens: Any, vocab: Any, document: Document, kind: str) -> Any:
    rows = document.annotations
    words = words_of(document.article.text, (piece for row in rows for piece in _pieces(row)))
    doc = tokens.Doc(vocab, words=words.words, spaces=words.spaces)
    span = partial(_span, tokens, doc, words)
    facts = [(row, span(row.id, row.kind, piece)) for row in rows for piece in row.fragments]
    doc.spans["sc"] = [found for _, found in facts]
    doc.spans["parts"] = [
        span(row.id, role, piece)
        for row in rows
        for role, pieces in row.parts.items()
        for piece in pieces
    ]
    longest = library("spacy.util", extra="spacy").filter_spans
    doc.set_ents(longest([found for row, found in facts if row.kind == kind]))
    doc.user_data[_KEY] = {
        "article": details.article_details(document.article),
        "annotations": {row.id: details.annotation_details(row) for row in rows},
        "links": [details.link_object(link) for link in document.links],
    }
    return doc


def _pieces(row: AnnotationRow) -> Iterator[Fragment]:
    yield from row.fragments
    for pieces in row.parts.values():
        yield from pieces


def _span(tokens: Any, doc: Any, words: Words, ident: str, label: str, piece: Fragment) -> Any:
    first, past = words.covered(piece)
    return tokens.Span(doc, first, past, label=label, span_id=ident)
