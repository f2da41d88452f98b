"""Two engines a database, tuned for each of SQLite and PostgreSQL.

SQLite: write-ahead log, `synchronous=FULL` so that what was acknowledged survives a power
cut, and `BEGIN IMMEDIATE` for writers, who queue in order of arrival (`writers`, `queueing`). A
read transaction that turns into a write fails at once in SQLite, whatever the time-out, which
is why writers never begin as readers: what they ask before they write (`ASKS`) is each a
transaction by itself.

PostgreSQL: the reader commits every statement by itself, which saves two round trips a
request; both ask the server to stop what runs too long.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import orjson
from psycopg import Connection as PostgresConnection
from psycopg.types.string import TextLoader
from sqlalchemy import Engine, create_engine, event, make_url

from app.kernel.jsons import dumps
from app.kernel.writers import Writer, writers

ASKS = {"asks": True}
"""Options of a statement that only asks and needs no turn among the writers."""

before_writing: list[Callable[[PostgresConnection[Any]], None]] = []
"""What rooms do with every new PostgreSQL connection that may write, before it does."""


@dataclass(frozen=True)
class Tuning:
    """How many connections a process keeps, and how long a statement may run (seconds)."""

    pool_size: int = 10
    statement_timeout: int = 30


def make_engines(url: str, tuning: Tuning) -> tuple[Engine, Engine]:
    """The writer's and the reader's engine for the database at this URL."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, tuning, writes=True), _sqlite(url, tuning, writes=False)
    return _postgres(url, tuning, writes=True), _postgres(url, tuning, writes=False)


def _json(value: Any) -> str:
    return dumps(value).decode()


def _sqlite(url: str, tuning: Tuning, *, writes: bool) -> Engine:
    factory = {"factory": writers(make_url(url).database or "")} if writes else {}
    engine = create_engine(
        url,
        json_serializer=_json,
        json_deserializer=orjson.loads,
        pool_size=tuning.pool_size,
        max_overflow=tuning.pool_size,
        connect_args={"check_same_thread": False, "timeout": 10, **factory},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver shall not begin transactions by itself
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
            "foreign_keys=ON",
            "cache_size=-16000",
            "temp_store=MEMORY",
            # A mapped file is quick to read, and has to be mapped anew whenever it has changed.
            "mmap_size=" + ("0" if writes else "268435456"),
            "query_only=" + ("OFF" if writes else "ON"),
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("holds_letters", 2, _holds_letters, deterministic=True)

    if writes:
        event.listen(engine, "before_cursor_execute", _take_turn)
    else:
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _holds_letters(text: str | None, lower: str) -> bool | None:
    """What `letters.holds` asks of SQLite."""
    return None if text is None else lower in text.lower()


def _take_turn(_by: Any, cursor: Any, _sql: Any, _values: Any, context: Any, _many: Any) -> None:
    if "asks" not in context.execution_options:
        cast(Writer, cursor.connection).take_turn()


def _postgres(url: str, tuning: Tuning, *, writes: bool) -> Engine:
    options = {
        "timezone": "UTC",
        "statement_timeout": f"{tuning.statement_timeout}s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
    }
    if not writes:
        options["default_transaction_read_only"] = "on"
    engine = create_engine(
        url,
        json_serializer=_json,
        json_deserializer=orjson.loads,
        pool_size=tuning.pool_size,
        max_overflow=tuning.pool_size,
        pool_use_lifo=True,
        pool_reset_on_return="rollback" if writes else None,
        isolation_level="READ COMMITTED" if writes else "AUTOCOMMIT",
        connect_args={
            "application_name": "factmark",
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
        },
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: PostgresConnection[Any], _record: Any) -> None:
        connection.adapters.register_loader("uuid", TextLoader)  # ids are text everywhere
        for step in before_writing if writes else ():
            step(connection)

    return engine
