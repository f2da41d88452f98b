"""The transport of browsers: HttpOnly cookies, and a header that no other site can send."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import PASSWORD, Person
from tests.support.problems import assert_problem

ME, LOGOUT, REFRESH = "/api/v1/me", "/api/v1/auth/logout", "/api/v1/auth/refresh"
COOKIES = ("access_token_cookie", "refresh_token_cookie", "csrf_access_token", "csrf_refresh_token")


@pytest.fixture
def browser(client: FlaskClient, viewer: Person) -> FlaskClient:
    """A browser in which the viewer signed in."""
    answer = client.post(
        "/api/v1/auth/login",
        json={"email": viewer.email, "password": PASSWORD, "transport": "cookie"},
    )
    assert answer.status_code == 200
    document: Any = answer.json
    assert document == {"transport": "cookie", "expires_in": document["expires_in"]}
    return client


def _cookie(browser: FlaskClient, name: str, path: str = "/") -> Any:
    return browser.get_cookie(name, path=path)


def _csrf(browser: FlaskClient, kind: str = "access") -> dict[str, str]:
    return {"X-CSRF-TOKEN": _cookie(browser, f"csrf_{kind}_token").value}


def test_tokens_are_out_of_the_reach_of_scripts(browser: FlaskClient) -> None:
    access = _cookie(browser, "access_token_cookie")
    refresh = _cookie(browser, "refresh_token_cookie", "/api/v1/auth")
    assert access.http_only
    assert refresh.http_only
    assert access.same_site == refresh.same_site == "Lax"
    assert not _cookie(browser, "csrf_access_token").http_only


def test_reading_needs_the_cookie_alone(browser: FlaskClient, viewer: Person) -> None:
    answer: Any = browser.get(ME)
    assert answer.json["id"] == viewer.id


def test_changing_needs_the_header_as_well(browser: FlaskClient) -> None:
    for headers in ({}, {"X-CSRF-TOKEN": "guess"}, _csrf(browser, "refresh")):
        answer = browser.patch(ME, json={"name": "New"}, headers={"If-Match": "*", **headers})
        assert_problem(answer, 403, "csrf")
    good = {"If-Match": "*", **_csrf(browser)}
    assert browser.patch(ME, json={"name": "New"}, headers=good).status_code == 200


def test_refreshing_needs_its_own_header_and_sets_new_cookies(browser: FlaskClient) -> None:
    assert_problem(browser.post(REFRESH), 403, "csrf")
    before = _cookie(browser, "access_token_cookie").value
    answer = browser.post(REFRESH, headers=_csrf(browser, "refresh"))
    assert answer.status_code == 200
    assert b"token" not in answer.data
    assert _cookie(browser, "access_token_cookie").value != before
    assert browser.get(ME).status_code == 200


def test_signing_out_takes_the_cookies_and_ends_the_session(browser: FlaskClient) -> None:
    kept = _cookie(browser, "access_token_cookie").value
    assert_problem(browser.post(LOGOUT), 403, "csrf")
    assert browser.post(LOGOUT, headers=_csrf(browser)).status_code == 204
    assert_problem(browser.get(ME), 401, "unauthenticated")
    again = browser.get(ME, headers={"Authorization": f"Bearer {kept}"})
    assert_problem(again, 401, "revoked")


def test_signing_out_works_after_the_access_token_expired(browser: FlaskClient) -> None:
    """What is left then is the refresh token, whose path the browser still sends it to."""
    headers = _csrf(browser, "refresh")
    browser.delete_cookie("access_token_cookie")
    assert browser.post(LOGOUT, headers=headers).status_code == 204
    assert_problem(browser.post(REFRESH, headers=headers), 401)


def test_a_bad_cookie_is_nobody(client: FlaskClient) -> None:
    for value in ("", "x", "a.b.c"):
        client.set_cookie("access_token_cookie", value)
        assert_problem(client.get(ME), 401, "bad_token")


def test_a_header_goes_before_a_cookie(browser: FlaskClient, manager: Person) -> None:
    answer: Any = browser.get(ME, headers={"Authorization": f"Bearer {manager.token}"})
    assert answer.json["id"] == manager.id
    assert_problem(browser.get(ME, headers={"Authorization": "Basic eDp5"}), 401, "bad_token")
