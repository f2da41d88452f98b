"""A Parquet file as a stream of bytes: one row group in memory at a time."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.exchange.formats.arrow_rows import Batch
from app.exchange.formats.arrow_schemas import arrow
from app.exchange.formats.extras import library
from app.exchange.formats.zipping import Sink


class _Counting(Sink):
    """A sink that knows how much went through it: Parquet notes where its row groups stand."""

    def __init__(self) -> None:
        super().__init__()
        self._gone = 0

    def tell(self) -> int:
        return self._gone + self.size

    def taken(self) -> bytes:
        self._gone += self.size
        return super().taken()


def parquet(schema: Any, groups: Iterable[Any]) -> Iterator[bytes]:
    """A Parquet file (zstd) with one row group a table; no tables give a file with columns only."""
    pq = library("pyarrow.parquet", extra="parquet")
    sink = _Counting()
    options = {"compression": "zstd", "compression_level": 1, "write_page_index": True}
    # Without dictionaries zstd packs as well, in less time and memory.
    with pq.ParquetWriter(sink, schema, use_dictionary=False, **options) as writer:
        for group in groups:
            writer.write_table(group)
            yield sink.taken()
    yield sink.taken()


def tables(schema: Any, batches: Iterable[Batch]) -> Iterator[Any]:
    """Batches of columns as tables."""
    for batch in batches:
        yield _table(schema, batch)


def _table(schema: Any, group: Batch) -> Any:
    pa = arrow()
    return pa.Table.from_arrays([_array(pa, group[f.name], f.type) for f in schema], schema=schema)


def _array(pa: Any, values: list[Any], wanted: Any) -> Any:
    if pa.types.is_timestamp(wanted):
        return pa.array(values, pa.string()).cast(wanted)
    return pa.array(values, wanted)
