"""After a large import: PostgreSQL is told at once what there is now.

It would learn so by itself within a minute or so. Until then it takes a project for as small as it
was, and reads all of it for many a page.
"""

import logging
from collections.abc import Mapping
from typing import Any

from psycopg import Connection as Driver
from psycopg.errors import Diagnostic
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.db import Database

log = logging.getLogger("factmark.imports")

ENOUGH = 150_000
"""Things from which on it is worth its time: a third of a second or so, whatever came in. Below
that a page takes a tenth of a second at worst, until PostgreSQL has found out by itself."""
_WRITTEN = {
    "articles": ("articles", "revisions", "article_words"),
    "annotations": ("annotations", "annotation_tags", "said", "verdicts"),
    "links": ("links",),
    "sources": ("sources", "source_names"),
}
"""The tables that hold what was created, and what triggers keep of it."""


def tell_the_planner(database: Database, created: Mapping[str, int]) -> None:
    """Count anew what an import wrote so much to, for the planner, each table by itself.

    Nobody waits for it, nor it for anybody; where it fails, the import stands all the same.
    SQLite needs none of it: its statements were made to go well without statistics.
    """
    if database.dialect != "postgresql" or sum(created.values()) < ENOUGH:
        return
    tables = ["changes", *(t for noun, of in _WRITTEN.items() if created[noun] for t in of)]
    try:
        with database.writer.connect() as opened:
            opened.execution_options(isolation_level="AUTOCOMMIT")
            driver: Driver[Any] = opened.connection.dbapi_connection  # type: ignore[assignment]  # the driver we chose
            driver.add_notice_handler(_warned)
            try:
                opened.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {', '.join(tables)}")
            finally:
                driver.remove_notice_handler(_warned)
    except SQLAlchemyError as error:
        log.warning("the planner was not told of an import", exc_info=error)


def _warned(said: Diagnostic) -> None:
    """Where somebody else counts at this moment, or our role may not."""
    log.warning("the planner was not told of an import: %s", said.message_primary)
