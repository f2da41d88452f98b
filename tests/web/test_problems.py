"""Every refusal, the framework's own included, is a problem document."""

import gzip
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import ImATeapot

from app.accounts.models import User
from app.kernel import errors
from app.kernel.db import session
from app.web.application import Application
from app.web.errors import STATUS
from tests.factories.accounts import add_user
from tests.factories.teams import Team
from tests.support.api import Answer, Api
from tests.support.apps import build_app
from tests.support.problems import assert_problem, pointers

Raise = Callable[..., Answer]


@pytest.fixture(scope="module")
def troubled(app: Application) -> Iterator[Application]:
    """An application with views that go wrong as they are told."""
    built = build_app(app.config["DATABASE_URL"])

    @built.route("/trouble", methods=["GET", "POST"])
    def trouble() -> str:
        raise built.extensions["trouble"]()

    @built.post("/half")
    def half() -> str:
        built.extensions["made"] = add_user().id
        raise ZeroDivisionError

    @built.get("/made")
    def made() -> str:
        return str(session().get(User, built.extensions["made"]))

    yield built
    built.database.dispose()


@pytest.fixture
def raising(troubled: Application) -> Raise:
    """The answer of a view that raises what it is given a maker of."""

    def ask(make: Callable[[], Exception], method: str = "GET") -> Answer:
        troubled.extensions["trouble"] = make
        return Api(troubled).call(method, "//trouble")

    return ask


def test_every_kind_of_refusal_has_a_status() -> None:
    assert set(errors.Refused.__subclasses__()) == set(STATUS)


@pytest.mark.parametrize("kind", STATUS, ids=lambda kind: kind.__name__)
def test_a_refusal_becomes_its_status_and_word(raising: Raise, kind: type[errors.Refused]) -> None:
    document = assert_problem(raising(lambda: kind("Not so.", more=7)), STATUS[kind], kind.code)
    assert document["detail"] == "Not so."
    assert document["more"] == 7
    assert "errors" not in document


def test_a_refusal_tells_its_places_its_headers_and_when_to_return(raising: Raise) -> None:
    def throttled() -> errors.Refused:
        faults = [{"pointer": "/a", "code": "b", "detail": "c"}]
        return errors.Throttled(
            "Wait.", code="slow", errors=faults, retry_after=7, headers={"X-More": "1"}
        )

    answer = raising(throttled)
    document = assert_problem(answer, 429, "slow")
    assert pointers(document) == {"/a": "b"}
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers["X-More"] == "1"
    assert "headers" not in document


def test_who_is_not_signed_in_is_told_how(api: Api) -> None:
    answer = api.get("/me")
    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "path",
    ["//nowhere", "/nowhere", "/users/not-an-id", "/projects/x/members/7", "//docs/../app.py"],
)
def test_nothing_there(api: Api, team: Team, path: str) -> None:
    assert_problem(api.as_(team.admin).get(path), 404, "not_found")


def test_not_with_this_method(api: Api) -> None:
    answer = api.delete("/projects")
    assert_problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_options_tells_the_methods(api: Api) -> None:
    answer = api.call("OPTIONS", "/projects")
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert "Content-Type" not in answer.headers


def test_an_answer_without_content_has_no_type(api: Api, team: Team) -> None:
    admin = api.as_(team.admin)
    token = admin.post("/me/tokens", {"name": "t", "scopes": ["read"]}).json["id"]
    answer = admin.delete(f"/me/tokens/{token}", if_match="*")
    assert (answer.status_code, answer.headers.get("Content-Type")) == (204, None)


def test_a_compressed_body_is_refused_for_what_it_is(api: Api, team: Team) -> None:
    body = gzip.compress(b'{"slug": "zipped", "name": "Zipped"}')
    coded = {"Content-Encoding": "gzip"}
    answer = api.as_(team.admin).post("/projects", data=body, headers=coded)
    assert_problem(answer, 415, "unsupported_media_type")
    assert answer.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_kind(api: Api, team: Team, kind: str) -> None:
    answer = api.as_(team.admin).post("/projects", data=b"{}", content_type=kind)
    assert_problem(answer, 415, "unsupported_media_type")
    assert answer.headers["Accept-Post"] == "application/json"


@pytest.mark.parametrize("path", ["/me", "/users/{person}"])
def test_a_patch_of_a_person_is_a_merge_patch(api: Api, team: Team, path: str) -> None:
    admin = api.as_(team.admin)
    there = path.format(person=team.viewer.id)
    body = b'{"name": "New"}'
    refused = admin.patch(there, data=body, content_type="text/plain", if_match="*")
    assert_problem(refused, 415, "unsupported_media_type")
    taken = refused.headers["Accept-Patch"].split(", ")
    assert set(taken) == {"application/merge-patch+json", "application/json"}
    for kind in taken:
        answer = admin.patch(there, data=body, content_type=kind, if_match="*")
        assert (answer.status_code, answer.json["name"]) == (200, "New")


def test_any_error_of_the_framework_is_a_problem(raising: Raise) -> None:
    assert_problem(raising(ImATeapot), 418)


def test_a_mistake_of_ours_is_told_without_its_inside(raising: Raise) -> None:
    answer = raising(lambda: ZeroDivisionError("the secret"))
    assert_problem(answer, 500, "internal")
    assert b"secret" not in answer.data
    assert b"Traceback" not in answer.data


def _cause() -> Exception:
    return Exception("of the driver")


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        (lambda: IntegrityError("INSERT", {}, _cause()), 409, "conflict"),
        (lambda: OperationalError("SELECT", {}, _cause()), 503, "unavailable"),
        (lambda: PoolTimeout("all in use"), 503, "unavailable"),
        (lambda: StaleDataError("someone else"), 412, "stale"),
    ],
)
def test_what_the_database_refuses(
    raising: Raise, make: Callable[[], Exception], status: int, code: str
) -> None:
    answer = raising(make, "POST")
    document = assert_problem(answer, status, code)
    assert "driver" not in document["detail"]
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_what_went_wrong_leaves_nothing_behind(troubled: Application) -> None:
    assert_problem(Api(troubled).post("//half"), 500)
    assert Api(troubled).get("//made").text == "None"
