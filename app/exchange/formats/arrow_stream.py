"""A Parquet file as a stream of bytes: one row group in memory at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from app.exchange.formats.ahead import worked
from app.exchange.formats.arrow_rows import Batch
from app.exchange.formats.arrow_schemas import arrow
from app.exchange.formats.extras import library
from app.exchange.formats.zipping import Sink

Item = TypeVar("Item")
GROUP = 4 * 1024 * 1024
"""Bytes of a row group as they are in memory: to its end a file remembers 0.1 MiB of each."""
_BATCH = 8192
"""Rows that the writer takes at a time of a column."""


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


class _Groups:
    """The row groups of a file: tables are held until they are worth one."""

    def __init__(self, writer: Any, sink: _Counting) -> None:
        self._writer, self._sink = writer, sink
        self._held: list[Any] = []

    def add(self, table: Any) -> bytes:
        """What of the file is made by now."""
        self._held.append(table)
        if sum(one.nbytes for one in self._held) >= GROUP:
            self.end()
        return self._sink.taken()

    def end(self) -> None:
        """Make a row group of what is held."""
        if self._held:
            self._writer.write_table(arrow().concat_tables(self._held))
            self._held.clear()


def parquet(schema: Any, parts: Iterable[Item], table: Callable[[Item], Any]) -> Iterator[bytes]:
    """A Parquet file (Snappy) of `parts`, each of which `table` makes a table.

    No parts give a file with columns only. A table is made and packed in a thread, while the
    caller's gets what comes next.
    """
    pq = library("pyarrow.parquet", extra="parquet")
    sink = _Counting()
    # Snappy takes half of zstd's time for twice its size; dictionaries take time and memory.
    with pq.ParquetWriter(
        sink,
        schema,
        use_dictionary=False,
        compression="snappy",
        write_statistics=_sought(schema),
        write_batch_size=_BATCH,
    ) as writer:
        yield sink.taken()
        groups = _Groups(writer, sink)
        yield from filter(None, worked(parts, lambda part: groups.add(table(part))))
        groups.end()
    yield sink.taken()


def _sought(schema: Any) -> list[str]:
    """The columns that rows are sought by, ids, numbers and times: the least and the greatest
    of other texts would help nobody, and take a sixth of the time.
    """
    types = arrow().types
    return [
        column.name
        for column in schema
        if column.name == "id" or column.name.endswith("_id") or types.is_primitive(column.type)
    ]


def table_of(schema: Any, group: Batch) -> Any:
    """A batch of columns as a table."""
    pa = arrow()
    return pa.Table.from_arrays([_array(pa, group[f.name], f.type) for f in schema], schema=schema)


def _array(pa: Any, values: list[Any], wanted: Any) -> Any:
    if pa.types.is_timestamp(wanted):
        return pa.array(values, pa.string()).cast(wanted)
    return pa.array(values, wanted)
