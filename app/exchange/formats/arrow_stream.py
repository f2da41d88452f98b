"""Parquet files as streams of bytes: one row group in memory at a time."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from app.exchange.formats.ahead import worked
from app.exchange.formats.arrow_rows import Batch
from app.exchange.formats.arrow_schemas import arrow
from app.exchange.formats.extras import library
from app.exchange.formats.zipping import Member, Sink

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


class Table(NamedTuple):
    """One file to be: its name without suffix, its columns, and its rows in `parts`, of which
    `made` makes an Arrow table each. No parts give a file with columns only.
    """

    name: str
    schema: Any
    parts: Iterable[Any]
    made: Callable[[Any], Any]


def table_of_batches(name: str, schema: Any, batches: Iterator[Batch]) -> Table:
    """The same of batches of columns."""
    return Table(name, schema, batches, partial(_table_of, schema))


class _File:
    """A Parquet file (Snappy) in the making; each step gives what is made by then."""

    def __init__(self, table: Table) -> None:
        self._table, self._sink = table, _Counting()
        self._held: list[Any] = []
        self._writer: Any = None

    def begin(self) -> bytes:
        schema = self._table.schema
        # Snappy takes half of zstd's time for twice its size; dictionaries take time and memory.
        self._writer = library("pyarrow.parquet", extra="parquet").ParquetWriter(
            self._sink,
            schema,
            use_dictionary=False,
            compression="snappy",
            write_statistics=_sought(schema),
            write_batch_size=_BATCH,
        )
        return self._sink.taken()

    def add(self, part: Any) -> bytes:
        """Tables are held until they are worth a row group."""
        self._held.append(self._table.made(part))
        if sum(one.nbytes for one in self._held) >= GROUP:
            self._pack()
        return self._sink.taken()

    def end(self) -> bytes:
        if self._held:
            self._pack()
        self._writer.close()
        return self._sink.taken()

    def _pack(self) -> None:
        self._writer.write_table(arrow().concat_tables(self._held))
        self._held.clear()


def files(tables: Iterable[Table]) -> Iterator[Member]:
    """A Parquet file of each table, in order.

    They are made in a thread, while the caller's gets what comes next, be it of the next table.
    """
    made = worked(_steps(tables), lambda step: (step[0], step[1]()))
    for name, chunks in groupby(made, itemgetter(0)):
        pieces = (piece for _, piece in chunks)
        yield Member(f"{name}.parquet", pieces, large=True, packed=True)


def _steps(tables: Iterable[Table]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for table in tables:
        file = _File(table)
        yield table.name, file.begin
        for part in table.parts:
            yield table.name, partial(file.add, part)
        yield table.name, file.end


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


def _table_of(schema: Any, group: Batch) -> Any:
    """A batch of columns as a table."""
    pa = arrow()
    return pa.Table.from_arrays([_array(pa, group[f.name], f.type) for f in schema], schema=schema)


def _array(pa: Any, values: list[Any], wanted: Any) -> Any:
    if pa.types.is_timestamp(wanted):
        return pa.array(values, pa.string()).cast(wanted)
    return pa.array(values, wanted)
