"""The tables that a selection makes, written by the database and gathered into blocks."""

from collections.abc import Iterator
from contextlib import closing

from sqlalchemy import Connection, exists, select

from app.exchange.export.driving import Piece, compiled, copied_pieces, is_lite, lite
from app.exchange.export.selection import Selection, annotations
from app.exchange.export.table_statements import Asked
from app.exchange.formats.cells import Block
from app.reviews.verdicts.models import Verdict

verdicts = Verdict.__table__.c

_BLOCK = 1024 * 1024
"""Bytes of a block: some thousand spans, so that two under way stay small."""


def blocks(connection: Connection, selection: Selection, name: str) -> Iterator[Block]:
    """The rows of a table, in the order in which its things go out."""
    asked = Asked(selection, name, is_lite(connection), **_found(connection, selection))
    if asked.lite:
        return _gathered(_written_by_lite(connection, asked))
    return _gathered(
        copied_pieces(connection, asked.links() if name == "links" else asked.of_all())
    )


def _found(connection: Connection, selection: Selection) -> dict[str, bool]:
    """What the project has at all: to look for a verdict a span takes a third of the time."""
    project = selection.actor.project.id
    judged = exists().where(verdicts.project_id == project)
    renamed = exists().where(
        annotations.project_id == project, annotations.original_id.is_not(None)
    )
    asked = select(judged.label("judged"), renamed.label("renamed"))
    return dict(connection.execute(asked).one()._mapping)


def _written_by_lite(connection: Connection, asked: Asked) -> Iterator[Piece]:
    driver = lite(connection)
    if asked.name == "links":
        with closing(driver.execute(*compiled(connection, asked.links()))) as pieces:
            yield from pieces
        return
    sql, values = compiled(connection, asked.of_one())
    with closing(driver.execute(*compiled(connection, asked.articles()))) as found:
        for id_, _ in found:
            yield driver.execute(sql, {**values, "article": id_}).fetchone()


def _gathered(pieces: Iterator[Piece]) -> Iterator[Block]:
    """Whole pieces in blocks, so that no article's rows are in two."""
    held: list[bytes] = []
    size = count = 0
    for lines, rows in pieces:
        if lines is None:
            continue
        held.append(lines)
        size += len(lines)
        count += rows
        if size >= _BLOCK:
            yield Block(b"".join(held), count)
            held.clear()
            size = count = 0
    if held:
        yield Block(b"".join(held), count)
