"""Guessing passwords is slowed: tries are counted by e-mail and by address, in the database.

The count is written apart from the request, since the request of a wrong guess is rolled back.
"""

from datetime import timedelta

from sqlalchemy import case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import SignInCount
from app.kernel.clock import now
from app.kernel.db import apart, database, dialect, session
from app.kernel.errors import Throttled


def count_try(keys: list[str], limit: int, window: int) -> None:
    """Count one try under every key; Throttled where one is past its limit.

    `window` is in seconds and begins with the first try after the last one ended.
    """
    moment = now()
    table = SignInCount.__table__
    insert = postgresql.insert if dialect() == "postgresql" else sqlite.insert
    over = table.c.window_ends <= moment
    ends = moment + timedelta(seconds=window)
    with apart(database()) as own:
        for key in sorted(keys):
            own.execute(
                insert(SignInCount)
                .values(key=key, window_ends=ends, tries=1)
                .on_conflict_do_update(
                    index_elements=["key"],
                    set_={
                        "tries": case((over, 1), else_=table.c.tries + 1),
                        "window_ends": case((over, ends), else_=table.c.window_ends),
                    },
                )
            )
        rows = own.execute(select(table).where(table.c.key.in_(keys))).all()
    if past := [row for row in rows if row.tries > limit]:
        wait = max(1, int((max(row.window_ends for row in past) - moment).total_seconds()) + 1)
        raise Throttled(
            f"Too many sign-ins were tried. Wait {wait} seconds.",
            retry_after=wait,
            headers={
                "RateLimit-Policy": f'"sign-in";q={limit};w={window}',
                "RateLimit": f'"sign-in";r=0;t={wait}',
            },
        )


def forgive(keys: list[str]) -> None:
    """Take back the count of a try that turned out right."""
    session().execute(
        update(SignInCount).where(SignInCount.key.in_(keys)).values(tries=SignInCount.tries - 1)
    )
