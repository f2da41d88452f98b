"""Going on in order where a PostgreSQL database was restored into another cluster.

Transaction ids count up within one cluster only. A dump that is restored into another brings
changes whose transactions lie in that cluster's future: new changes would be filed before them,
where readers have been already, and nothing would be told until the count has caught up. So
`changes.tx` is not the bare id but what `feed_tx`, a function of the database, makes of it, and
whoever connects to write looks first whether the count fell behind. Then it is lifted above all
that was written, once. Places in the feed stay what they were.
"""

import logging
from typing import Any

import psycopg

log = logging.getLogger("factmark.history")

_IS_BEHIND = """\
SELECT coalesce(max(tx) >= feed_tx(pg_snapshot_xmax(pg_current_snapshot())), false)
FROM (SELECT tx FROM changes ORDER BY seq DESC LIMIT 1000) AS newest"""
_LIFTED = """\
CREATE OR REPLACE FUNCTION feed_tx(id xid8) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS 'SELECT {base} + $1::text::bigint'"""


def settle(connection: psycopg.Connection[Any]) -> None:
    """Lift the count of transactions where it fell behind. Ends the connection's transaction."""
    try:
        if _says(connection, _IS_BEHIND):
            _lift(connection)
        connection.commit()
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction):
        connection.rollback()  # a database before its migrations
    except psycopg.Error:
        connection.rollback()
        log.exception("the order of changes could not be settled; this role must own the tables")
        raise


def _lift(connection: psycopg.Connection[Any]) -> None:
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute("LOCK TABLE changes IN SHARE ROW EXCLUSIVE MODE")  # nobody writes
    if not _says(connection, _IS_BEHIND):
        return  # somebody else has done it
    base = int(_says(connection, "SELECT max(tx) FROM changes")) + 1
    connection.execute(_LIFTED.format(base=base).encode())
    log.warning("the database goes on in another cluster", extra={"fields": {"tx_from": base}})


def _says(connection: psycopg.Connection[Any], sql: str) -> Any:
    row = connection.execute(sql.encode()).fetchone()
    return None if row is None else row[0]
