"""Reading one moment of the database, however long that takes."""

import time

from sqlalchemy import func, select, text

from app.accounts.models import User
from app.kernel.db import Database, reading, unit_of_work
from app.kernel.snapshots import one_moment
from tests.factories.accounts import add_user

COUNT = select(func.count()).select_from(User)


def test_what_is_read_inside_is_of_one_moment(database: Database) -> None:
    with reading(database), one_moment() as connection:
        before = connection.scalar(COUNT)
        with unit_of_work(database):
            add_user()
        assert connection.scalar(COUNT) == before
    with reading(database) as opened:
        assert opened.scalar(COUNT) == (before or 0) + 1


def test_who_works_long_between_two_statements_is_not_cut_off(database: Database) -> None:
    with reading(database) as opened:
        limit = "SET idle_in_transaction_session_timeout = '100ms'"
        if database.dialect == "postgresql":
            opened.execute(text(limit))
        with one_moment() as connection:
            before = connection.scalar(COUNT)
            time.sleep(0.5)
            assert connection.scalar(COUNT) == before
        if database.dialect == "postgresql":  # the next to read with this connection has its own
            opened.execute(text("RESET idle_in_transaction_session_timeout"))
