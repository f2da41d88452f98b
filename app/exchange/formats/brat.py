"""brat: a zip of .txt and .ann files, with what brat cannot hold in notes and a .json each."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO

from app.exchange.formats import across
from app.exchange.formats.base import Format, Options, Read, Unreadable
from app.exchange.formats.brat_reading import StandoffReader
from app.exchange.formats.brat_writing import Standoff, configuration
from app.exchange.formats.checks import storable
from app.exchange.formats.details import article_fields
from app.exchange.formats.folding import Folded
from app.exchange.formats.naming import stem
from app.exchange.formats.parsing import decoded, parsed_line
from app.exchange.formats.unzipping import Archive, archive
from app.exchange.formats.zipping import Member, zipped
from app.exchange.rows import ArticleRow, Dataset, Json


class Brat(Format):
    """brat standoff: T lines for spans, E for attributions, A and R lines, notes for the rest."""

    name, title = "brat", "brat standoff (zip)"
    media_type, suffix = "application/zip", "brat.zip"
    reads = True
    keeps = (
        "Texts, spans with gaps, overlap and nesting, parts of attributions as events, links "
        "within an article; attributes, authors and line ends in notes, links across articles in "
        "a file of their own, both of which brat itself does not read."
    )
    loses = (
        "Sources as records; regions show only in the .json; a span of white space alone (listed "
        "in the .json as left_out); an edge between CR and LF. brat shows a span over a line end "
        "as one with gaps, and no link between articles."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The zip: annotation.conf, three files an article, and the links across articles."""
        return zipped(_members(dataset))

    def read(self, stream: BinaryIO, options: Options) -> Iterable[Read | Unreadable]:
        """Articles with their annotations and links; texts without .ann are articles too.

        Options: `unit` of the offsets, `labels` for other label names, and the limits of
        `unzipping.Limits`.
        """
        try:
            with archive(stream, options) as opened:
                yield from opened.problems
                for name in opened.names:
                    if name.endswith(".txt"):
                        yield from _document(opened, name.removesuffix(".txt"), options)
                yield from across.read(opened)
        except Unreadable as error:
            yield error


def _members(dataset: Dataset) -> Iterator[Member]:
    yield Member("annotation.conf", ["".join(configuration()).encode()])
    for document in dataset.documents():
        standoff, name = Standoff(document), stem(document.article)
        yield Member(f"{name}.ann", [standoff.ann()])
        yield Member(f"{name}.txt", [standoff.txt()])
        yield Member(f"{name}.json", [standoff.json()])
    yield across.member(dataset)


def _document(opened: Archive, name: str, options: Options) -> Iterator[Read | Unreadable]:
    member = f"{name}.txt"
    try:
        text = storable(decoded(opened.read(member)), "The text")
        member = f"{name}.json"
        details = parsed_line(opened.read(member)) if member in opened else {}
        article, folded = _article(name, text, details if isinstance(details, dict) else {})
        member = f"{name}.ann"
        ann = decoded(opened.read(member)) if member in opened else ""
        yield Read(article, None, f"{name}.txt")
        yield from StandoffReader(article, folded, member, options).rows(ann)
    except Unreadable as error:
        yield Unreadable(error.detail, code=error.code, line=error.line, name=error.name or member)


def _article(name: str, text: str, details: Json) -> tuple[ArticleRow, Folded]:
    # Without a note of its line ends the text is taken as it is: offsets are over exactly that.
    folded = Folded.noted(text, details.get("line_ends"))
    given = article_fields(details)
    if not details:
        given["external_id"] = name
    original = folded.original()
    given["text_sha256"] = sha256(original.encode()).hexdigest()
    ident = storable(details.get("id", name), "The id")
    return ArticleRow(ident, given.pop("title", name.rpartition("/")[2]), original, **given), folded
