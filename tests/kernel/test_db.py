"""Units of work: all or nothing, readers cannot write, and steps around the commit."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.accounts.models import User
from app.kernel.db import (
    Database,
    after_commit,
    after_rollback,
    apart,
    ask,
    before_commit,
    reading,
    unit_of_work,
)
from tests.factories.accounts import add_user
from tests.support.together import at_once


class MishapError(Exception):
    """Whatever goes wrong in the middle of a unit of work."""


def _exists(database: Database, user_id: str) -> bool:
    with reading(database) as opened:
        return opened.scalar(select(User.id).where(User.id == user_id)) is not None


def test_a_unit_of_work_stands_as_a_whole(database: Database) -> None:
    with unit_of_work(database):
        user = add_user()
        assert not _exists(database, user.id)
    assert _exists(database, user.id)


def test_a_unit_of_work_that_fails_leaves_nothing(database: Database) -> None:
    with suppress(MishapError), unit_of_work(database):
        user = add_user()
        raise MishapError
    assert not _exists(database, user.id)


def test_a_reader_is_refused_writes_by_the_database(database: Database) -> None:
    with reading(database) as opened, pytest.raises(DBAPIError):
        opened.execute(text("UPDATE users SET name = 'x'"))


def test_what_is_written_apart_stays(database: Database) -> None:
    with suppress(MishapError), unit_of_work(database):
        with apart(database):
            user = add_user()
        raise MishapError
    assert _exists(database, user.id)


def test_steps_run_before_and_after_the_commit_and_never_without_one(database: Database) -> None:
    steps: list[tuple[str, bool]] = []
    with unit_of_work(database):
        user = add_user()
        before_commit(lambda: steps.append(("before", _exists(database, user.id))))
        after_commit(lambda: steps.append(("after", _exists(database, user.id))))
    assert steps == [("before", False), ("after", True)]
    with suppress(MishapError), unit_of_work(database):
        before_commit(lambda: steps.append(("never", True)))
        after_commit(lambda: steps.append(("never", True)))
        raise MishapError
    assert len(steps) == 2


def test_a_step_after_a_failure_may_write_apart(database: Database) -> None:
    made: list[str] = []

    def write() -> None:
        with apart(database):
            made.append(add_user().id)

    with unit_of_work(database):
        after_rollback(write)
    assert made == []
    with suppress(MishapError), unit_of_work(database):
        add_user()
        after_rollback(write)
        raise MishapError
    assert _exists(database, made[0])


def test_many_writers_at_once_all_succeed(database: Database) -> None:
    def write() -> list[str]:
        made = []
        for _ in range(5):
            with unit_of_work(database):
                made.append(add_user().id)
        return made

    for ids in at_once(*[write] * 8):
        assert all(_exists(database, id_) for id_ in ids)


def test_a_failed_writer_lets_the_next_one_in(database: Database) -> None:
    for _ in range(30):  # more than the pool holds
        with suppress(MishapError), unit_of_work(database):
            add_user()
            raise MishapError
    with unit_of_work(database):
        user = add_user()
    assert _exists(database, user.id)


def test_a_question_before_the_first_write_does_not_wait_for_other_writers(
    database: Database,
) -> None:
    with unit_of_work(database):
        user = add_user()
    question = select(User.name).where(User.id == user.id)

    def asked() -> list[str]:
        with unit_of_work(database):
            return [row.name for row in ask(question, {})]

    with ThreadPoolExecutor(1) as pool, unit_of_work(database):
        add_user()  # from here on this is the one writer that SQLite lets in
        assert pool.submit(asked).result(10) == [user.name]


def test_a_question_after_a_write_sees_what_was_written(database: Database) -> None:
    with unit_of_work(database):
        user = add_user()
        assert ask(select(User.id).where(User.id == user.id), {})
