"""An import on PostgreSQL: COPY straight into the tables, in one transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection as Driver
from psycopg.errors import Diagnostic, LockNotAvailable
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
    b"ANALYZE (SKIP_LOCKED) articles (id, project_id, original_id, external_id),"
    b" annotations (id, project_id, article_id, original_id, external_id, author_id)"
)
_PEOPLE = "people"
Values = dict[str, Any]


class PostgresStore:
    """See `stores.Store`. Triggers and every constraint stay on.

    What an import has written it holds to its end, and who brings in the same waits for that.
    Two that name the same things in different orders would wait for each other, whatever the
    order within a batch. So the imports of a project take turns; those of others go on, and so
    does everybody who is at work. People alone are common to all projects: whoever makes some
    keeps other imports from doing so.
    """

    works_apart = True
    at_once = 2600

    def __init__(self, connection: Connection, project_id: str, blind: str | None) -> None:
        self._driver: Driver[Any] = connection.connection.dbapi_connection  # type: ignore[assignment]  # the driver we chose
        self._always: Values = {"project": project_id, "blind": blind}
        self._put, self._told_at = 0, _FIRST_TOLD
        self._makes_people = False
        self._passed_over = False
        self._take_turn(project_id)
        self._driver.add_notice_handler(self._note)

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
        if rows.of["users"] and not self._makes_people:
            self._makes_people = True
            self._take_turn(_PEOPLE)
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
        """Leave the connection as it was."""
        self._driver.remove_notice_handler(self._note)

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

    def _take_turn(self, among: str) -> None:
        """Wait until no other import has this turn; it is ours to the end of the transaction."""
        turn = "SELECT pg_advisory_xact_lock(hashtextextended(%(among)s, 0))"
        self._rows(turn, {"among": among})

    def _tell_the_planner(self, more: int) -> None:
        """Let PostgreSQL know how much there is now, as its manual asks after bulk loads.

        It would take the project for empty, and find each thing by reading all of it. Who tells
        holds this to the end of the transaction; another import then does not wait, but tries
        again with its next batch. Who may not do this is warned by the server, and goes on.
        """
        self._put += more
        if self._put < self._told_at:
            return
        self._passed_over = False
        self._driver.execute(_ANALYZE)
        if not self._passed_over:
            self._told_at = self._put * 8

    def _note(self, said: Diagnostic) -> None:
        self._passed_over |= said.sqlstate == LockNotAvailable.sqlstate

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
