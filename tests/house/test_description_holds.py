"""The OpenAPI description against the product: whatever it allows is answered as it says.

Schemathesis makes requests from the description, good ones and bad ones, for every operation.
No answer may be a 5xx, have a status or media type that is not described, or a body that its
schema refuses.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.accounts.queries import get_user
from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.projects.models import Project
from seeds.demo import load_demo
from seeds.people import ensure_member
from tests.factories.teams import make_team
from tests.support.api import Api

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LEFT_OUT = {
    ("post", "/api/v1/auth/logout"): "would end the session of all other requests",
    ("patch", "/api/v1/me"): "would change the password",
    ("delete", "/api/v1/projects/{project}"): "would take the data away",
}


@pytest.fixture
def own(make_app):
    """A product that may be pulled to pieces: what it holds is no other test's."""
    return make_app(fresh=True)


@pytest.fixture
def manager(own):
    return make_team(own).manager


@pytest.fixture
def places(own, manager):
    """Ids of things that are really there, for the paths, in a project full of things."""
    with own.app_context(), unit_of_work(own.database) as session:
        load_demo(lambda _line: None)
        project = session.query(Project).filter_by(slug="syria-2015").one()
        chief = get_user(project.created_by)
        ensure_member(chief, project, get_user(manager.id), Role.manager)
    api = Api(own).as_(manager)
    found = {"project": "syria-2015"}
    for name, what in (
        ("article_id", "articles"),
        ("annotation_id", "annotations"),
        ("link_id", "links"),
        ("source_id", "sources"),
    ):
        found[name] = api.get(f"/projects/syria-2015/{what}").json["items"][0]["id"]
    return found


def test_every_answer_is_as_described(own, places, manager):
    schema = schemathesis.openapi.from_wsgi("/openapi.json", own)
    told: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method.lower(), operation.path) not in LEFT_OUT:
            told += _faults(operation, places, manager.token)
    assert not told, "\n\n".join(told)


def _faults(operation, places, token):
    """What the operation answers against its description: nothing, or the first fault."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=4,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def hold(case):
        for name in places.keys() & case.path_parameters.keys():
            if len(str(case.body)) % 3:  # now and then a made-up id stays
                case.path_parameters[name] = places[name]
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(answer, checks=CHECKS)

    try:
        hold()
    except (FailureGroup, Failure) as fault:
        return [f"{operation.method.upper()} {operation.path}: {_words(fault)}"]
    return []


def _words(fault):
    return "\n".join(str(each) for each in getattr(fault, "exceptions", [fault]))
