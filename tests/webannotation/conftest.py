"""A container with an article to annotate."""

import pytest

from app.web.application import Application
from tests.factories.teams import Team
from tests.factories.writing import new_article
from tests.support.api import Api
from tests.webannotation.making import TEXT, Container


@pytest.fixture
def me(api: Api, team: Team) -> Api:
    """The API as an annotator."""
    return api.as_(team.annotator)


@pytest.fixture
def here(me: Api, team: Team) -> Container:
    """The container as an annotator."""
    return Container(me, team.project.id)


@pytest.fixture
def article(me: Api, team: Team) -> str:
    """The id of an article of the project."""
    return new_article(me, team.project.id, TEXT)


@pytest.fixture
def source(article: str) -> str:
    """The IRI of that article."""
    return f"http://localhost/api/v1/articles/{article}"


@pytest.fixture
def others(app: Application, team: Team) -> Container:
    """The container as a reviewer."""
    return Container(Api(app).as_(team.reviewer), team.project.id)
