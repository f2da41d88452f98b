"""Links between articles, for archives of one file an article: a member of native JSON lines."""

from collections.abc import Iterator

from app.exchange.formats.base import Read, Unreadable
from app.exchange.formats.chunks import chunked
from app.exchange.formats.details import link_object, link_of
from app.exchange.formats.jsons import dumped
from app.exchange.formats.lines import lines
from app.exchange.formats.parsing import parsed_line
from app.exchange.formats.unzipping import Archive
from app.exchange.formats.zipping import Member
from app.exchange.rows import Dataset

NAME = "links-across-articles.jsonl"


def member(dataset: Dataset) -> Member:
    """The links that no file of a single article can hold, one JSON object a line."""
    return Member(NAME, chunked(_lines(dataset)), large=True)


def read(archive: Archive) -> Iterator[Read | Unreadable]:
    """The links of that member, if the archive has one."""
    if NAME not in archive:
        return
    with archive.opened(NAME) as stream:
        for number, line in lines(stream, {}):
            if not line.strip():
                continue
            try:
                yield Read(link_of(parsed_line(line)), number, NAME)
            except Unreadable as error:
                yield Unreadable(error.detail, code=error.code, line=number, name=NAME)


def _lines(dataset: Dataset) -> Iterator[bytes]:
    for link in dataset.links():
        if link.from_article_id != link.to_article_id:
            yield dumped(link_object(link)) + b"\n"
