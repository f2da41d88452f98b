"""An import on SQLite: everything is checked and staged first, then written in one go.

SQLite has one writer. So an import reads, checks and prepares without the writer's turn, into
temporary tables that only its own connection sees (in a file that SQLite removes with it),
and takes the turn only for `INSERT … SELECT`, which needs no Python at all.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import orjson
from sqlalchemy import Connection

from app.exchange.imports import stores
from app.exchange.imports.stores import FoundArticle, FoundThing, Pair
from app.exchange.imports.tables import COLUMNS, SHARED, Row, Rows
from app.kernel.errors import Conflict
from app.kernel.jsons import dumps
from app.kernel.writers import Writer

_SPELLED = {
    "keys": "IN (SELECT value FROM json_each(:keys))",
    "named": "IN (SELECT value FROM json_each(:named))",
    "project": ":project",
    "article": ":article",
    "revision": ":revision",
    "blind": ":blind",
}
_LOOKED_UP = {
    "articles": ("original_id", "external_id"),
    "revisions": ("article_id",),
    "annotations": ("original_id", "external_id"),
    "links": ("original_id", "external_id", "pair_low"),
    "sources": ("original_id",),
    "source_names": ("key",),
}
"""By which columns staged rows are found again."""

_BATCHES_A_TURN = 5
"""Where not all must stand together, others may write after every so many batches."""

Values = dict[str, Any]


class SqliteStore:
    """See `stores.Store`. Triggers and every constraint hold when the rows are written."""

    works_apart = False
    at_once = 1600

    def __init__(self, connection: Connection, project_id: str, blind: str | None) -> None:
        self._connection = connection
        self._always: Values = {"project": project_id, "blind": blind}
        self._driver: Writer = connection.connection.dbapi_connection  # type: ignore[assignment]  # the driver we chose
        self._marks = [dict.fromkeys(COLUMNS, 0)]
        self._said: Values = {}
        self._driver.execute("PRAGMA temp_store = FILE")
        for table, columns in COLUMNS.items():
            self._driver.execute(f"CREATE TEMP TABLE staged_{table} ({', '.join(columns)})")
            for column in _LOOKED_UP.get(table, ()):
                self._driver.execute(
                    f"CREATE INDEX temp.staged_{table}_{column} ON staged_{table} ({column})"
                    f" WHERE {column} IS NOT NULL"
                )

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
        now = "SELECT version FROM projects WHERE id = ?"
        (version,) = self._driver.execute(now, (self._always["project"],)).fetchone()
        self._said = {**values, "version": version + 1}
        return int(version) + 1

    def put(self, rows: Rows) -> None:
        mark = dict(self._marks[-1])
        self._driver.execute("BEGIN")  # of the staged tables alone: nobody is kept from writing
        for table, waiting in rows.of.items():
            if waiting:
                gaps = ", ".join("?" * len(COLUMNS[table]))
                self._driver.executemany(f"INSERT INTO staged_{table} VALUES ({gaps})", waiting)  # noqa: S608 - our own names
                mark[table] += len(waiting)
        self._driver.execute("COMMIT")
        self._marks.append(mark)

    def finish(self, *, together: bool) -> None:
        """Write what was staged; in turns with others where not all must stand together."""
        step = len(self._marks) if together else _BATCHES_A_TURN
        ends = [*self._marks[::step], self._marks[-1]]
        self._connection.begin()
        self._driver.take_turn()
        self._say()
        for before, after in pairwise(ends):
            if not together and before is not ends[0]:
                self._let_others_write()
            for table, columns in COLUMNS.items():
                if after[table] > before[table]:
                    self._write(table, ", ".join(columns), before[table], after[table])

    def close(self) -> None:
        """Drop the staged tables: the connection goes back to where others take it from."""
        if self._driver.in_transaction:  # staging was broken off
            self._driver.rollback()
        for table in COLUMNS:
            self._driver.execute(f"DROP TABLE IF EXISTS temp.staged_{table}")
        self._driver.execute("PRAGMA temp_store = MEMORY")

    def _say(self) -> None:
        """Let the project say what it took over, unless somebody changed it since."""
        if not self._said:
            return
        setting = ", ".join(f"{name} = :{name}" for name in self._said)
        sql = f"UPDATE projects SET {setting} WHERE id = :project AND version = :version - 1"  # noqa: S608 - our own names
        spelled = {
            k: v if isinstance(v, str | int) else dumps(v).decode() for k, v in self._said.items()
        }
        if self._driver.execute(sql, {**spelled, **self._always}).rowcount != 1:
            told = "Somebody changed the project meanwhile. Repeat the import."
            raise Conflict(told, code="changed_meanwhile")

    def _let_others_write(self) -> None:
        self._driver.commit()
        self._driver.take_turn()

    def _write(self, table: str, columns: str, after: int, to: int) -> None:
        how = "INSERT OR IGNORE" if table in SHARED else "INSERT"
        sql = f"{how} INTO main.{table} ({columns}) SELECT {columns} FROM staged_{table}"  # noqa: S608 - our own names
        sql += " WHERE rowid > ? AND rowid <= ?"
        if table == "changes":
            # Sources of which somebody else had the names first are taken back: theirs stand.
            self._driver.execute(
                "DELETE FROM main.sources WHERE id IN (SELECT id FROM staged_sources)"
                " AND id NOT IN (SELECT source_id FROM main.source_names)"
            )
            sql += " AND (thing <> 'source' OR thing_id IN (SELECT id FROM main.sources))"
        self._driver.execute(f"{sql} ORDER BY rowid", (after, to))

    def _by_ids(self, sql: str, keys: Sequence[str], named: Sequence[str]) -> list[Row]:
        if not (keys or named):
            return []
        values = {"keys": orjson.dumps(list(keys)), "named": orjson.dumps(list(named))}
        return self._rows(sql, {name: value.decode() for name, value in values.items()})

    def _rows(self, sql: str, values: Values) -> list[Row]:
        """What stands, and what is staged."""
        found: list[Row] = []
        for at in ("main.", "staged_"):
            filled = sql.format(at=at, **_SPELLED)
            found += self._driver.execute(filled, {**values, **self._always})
        return found
