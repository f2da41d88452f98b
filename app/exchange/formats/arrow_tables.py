"""Blocks of cells as Arrow tables, a column at a time and in no Python loop over their rows."""

from collections.abc import Callable
from typing import Any

import orjson

from app.exchange.formats import arrow_schemas
from app.exchange.formats.arrow_attributes import Attributes, parsed
from app.exchange.formats.arrow_schemas import arrow
from app.exchange.formats.cells import DELIMITER, QUOTE, TABLES, Block
from app.exchange.formats.extras import library
from app.exchange.formats.jsons import LINE_ENDS
from app.exchange.formats.reporting import reporters

_NOT_TEXT = ("start", "end", "revision", "version", "score", "created_at", "updated_at")
_JSON = ("attributes", "meta")


def documents(block: Block) -> Any:
    """The rows of `arrow_schemas.documents`."""
    schema = arrow_schemas.documents()
    made = _cells(block, "documents", schema)
    compute = _compute()
    made["regions"] = _lists(made["regions"], schema.field("regions").type)
    nothing = compute.equal(made["meta"], "{}")
    made["meta"] = compute.if_else(nothing, arrow().scalar(None, arrow().string()), made["meta"])
    return _table(made, schema)


def spans(attributes: Attributes, block: Block) -> Any:
    """The rows of `arrow_schemas.spans`; `attributes` are those of all its blocks."""
    schema = arrow_schemas.spans()
    made = _cells(block, "spans", schema)
    made["updated_at"] = _compute().coalesce(made["updated_at"], made["created_at"])
    made["reported_by"] = _reported(made)
    made["fragments"] = _fragments(made, schema.field("fragments").type)
    made["parts"] = _lists(made["parts"], schema.field("parts").type, _part_structs)
    made["tags"] = _tags(made["tags"], schema.field("tags").type)
    return _table(made | attributes.columns(made["attributes"]), schema)


def links(block: Block) -> Any:
    """The rows of `arrow_schemas.links`."""
    schema = arrow_schemas.links()
    return _table(_cells(block, "links", schema), schema)


def _cells(block: Block, name: str, schema: Any) -> dict[str, Any]:
    """The cells as columns: numbers and times typed, all else text."""
    pa, read = arrow(), library("pyarrow.csv", extra="parquet")
    names = TABLES[name]
    types = {n: schema.field(n).type if n in _NOT_TEXT else pa.string() for n in names}
    table = read.read_csv(
        pa.BufferReader(block.data),
        read.ReadOptions(use_threads=False, column_names=list(names), block_size=2**30),
        read.ParseOptions(delimiter=DELIMITER, quote_char=QUOTE, newlines_in_values=True),
        read.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            check_utf8=False,  # a database has its texts in UTF-8: a quarter of the time
        ),
    )
    found = {n: _whole(table[n]) for n in names}
    return found | {n: _on_one_line(found[n]) for n in _JSON if n in found}


def _whole(column: Any) -> Any:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _on_one_line(column: Any) -> Any:
    """JSON without the characters that some readers take for line ends; most has only ASCII."""
    if _compute().all(_compute().string_is_ascii(column)).as_py():
        return column
    for raw, escaped in LINE_ENDS:
        column = _compute().replace_substring(column, raw.decode(), escaped.decode())
    return column


def _table(made: dict[str, Any], schema: Any) -> Any:
    return arrow().Table.from_arrays([made[name] for name in schema.names], schema=schema)


def _reported(made: dict[str, Any]) -> Any:
    """Who reports each span: nobody, except in articles that have attributions."""
    pa, compute = arrow(), _compute()
    count = len(made["id"])
    with_content = compute.match_substring(made["parts"], '"content":')
    articles = compute.unique(made["article_id"].filter(with_content))
    if not len(articles):
        return pa.nulls(count, pa.string())
    places = compute.indices_nonzero(compute.is_in(made["article_id"], articles))
    wanted = ("article_id", "id", "start", "end", "fragments", "parts")
    inside: dict[str, list[Any]] = {}
    for article, *told in zip(*(made[n].take(places).to_pylist() for n in wanted), strict=True):
        inside.setdefault(article, []).append(tuple(told))
    found = {id_: by for rows in inside.values() for id_, by in reporters(rows).items()}
    return pa.array([found.get(id_) for id_ in made["id"].to_pylist()], pa.string())


def _fragments(made: dict[str, Any], wanted: Any) -> Any:
    """One fragment, the span itself, except where there are gaps."""
    pa = arrow()
    itself = [made[name].cast(wanted.value_type.field(name).type) for name in _SPOT]
    whole = pa.StructArray.from_arrays(itself, names=list(_SPOT))
    single = pa.ListArray.from_arrays(_numbers(len(whole) + 1, pa.int32()), whole)
    return _replaced(single, made["fragments"], wanted, orjson.loads)


_SPOT = ("start", "end", "exact")


def _tags(texts: Any, wanted: Any) -> Any:
    """Lists of tags: most are empty, the others are read all at once."""
    pa, compute = arrow(), _compute()
    tagged = compute.not_equal(texts, "[]")
    if not compute.any(tagged).as_py():
        return _empty(len(texts), wanted)
    objects = compute.binary_join_element_wise('{"tags":', texts, "}", "")
    return _whole(parsed(objects, pa.schema([("tags", wanted)]))["tags"])


def _lists(texts: Any, wanted: Any, read: Callable[[str], Any] = orjson.loads) -> Any:
    """Lists from JSON, empty where there is none."""
    return _replaced(_empty(len(texts), wanted), texts, wanted, read)


def _replaced(usual: Any, texts: Any, wanted: Any, read: Callable[[str], Any]) -> Any:
    """The usual values, but where a text tells others those."""
    pa, compute = arrow(), _compute()
    told = compute.fill_null(compute.not_equal(texts, "[]"), fill_value=False)
    others = texts.filter(told)
    if not len(others):
        return usual
    found = pa.array([read(text) for text in others.to_pylist()], wanted)
    order = compute.add(compute.cumulative_sum(told.cast(pa.int64())), len(usual) - 1)
    places = compute.if_else(told, order, _numbers(len(usual), pa.int64()))
    return pa.concat_arrays([usual.cast(wanted), found]).take(places)


def _empty(count: int, wanted: Any) -> Any:
    pa = arrow()
    offsets = pa.repeat(pa.scalar(0, pa.int32()), count + 1)
    return pa.ListArray.from_arrays(offsets, pa.array([], wanted.value_type))


def _numbers(count: int, wanted: Any) -> Any:
    """0, 1, 2 and so on."""
    ones = arrow().repeat(arrow().scalar(1, wanted), count)
    return _compute().cumulative_sum(ones, start=-1)


def _part_structs(text: str) -> list[dict[str, Any]]:
    return [
        {**piece, "role": role} for role, pieces in orjson.loads(text).items() for piece in pieces
    ]


def _compute() -> Any:
    return library("pyarrow.compute", extra="parquet")
