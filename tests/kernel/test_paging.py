"""Pages follow each other without gap or repetition; a cursor is good for its own list only."""

import base64
from typing import Any

import orjson
import pytest
from sqlalchemy import Integer, String, literal, select, union_all

from app.kernel.columns import Id
from app.kernel.db import Database, reading
from app.kernel.errors import Malformed
from app.kernel.ids import new_id
from app.kernel.paging import Page, PageAsk, cursor_of, key_of, page_of

ROWS = [(number // 3, f"{number:02d}") for number in range(10)]


def _table(rows: list[tuple[int, str]]) -> Any:
    selects = [
        select(literal(place, Integer).label("place"), literal(word, String).label("word"))
        for place, word in rows
    ]
    return union_all(*selects).subquery("rows")


TABLE = _table(ROWS)
BY: Any = [(TABLE.c.place, int), (TABLE.c.word, str)]


def _page(database: Database, ask: PageAsk, **more: Any) -> Page[Any]:
    with reading(database):
        return page_of(select(TABLE), BY, ask, name="rows", **more)


def _walk(database: Database, limit: int, **more: Any) -> list[tuple[int, str]]:
    found, after, pages = [], None, 0
    while pages == 0 or after:
        page = _page(database, PageAsk(limit, after), **more)
        assert 0 < len(page.items) <= limit
        found += [tuple(row) for row in page.items]
        after, pages = page.next, pages + 1
    assert pages == -(-len(ROWS) // limit)
    return found


@pytest.mark.parametrize("limit", [1, 3, 5, 10, 11])
def test_the_pages_together_are_the_list(database: Database, limit: int) -> None:
    assert _walk(database, limit) == ROWS
    assert _walk(database, limit, descending=True) == ROWS[::-1]


def test_a_row_that_comes_in_before_the_cursor_moves_nothing(database: Database) -> None:
    first = _page(database, PageAsk(4))
    more = _table([*ROWS, (0, "00b")])
    with reading(database):
        by: Any = [(more.c.place, int), (more.c.word, str)]
        second = page_of(select(more), by, PageAsk(4, first.next), name="rows")
    assert [tuple(row) for row in second.items] == ROWS[4:8]


def test_an_empty_list_is_one_page(database: Database) -> None:
    with reading(database):
        page = page_of(select(TABLE).where(TABLE.c.place > 99), BY, PageAsk(), name="rows")
    assert page == Page([], None)


def _raw(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


FOREIGN = [
    cursor_of("others", [1, "02"]),
    cursor_of("rows", [1]),
    cursor_of("rows", ["1", "02"]),
    cursor_of("rows", [1, 2]),
    cursor_of("rows", [True, "02"]),
    cursor_of("rows", [1, "02", 3]),
    cursor_of("rows", [1, None]),
]
BROKEN = [
    "",
    "x",
    "====",
    "💥",
    "not a cursor",
    _raw({}),
    _raw([]),
    _raw({"rows": 1}),
    _raw(7),
    _raw(None),
    _raw("rows"),
    cursor_of("rows", [1, "02"])[:-3],
]


@pytest.mark.parametrize("cursor", [*FOREIGN, *BROKEN])
def test_a_foreign_or_broken_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Malformed) as caught:
        key_of("rows", cursor, [int, str])
    assert caught.value.word == "bad_cursor"


@pytest.mark.parametrize("key", [[2**40, "x"], [-(2**63), "x"], [1, "nul\0"]])
def test_a_forged_cursor_that_no_database_takes_is_refused(
    database: Database, key: list[Any]
) -> None:
    with pytest.raises(Malformed) as caught:
        _page(database, PageAsk(5, _raw(["rows", *key])))
    assert caught.value.word == "bad_cursor"


@pytest.mark.parametrize("forged", ["abc", "", "00000000-0000-0000-0000-00000000000g"])
def test_a_forged_cursor_that_holds_no_id_is_refused(database: Database, forged: str) -> None:
    ids = select(literal(new_id(), Id).label("id")).subquery("ids")
    with reading(database), pytest.raises(Malformed) as caught:
        page_of(select(ids), [(ids.c.id, str)], PageAsk(5, cursor_of("ids", [forged])), name="ids")
    assert caught.value.word == "bad_cursor"
