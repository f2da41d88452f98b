"""The tables that a selection makes, written by the database and gathered into blocks."""

from collections.abc import Iterator
from contextlib import closing

from sqlalchemy import Connection, exists, select

from app.exchange.export.driving import Row, compiled, copied, is_lite, lite
from app.exchange.export.selection import Selection
from app.exchange.export.table_statements import Asked
from app.exchange.formats.cells import Block
from app.reviews.verdicts.models import Verdict

_BLOCK = 1024 * 1024
"""Bytes of a block: some thousand spans, so that two under way stay small."""

_ARTICLE = slice(37, 73)
"""Where a line has the id of its article: after its own, which is as long."""


def blocks(connection: Connection, selection: Selection, name: str) -> Iterator[Block]:
    """The rows of a table, in the order in which its things go out."""
    asked = Asked(selection, name, judged=_judged(connection, selection), lite=is_lite(connection))
    rows = _written_by_lite(connection, asked) if asked.lite else _copied(connection, asked)
    return _gathered(rows, by_article=name not in ("documents", "links"))


def _judged(connection: Connection, selection: Selection) -> bool:
    """Whether the project has verdicts at all: to look for one a span takes a third of the time."""
    verdicts = Verdict.__table__.c
    asked = select(exists().where(verdicts.project_id == selection.actor.project.id))
    return bool(connection.execute(asked).scalar())


def _copied(connection: Connection, asked: Asked) -> Iterator[Row]:
    return copied(connection, asked.links() if asked.name == "links" else asked.of_all())


def _written_by_lite(connection: Connection, asked: Asked) -> Iterator[Row]:
    driver = lite(connection)
    if asked.name == "links":
        with closing(driver.execute(*compiled(connection, asked.links()))) as lines:
            for (line,) in lines:
                yield line
        return
    sql, values = compiled(connection, asked.of_one())
    with closing(driver.execute(*compiled(connection, asked.articles()))) as found:
        for id_, _ in found:
            for (line,) in driver.execute(sql, {**values, "article": id_}).fetchall():
                yield line


def _gathered(rows: Iterator[Row], *, by_article: bool) -> Iterator[Block]:
    """The rows in blocks; `by_article`, no article's rows are in two."""
    held, count, last = bytearray(), 0, None
    for row in rows:
        if last is not None and not (by_article and row[_ARTICLE] == last):
            yield Block(bytes(held), count)
            held, count, last = bytearray(), 0, None
        held += row
        count += 1
        if last is None and len(held) >= _BLOCK:
            last = bytes(row[_ARTICLE])
    if count:
        yield Block(bytes(held), count)
