"""Guessing passwords is slowed: tries are counted by e-mail and by address, in the database.

The count is written apart from the request, since the request of a wrong guess is rolled back.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import case, update
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import SignInCount
from app.kernel.clock import now
from app.kernel.db import apart, database, dialect, session
from app.kernel.errors import Throttled

ADDRESS_ALLOWANCE = 20
"""How many e-mails' worth of tries one address has: a newsroom may sit behind a single one."""


def limits(email: str, address: str | None, tries: int) -> dict[str, int]:
    """Key → limit, in the order in which they are asked."""
    whose = f"email {email.lower()}"[:400]  # some letters become two in lower case
    return {whose: tries, f"address {address}": tries * ADDRESS_ALLOWANCE}


def count_try(allowed: dict[str, int], window: int) -> None:
    """Count one try under every key; Throttled at the first that is past its limit.

    Tries at an e-mail that is past its limit no longer count against the address, so that one
    forgotten password does not lock a whole newsroom out. `window` is in seconds and begins
    with the first try after the last one ended.
    """
    moment = now()
    for key, limit in allowed.items():
        tries, ends = _counted(key, moment, window)
        if tries > limit:
            raise _throttled(limit, window, ends - moment)


def _counted(key: str, moment: datetime, window: int) -> tuple[int, datetime]:
    counts = SignInCount.__table__.c
    insert = postgresql.insert if dialect() == "postgresql" else sqlite.insert
    over = counts.window_ends <= moment
    ends = moment + timedelta(seconds=window)
    with apart(database()) as own:
        row = own.execute(
            insert(SignInCount)
            .values(key=key, window_ends=ends, tries=1)
            .on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "tries": case((over, 1), else_=counts.tries + 1),
                    "window_ends": case((over, ends), else_=counts.window_ends),
                },
            )
            .returning(counts.tries, counts.window_ends)
        ).one()
    return row.tries, row.window_ends


def _throttled(limit: int, window: int, left: timedelta) -> Throttled:
    wait = max(1, int(left.total_seconds()) + 1)
    return Throttled(
        f"Too many sign-ins were tried. Wait {wait} seconds.",
        retry_after=wait,
        headers={
            "RateLimit-Policy": f'"sign-in";q={limit};w={window}',
            "RateLimit": f'"sign-in";r=0;t={wait}',
        },
    )


def forgive(keys: Iterable[str]) -> None:
    """Take back the count of a try that turned out right."""
    session().execute(
        update(SignInCount).where(SignInCount.key.in_(keys)).values(tries=SignInCount.tries - 1)
    )
