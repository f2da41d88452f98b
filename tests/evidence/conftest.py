"""A desk with people, and a newsroom that tags and links at it."""

import pytest

from app.web.application import Application
from tests.evidence.newsroom import Newsroom
from tests.reviews.desk import Desk, make_desk


@pytest.fixture
def desk(app: Application) -> Desk:
    """A project with a team."""
    return make_desk(app)


@pytest.fixture
def room(desk: Desk) -> Newsroom:
    """Where ann tags and links, and the viewer reads."""
    return Newsroom(desk)
