"""Both engines give back the same Python values."""

from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import select, text

from app.accounts.models import PersonalToken, User
from app.kernel.clock import now, rfc3339
from app.kernel.db import Database, reading, unit_of_work
from app.kernel.ids import is_id
from tests.factories.accounts import add_user
from tests.support.stopped_clock import StoppedClock


def test_ids_moments_and_documents_come_back_as_they_went_in(database: Database) -> None:
    east = datetime(2026, 1, 5, 12, 0, 0, 123456, timezone(timedelta(hours=5, minutes=30)))
    with unit_of_work(database) as opened:
        user = add_user()
        user.disabled_at = east
        token = PersonalToken(
            user_id=user.id, name="t", secret_hash=user.id, scopes=["read"], created_at=now()
        )
        opened.add(token)
        opened.flush()
    with reading(database) as opened:
        found = opened.get_one(User, user.id)
        assert is_id(found.id)
        assert found.disabled_at == east
        assert found.disabled_at.tzinfo is not None
        assert found.disabled_at.utcoffset() == timedelta(0)
        assert opened.get_one(PersonalToken, token.id).scopes == ["read"]


def test_moments_sort_in_time_order(database: Database) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(microseconds=step) for step in (0, 1, 999_999, 1_000_000)]
    with unit_of_work(database):
        users = [add_user() for _ in moments]
        for user, moment in zip(users, reversed(moments), strict=True):
            user.created_at = moment
    with reading(database) as opened:
        found = opened.scalars(
            select(User.created_at)
            .where(User.id.in_([user.id for user in users]))
            .order_by(User.created_at)
        )
        assert list(found) == moments


def test_no_document_is_sql_null(database: Database) -> None:
    with reading(database) as opened:
        rows = opened.execute(text("SELECT 1 FROM changes WHERE CAST(before AS text) = 'null'"))
        assert rows.all() == []


def test_the_clock_stops_for_tests_alone(clock: StoppedClock) -> None:
    assert now() == now() == clock.moment
    clock.forward(hours=1)
    assert rfc3339(now()).endswith("Z")
    assert now() == clock.moment
