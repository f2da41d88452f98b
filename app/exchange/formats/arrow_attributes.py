"""Attributes in JSON, a column of it, as one Arrow column an attribute."""

from collections.abc import Iterable
from typing import Any

import orjson

from app.annotations.kinds import Column
from app.exchange.formats.arrow_schemas import COLUMNS, arrow
from app.exchange.formats.extras import library

_JSON = tuple(column for column in COLUMNS if column.type == "json")
_PLAIN = tuple(column for column in COLUMNS if column.type != "json")


class Attributes:
    """The attributes of one table, block by block.

    Arrow's reader takes its time for every name that it looks for, and of all attributes a
    project uses some. So it looks for those that earlier blocks had, and only a block with
    another name is read a second time, for all.
    """

    def __init__(self) -> None:
        self._names: set[str] = set()

    def columns(self, attributes: Any) -> dict[str, Any]:
        """The columns of `COLUMNS` by name, from a column of JSON objects (none of them null)."""
        pa = arrow()
        known = [column for column in _PLAIN if column.path[0] in self._names]
        try:
            found = parsed(attributes, _schema(pa, known), strictly=True)
        except pa.ArrowInvalid:
            json = {column.name: _texts(attributes, column) for column in _JSON}
            return self._all(attributes) | json
        nothing = pa.nulls(len(attributes), pa.string())
        return {c.name: _at(found, c) if c in known else nothing for c in COLUMNS}

    def _all(self, attributes: Any) -> dict[str, Any]:
        pa = arrow()
        try:
            found = parsed(attributes, _schema(pa, _PLAIN))
            made = {column.name: _at(found, column) for column in _PLAIN}
        except pa.ArrowInvalid:
            # What was written past the API, such as a number that is no text.
            rows = [orjson.loads(text) for text in attributes.to_pylist()]
            made = {c.name: pa.array([c.take(row) for row in rows], pa.string()) for c in _PLAIN}
        self._names |= {c.path[0] for c in _PLAIN if made[c.name].null_count < len(attributes)}
        return made


def parsed(objects: Any, schema: Any, *, strictly: bool = False) -> Any:
    """A table of what a column of JSON objects has under the names of a schema.

    Other names are passed over, or `strictly` refused with ArrowInvalid.
    """
    pa = arrow()
    read = library("pyarrow.json", extra="parquet")
    compute = library("pyarrow.compute", extra="parquet")
    lines = compute.binary_join_element_wise(objects, "", "\n")
    others = "error" if strictly else "ignore"
    return read.read_json(
        pa.BufferReader(lines.buffers()[2]),
        read.ReadOptions(use_threads=False, block_size=2**30),
        read.ParseOptions(explicit_schema=schema, unexpected_field_behavior=others),
    ).combine_chunks()


def _schema(pa: Any, columns: Iterable[Column]) -> Any:
    """The plain attributes as JSON has them: those with a longer path inside objects."""
    inner: dict[str, list[Any]] = {}
    for column in columns:
        first, *rest = column.path
        inner.setdefault(first, []).extend(pa.field(name, pa.string()) for name in rest)
    return pa.schema(
        [(n, pa.struct(fields) if fields else pa.string()) for n, fields in inner.items()]
    )


def _at(found: Any, column: Column) -> Any:
    first, *rest = column.path
    if not rest:
        return found[first]
    return library("pyarrow.compute", extra="parquet").struct_field(found[first], rest)


def _texts(attributes: Any, column: Column) -> Any:
    """What Arrow has no column for stays JSON: taken one by one, of the few that have it."""
    pa = arrow()
    compute = library("pyarrow.compute", extra="parquet")
    having = compute.match_substring(attributes, f'"{column.name}":')
    places = compute.indices_nonzero(having)
    if not len(places):
        return pa.nulls(len(attributes), pa.string())
    cells: list[str | None] = [None] * len(attributes)
    for place in places.to_pylist():
        cells[place] = column.take(orjson.loads(attributes[place].as_py()))
    return pa.array(cells, pa.string())
