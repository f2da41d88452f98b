"""A Parquet file as a stream of bytes: one row group in memory at a time."""

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from app.exchange.formats.arrow_rows import Batch
from app.exchange.formats.arrow_schemas import arrow
from app.exchange.formats.extras import library

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Sink(io.RawIOBase):
    """A file that can only be appended to, emptied into the response between row groups."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._length

    def write(self, data: "ReadableBuffer") -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._length += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def parquet(schema: Any, groups: Iterable[Batch]) -> Iterator[bytes]:
    """A Parquet file (zstd) with one row group a batch; no rows give a file with columns only."""
    pq = library("pyarrow.parquet", extra="parquet")
    sink = _Sink()
    with pq.ParquetWriter(sink, schema, compression="zstd", write_page_index=True) as writer:
        for group in groups:
            writer.write_table(_table(schema, group))
            yield sink.taken()
    yield sink.taken()


def _table(schema: Any, group: Batch) -> Any:
    pa = arrow()
    return pa.Table.from_arrays([_array(pa, group[f.name], f.type) for f in schema], schema=schema)


def _array(pa: Any, values: list[Any], wanted: Any) -> Any:
    if pa.types.is_timestamp(wanted):
        return pa.array(values, pa.string()).cast(wanted)
    return pa.array(values, wanted)
