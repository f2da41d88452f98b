"""Guessing passwords is slowed: tries are counted by e-mail and by address, in the database.

The count is written apart from the request, since the request of a wrong guess is rolled back.
Who is past a limit is refused without a write, and leaves nothing behind.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update

from app.accounts.models import SignInCount
from app.kernel.clock import now
from app.kernel.db import apart, database, reading, session
from app.kernel.errors import Throttled
from app.kernel.upserts import insert

ADDRESS_ALLOWANCE = 20
"""How many e-mails' worth of tries one address has: a newsroom may sit behind a single one."""

_SWEPT = 100
"""How many counts that are over make way for a new one."""

_counts = SignInCount.__table__.c


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
    _check_counted(allowed, moment, window)
    for key, limit in allowed.items():
        tries, ends = _counted(key, moment, window)
        if tries > limit:
            raise _throttled(limit, window, ends - moment)
        if ends == moment + timedelta(seconds=window):  # it began here
            _sweep(moment)


def _check_counted(allowed: dict[str, int], moment: datetime, window: int) -> None:
    under_way = select(_counts.key, _counts.tries, _counts.window_ends).where(
        _counts.key.in_(allowed), _counts.window_ends > moment
    )
    with reading(database()) as own:
        counted = {row.key: row for row in own.execute(under_way)}
    for key, limit in allowed.items():
        if key in counted and counted[key].tries >= limit:
            raise _throttled(limit, window, counted[key].window_ends - moment)


def _counted(key: str, moment: datetime, window: int) -> tuple[int, datetime]:
    over = _counts.window_ends <= moment
    ends = moment + timedelta(seconds=window)
    with apart(database()) as own:
        row = own.execute(
            insert(SignInCount)
            .values(key=key, window_ends=ends, tries=1)
            .on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "tries": case((over, 1), else_=_counts.tries + 1),
                    "window_ends": case((over, ends), else_=_counts.window_ends),
                },
            )
            .returning(_counts.tries, _counts.window_ends)
        ).one()
    return row.tries, row.window_ends


def _sweep(moment: datetime) -> None:
    """Forget some counts whose window is over; those in use at this moment another time."""
    over = select(_counts.key).where(_counts.window_ends <= moment).limit(_SWEPT)
    with apart(database()) as own:
        locked = over.with_for_update(skip_locked=True)
        own.execute(delete(SignInCount).where(SignInCount.key.in_(locked)))


def _throttled(limit: int, window: int, left: timedelta) -> Throttled:
    wait = max(1, int(left.total_seconds()) + 1)
    return Throttled(
        f"Too many passwords were tried. Wait {wait} seconds.",
        retry_after=wait,
        headers={
            "RateLimit-Policy": f'"sign-in";q={limit};w={window}',
            "RateLimit": f'"sign-in";r=0;t={wait}',
        },
    )


def forgive(keys: Collection[str]) -> None:
    """Take back the count of a try that turned out right."""
    if not keys:
        return
    session().execute(
        update(SignInCount).where(SignInCount.key.in_(keys)).values(tries=SignInCount.tries - 1)
    )
