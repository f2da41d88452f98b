"""Parquet: a zip of typed tables for data frames and query engines."""

from collections.abc import Iterable, Iterator
from functools import partial

from app.exchange.formats import arrow_rows, arrow_schemas, arrow_tables
from app.exchange.formats.arrow_attributes import Attributes
from app.exchange.formats.arrow_rows import batches
from app.exchange.formats.arrow_stream import Table, files, table_of_batches
from app.exchange.formats.base import Format, Options
from app.exchange.formats.cells import Tabular, is_tabular
from app.exchange.formats.zipping import zipped
from app.exchange.rows import Dataset, LinkRow


class Parquet(Format):
    """Documents, spans, links and sources as Parquet, stored in a zip."""

    name, title = "parquet", "Parquet tables (zip)"
    media_type, suffix = "application/zip", "parquet.zip"
    extra = "parquet"
    keeps = (
        "Everything, with types: texts, spans with their fragments and parts, attributes as "
        "columns and as JSON, verdicts, links within and across articles, sources. Offsets are "
        "64-bit integers in code points, times are in UTC."
    )
    loses = (
        "Nothing that is stored; numbers are exact decimal strings, to be cast by the reader, "
        "and project-defined attributes are JSON text."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The zip: one pass over the articles for documents, a second for spans."""
        arrow_schemas.arrow()
        return zipped(files(_written(dataset) if is_tabular(dataset) else _of_rows(dataset)))


def _written(dataset: Tabular) -> Iterator[Table]:
    """From tables that the database writes, a block at a time."""
    for name, schema, made in (
        ("documents", arrow_schemas.documents(), arrow_tables.documents),
        ("spans", arrow_schemas.spans(), partial(arrow_tables.spans, Attributes())),
        ("links", arrow_schemas.links(), arrow_tables.links),
    ):
        yield Table(name, schema, dataset.table(name), made)
    yield _sources(dataset)


def _of_rows(dataset: Dataset) -> Iterator[Table]:
    """From the rows of any dataset."""
    articles = (document.article for document in dataset.documents())
    documents = batches(articles, arrow_rows.document_columns, lambda article: len(article.text))
    yield table_of_batches("documents", arrow_schemas.documents(), documents)
    pairs = arrow_rows.spans_of(dataset.documents())
    spans = batches(pairs, arrow_rows.span_columns, lambda pair: len(pair[1]))
    yield table_of_batches("spans", arrow_schemas.spans(), spans)
    yield links_table(dataset.links(), "links")
    yield _sources(dataset)


def _sources(dataset: Dataset) -> Table:
    sources = batches(dataset.sources(), arrow_rows.source_columns, lambda _: 0)
    return table_of_batches("sources", arrow_schemas.sources(), sources)


def links_table(rows: Iterable[LinkRow], name: str) -> Table:
    """A table of links; `name` is that of its file, without its suffix."""
    links = batches(rows, arrow_rows.link_columns, lambda _: 0)
    return table_of_batches(name, arrow_schemas.links(), links)
