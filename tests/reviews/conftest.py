"""A review desk for every test that asks for one."""

from collections.abc import Callable
from functools import partial

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


@pytest.fixture
def make_desk_with(app: Application) -> Callable[..., Desk]:
    """A desk whose project has these settings."""
    return partial(make_desk, app)
