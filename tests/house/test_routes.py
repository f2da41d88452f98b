"""Every route is described, and the open ones are few and known."""

from collections import Counter

from app.web.application import Application
from app.web.openapi import operations

OPEN = {
    "accounts.login",
    "accounts.refresh",
    "accounts.logout",
    "exchange.formats",
    "operations.healthz",
    "operations.readyz",
    "operations.metrics",
    "operations.openapi",
    "operations.docs",
    "operations.docs_file",
    "reading_room.room",
    "reading_room.room_file",
    "webannotation.terms",
}
"""What answers without a sign-in. Refreshing and signing out carry a token of their own."""

EXEMPT: set[str] = set()
"""Views that are deliberately no operations of the API."""


def test_every_route_is_an_operation(app: Application) -> None:
    plain = {
        name
        for name, view in app.view_functions.items()
        if getattr(view, "operation", None) is None
    }
    assert plain == EXEMPT


def test_only_these_routes_are_open(app: Application) -> None:
    open_ones = {rule.endpoint for rule, _, about in operations(app) if about.public}
    assert open_ones == OPEN


def test_no_two_routes_share_a_path_and_method(app: Application) -> None:
    counted = Counter((rule.rule, method) for rule, method, _ in operations(app))
    assert [route for route, times in counted.items() if times > 1] == []


def test_whatever_changes_one_thing_asks_for_its_version(app: Application) -> None:
    unguarded = {
        f"{method.upper()} {rule.rule}"
        for rule, method, about in operations(app)
        if method in {"patch", "put", "delete"} and not about.needs_match
    }
    assert unguarded == {"PUT /api/v1/projects/<project>/members/<id:user_id>"}


def test_whatever_creates_takes_an_idempotency_key(app: Application) -> None:
    keyless = {
        f"{method.upper()} {rule.rule}"
        for rule, method, about in operations(app)
        if method == "post" and about.status == 201 and not about.takes_key
    }
    assert keyless == set()


def test_lists_are_pages_by_name(app: Application) -> None:
    """A route with `limit` and `after` says so, and answers with `items` and `next`."""
    for rule, _, about in operations(app):
        takes = about.query is not None and "after" in about.query().fields
        assert takes == about.page, rule.rule
        if about.page and about.answer is not None:
            assert {"items", "next"} <= set(about.answer().fields), rule.rule
