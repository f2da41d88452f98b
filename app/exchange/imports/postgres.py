"""An import on PostgreSQL: COPY straight into the tables, in one transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection as Driver
from sqlalchemy import Connection

from app.exchange.imports import stores
from app.exchange.imports.stores import FoundArticle, FoundThing, Pair
from app.exchange.imports.tables import COLUMNS, SHARED, Row, Rows
from app.kernel.jsons import dumps

_SPELLED = {
    "at": "",
    "keys": "= ANY(%(keys)s::uuid[])",
    "named": "= ANY(ARRAY(SELECT json_array_elements_text(%(named)s::json)))",
    "project": "%(project)s",
    "article": "%(article)s",
    "revision": "%(revision)s",
    "blind": "%(blind)s::uuid",
}
_FIRST_TOLD = 1000
_ANALYZE = (
    b"ANALYZE articles (id, project_id, original_id, external_id),"
    b" annotations (id, project_id, article_id, original_id, external_id, author_id)"
)
Values = dict[str, Any]


class PostgresStore:
    """See `stores.Store`. Triggers and every constraint stay on."""

    works_apart = True
    at_once = 2600

    def __init__(self, connection: Connection, project_id: str, blind: str | None) -> None:
        self._driver: Driver[Any] = connection.connection.dbapi_connection  # type: ignore[assignment]  # the driver we chose
        self._always: Values = {"project": project_id, "blind": blind}
        self._put, self._told_at = 0, _FIRST_TOLD
        self._names_alone = False

    def articles(self, keys: Sequence[str], named: Sequence[str]) -> Iterable[FoundArticle]:
        return map(FoundArticle._make, self._by_ids(stores.ARTICLES, keys, named))

    def annotations(self, keys: Sequence[str], named: Sequence[str]) -> Iterable[FoundThing]:
        return map(FoundThing._make, self._by_ids(stores.ANNOTATIONS, keys, named))

    def links(self, keys: Sequence[str], named: Sequence[str]) -> Iterable[FoundThing]:
        return map(FoundThing._make, self._by_ids(stores.LINKS, keys, named))

    def pairs(self, lows: Sequence[str]) -> Iterable[Pair]:
        return map(Pair._make, self._by_ids(stores.PAIRS, lows, ()))

    def sources(self, keys: Sequence[str]) -> Iterable[str]:
        return [row[0] for row in self._by_ids(stores.SOURCES, keys, ())]

    def names(self, keys: Sequence[str]) -> Iterable[str]:
        return [row[0] for row in self._by_ids(stores.NAMES, (), keys)]

    def people(self, ids: Sequence[str]) -> Iterable[str]:
        return [row[0] for row in self._by_ids(stores.PEOPLE, ids, ())]

    def text(self, article_id: str, revision: int) -> str | None:
        found = self._rows(stores.TEXT, {"article": article_id, "revision": revision})
        return str(found[0][0]) if found else None

    def empty(self) -> bool:
        return not self._rows(stores.ANYTHING, {})

    def take_over(self, values: Values) -> int:
        setting = ", ".join(f"{name} = %({name})s" for name in values)
        sql = f"UPDATE projects SET {setting}, version = version + 1"  # noqa: S608 - our own names
        spelled = {k: v if isinstance(v, str) else dumps(v).decode() for k, v in values.items()}
        return int(self._rows(f"{sql} WHERE id = {{project}} RETURNING version", spelled)[0][0])

    def put(self, rows: Rows) -> None:
        if rows.of["sources"] or rows.of["source_names"]:
            self._name_alone()
        for table, waiting in rows.of.items():
            if table == "changes" and rows.of["sources"]:
                waiting = self._without_outrun(rows.of["sources"], waiting)
            if not waiting:
                continue
            if table in SHARED:
                self._share(table, waiting)
            else:
                self._copy(table, waiting)
        self._tell_the_planner(len(rows.of["annotations"]))

    def finish(self, *, together: bool) -> None:
        """Nothing is left to do: what was put stands with the transaction."""

    def close(self) -> None:
        """Nothing was kept outside the transaction."""

    def _copy(self, table: str, waiting: list[Row]) -> None:
        sql = f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN"
        with self._driver.cursor() as cursor, cursor.copy(sql.encode()) as copy:
            for row in waiting:
                copy.write_row(row)

    def _share(self, table: str, waiting: list[Row]) -> None:
        columns = COLUMNS[table]
        gaps = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({gaps}) ON CONFLICT DO NOTHING"  # noqa: S608 - our own names
        with self._driver.cursor() as cursor:
            # In one order, lest it and who else makes the same wait for each other.
            cursor.executemany(sql.encode(), sorted(waiting))

    def _name_alone(self) -> None:
        """Let no other import name new sources in the project until this one has ended.

        Each holds its names to its end: with those of an earlier batch, two would wait for each
        other, whatever the order within a batch.
        """
        if not self._names_alone:
            self._rows("SELECT pg_advisory_xact_lock(hashtextextended({project}, 0))", {})
            self._names_alone = True

    def _tell_the_planner(self, more: int) -> None:
        """Let PostgreSQL know how much there is now, as its manual asks after bulk loads.

        It would take the project for empty, and find each thing by reading all of it. Who may
        not do this is warned by the server, and goes on.
        """
        self._put += more
        if self._put >= self._told_at:
            self._told_at = self._put * 8
            self._driver.execute(_ANALYZE)

    def _without_outrun(self, made: list[Row], changes: list[Row]) -> list[Row]:
        """Take back sources of which somebody else had the names first: theirs stand."""
        sql = (
            "DELETE FROM sources s WHERE s.id = ANY(%(keys)s::uuid[]) AND NOT EXISTS"
            " (SELECT 1 FROM source_names n WHERE n.source_id = s.id) RETURNING s.id"
        )
        outrun = {row[0] for row in self._rows(sql, {"keys": _array([row[0] for row in made])})}
        place = COLUMNS["changes"].index("thing_id")
        return [row for row in changes if row[place] not in outrun]

    def _by_ids(self, sql: str, keys: Sequence[str], named: Sequence[str]) -> list[Row]:
        if not (keys or named):
            return []
        return self._rows(sql, {"keys": _array(keys), "named": dumps(named).decode()})

    def _rows(self, sql: str, values: Values) -> list[Row]:
        filled = sql.format(**_SPELLED)
        return self._driver.execute(filled.encode(), {**values, **self._always}).fetchall()


def _array(ids: Sequence[str]) -> str:
    """Ids as PostgreSQL writes an array, in a tenth of the driver's own time."""
    return "{" + ",".join(ids) + "}"
