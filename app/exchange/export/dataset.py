"""A project as every format reads it: from one snapshot, a few articles at a time."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from app.annotations.models import SourceName
from app.annotations.names import fold
from app.exchange.export import statements
from app.exchange.export.rows_of import annotations_of, article_of, link_of
from app.exchange.export.selection import Selection
from app.exchange.export.tables import blocks
from app.exchange.formats.cells import Block
from app.exchange.formats.chunks import chunked
from app.exchange.formats.jsons import dumped, present
from app.exchange.native.streaming import document_chunks, link_chunks
from app.exchange.rows import ArticleRow, Document, Json, LinkRow, ProjectRow, SourceRow

# A batch ends at whichever comes first, so that memory holds about one of them.
_ARTICLES = 50
_CODEPOINTS = 1_000_000
_ROWS = 1000
names = SourceName.__table__.c


class ProjectDataset:
    """What writers read (`rows.Dataset`); every method starts over when it is called again.

    All its statements run on `connection`, which sees one moment of the database. `settings`
    are the project's, which only native lines carry. They tell, too, as long as `earlier` holds,
    the earlier texts of articles and what marks only those.
    """

    earlier = True

    def __init__(
        self,
        connection: Connection,
        selection: Selection,
        project: ProjectRow,
        settings: Json,
        base_url: str,
    ) -> None:
        self.project, self.base_url = project, base_url
        self._settings = settings
        self._connection, self._selection = connection, selection
        self._dialect = connection.dialect

    def documents(self) -> Iterator[Document]:
        """Articles with what is tagged in them; memory holds one batch."""
        return self._documents(statements.article_sizes(self._selection))

    def judged_documents(self) -> Iterator[Document]:
        """Those of them in which something has a verdict, which may be none."""
        return self._documents(statements.judged_article_sizes(self._selection))

    def _documents(self, asked: statements.Statement) -> Iterator[Document]:
        for ids in self._batches(asked):
            rows = self._all(statements.articles(ids, self._dialect))
            tagged: defaultdict[str, list[list[Any]]] = defaultdict(list)
            for inside, *cells in self._connection.execute(
                statements.inside(self._selection, ids, self._dialect)
            ):
                tagged[inside].append(cells)
            linked: defaultdict[str, list[RowMapping]] = defaultdict(list)
            for each in self._all(statements.links_within(self._selection, ids, self._dialect)):
                linked[each["inside"]].append(each)
            for row in rows:
                yield _document(row, tagged[row["id"]], linked[row["id"]])

    def links(self) -> Iterator[LinkRow]:
        """Every link, within articles and across, in the order of their ids."""
        return map(link_of, self._streamed(statements.all_links(self._selection, self._dialect)))

    def sources(self) -> Iterator[SourceRow]:
        """Every source with its other names."""
        for row, aliases in self._named_sources(self._selection):
            yield SourceRow(row["key"], row["name"], row["type"], aliases)

    def table(self, name: str) -> Iterator[Block]:
        """A table as the database writes it (`formats.cells`)."""
        return blocks(self._connection, self._selection, name)

    def native(self) -> Iterator[bytes]:
        """The lines of native NDJSON, in chunks: project, sources, articles each followed by
        its earlier texts and its annotations, links.
        """
        selection = replace(self._selection, earlier=self.earlier)
        yield dumped(self.project_line()) + b"\n"
        yield from chunked(self.source_lines(selection))
        yield from document_chunks(self._connection, selection)
        yield from link_chunks(self._connection, selection)

    def project_line(self) -> Json:
        """What the project says of itself, as its line has it."""
        project = self.project
        return {
            "type": "project",
            "format": "factmark",
            "version": 1,
            "name": project.name,
            "description": project.description,
            "guidelines": project.guidelines,
            "settings": self._settings,
        }

    def source_lines(self, selection: Selection | None = None) -> Iterator[bytes]:
        """A line for every source."""
        for row, aliases in self._named_sources(selection or self._selection):
            changed = row["updated_at"] if row["updated_at"] != row["created_at"] else None
            line = {
                "type": "source",
                "id": row["key"],
                "name": row["name"],
                "source_type": row["type"],
                "aliases": aliases,
                "version": row["version"],
                "created_at": row["created_at"],
                "updated_at": changed,
            }
            yield dumped(present(line)) + b"\n"

    def _named_sources(self, selection: Selection) -> Iterator[tuple[RowMapping, tuple[str, ...]]]:
        held: list[RowMapping] = []
        for row in self._streamed(statements.all_sources(selection, self._dialect)):
            held.append(row)
            if len(held) == _ROWS:
                yield from self._with_aliases(held)
                held.clear()
        yield from self._with_aliases(held)

    def _with_aliases(self, rows: list[RowMapping]) -> Iterator[tuple[RowMapping, tuple[str, ...]]]:
        found = select(names.source_id, names.name).where(
            names.source_id.in_([row["id"] for row in rows])
        )
        called = defaultdict(list)
        for source_id, name in self._connection.execute(found):
            called[source_id].append(name)
        for row in rows:
            own = fold(row["name"])
            others = {fold(name): name for name in called[row["id"]] if fold(name) != own}
            yield row, tuple(name for _, name in sorted(others.items()))

    def _batches(self, asked: statements.Statement) -> Iterator[list[str]]:
        held: list[str] = []
        size = 0
        for row in self._streamed(asked):
            if held and (len(held) == _ARTICLES or size + row["codepoints"] > _CODEPOINTS):
                yield held
                held, size = [], 0
            held.append(row["id"])
            size += row["codepoints"]
        if held:
            yield held

    def _all(self, statement: statements.Statement) -> list[RowMapping]:
        return list(self._connection.execute(statement).mappings())

    def _streamed(self, statement: statements.Statement) -> Iterator[RowMapping]:
        asked = statement.execution_options(yield_per=_ROWS)
        with closing(self._connection.execute(asked)) as found:
            yield from found.mappings()


def _document(row: Any, tagged: list[list[Any]], linked: list[RowMapping]) -> Document:
    article: ArticleRow = article_of(row)
    return Document(article, annotations_of(article, tagged), list(map(link_of, linked)))
