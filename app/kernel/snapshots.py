"""Reading one moment of the database, however many statements that takes.

A download outlives its request, so it takes nothing from the request's session, and nothing
from the pool either: a slow reader shall not keep other requests waiting for a connection.
What is read within a request stays on the request's own connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.kernel.db import Database, dialect, session


@contextmanager
def one_moment() -> Iterator[Connection]:
    """The connection of a request that only reads; what is read inside is of one moment.

    On SQLite a reader sees one moment anyway. On PostgreSQL a reader's statements each commit by
    themselves, so a transaction is begun here; and its time limit for idle ones is lifted, since
    work on what one statement brought may take long before the next.
    """
    connection = session().connection()
    if dialect() == "sqlite":
        yield connection
        return
    connection.exec_driver_sql(
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL idle_in_transaction_session_timeout = 0"
    )
    try:
        yield connection
    finally:
        connection.exec_driver_sql("ROLLBACK")


def open_snapshot(database: Database, seconds: int) -> Connection:
    """A read-only connection in its own transaction; whoever opened it must close it.

    `seconds` is how long one statement may run on PostgreSQL, waiting for its reader included.
    """
    connection = database.reader.connect()
    try:
        if database.dialect == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        connection.detach()
        if database.dialect == "postgresql":
            for name, value in (
                ("statement_timeout", f"{seconds}s"),
                ("idle_in_transaction_session_timeout", f"{seconds}s"),
                ("max_parallel_workers_per_gather", "0"),
                ("jit", "off"),
                ("work_mem", "16MB"),
            ):
                connection.execute(_SET, {"name": name, "value": value})
        else:
            # Whatever is read once goes by: pages mapped or kept would count as ours.
            for pragma in ("mmap_size=0", "cache_size=-4000"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        # The snapshot is taken by the first statement that reads.
        connection.execute(text("SELECT 1 FROM projects LIMIT 1"))
    except BaseException:
        connection.close()
        raise
    return connection


_SET = text("SELECT set_config(:name, :value, true)")
