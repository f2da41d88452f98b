"""A review desk for every test that asks for one."""

import pytest

from app.web.application import Application
from tests.reviews.desk import Desk, make_desk


@pytest.fixture
def desk(app: Application) -> Desk:
    """A project under the own-work rule, where everybody sees everybody's work."""
    return make_desk(app)


@pytest.fixture
def blind(app: Application) -> Desk:
    """The same where annotators work unseen by each other."""
    return make_desk(app, blind=True)
