"""Bodies and parameters are read strictly, and faults are named where they stand."""

from collections.abc import Callable
from typing import Any

import pytest

from app.web.application import Application
from tests.factories.teams import Team
from tests.factories.writing import new_article, new_claim, new_link
from tests.support.api import Api
from tests.support.problems import assert_problem, pointers


def _slugs(api: Api, team: Team) -> set[str]:
    return {item["slug"] for item in api.as_(team.outsider).get("/projects").json["items"]}


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b'{"slug": NaN}', 400, "malformed_json"),
        (b'{"slug": -Infinity}', 400, "malformed_json"),
        (b'{"slug": "caf\xe9"}', 400, "malformed_json"),
        (b'{"settings": ' + b"[" * 1000 + b"]" * 1000 + b"}", 400, "malformed_json"),
        (b"[" * 50_000, 400, "malformed_json"),
        (b'{"slug": "a", "slug": "b", "name": "n"}', 422, "duplicate_member"),
        (rb'{"slug": "a", "name": "x\u0000"}', 422, "nul"),
        (rb'{"slug": "a", "name": "\udc00"}', 422, "lone_surrogate"),
        (b'{"slug": "a", "name": "n", "settings": {"overlap": 1e999999999}}', 422, None),
        (b"[]", 422, "not_an_object"),
        (b"null", 422, "not_an_object"),
        (b'"slug"', 422, "not_an_object"),
    ],
)
def test_a_bad_body_is_refused_and_changes_nothing(
    api: Api, team: Team, raw: bytes, status: int, code: str | None
) -> None:
    answer = api.as_(team.outsider).post("/projects", data=raw)
    assert_problem(answer, status, code)
    assert _slugs(api, team) == set()


def test_every_fault_is_named_where_it_stands(api: Api, team: Team) -> None:
    body: dict[str, Any] = {
        "slug": "NOT GOOD",
        "name": "",
        "a/b~c": 1,
        "guidelines": None,
        "settings": {"overlap": True, "blind": 1, "tag_set": ["", 7], "more": 1},
    }
    document = assert_problem(api.as_(team.outsider).post("/projects", body), 422)
    assert pointers(document) == {
        "/slug": "bad_slug",
        "/name": "length",
        "/a~1b~0c": "unknown_field",
        "/guidelines": "null",
        "/settings/overlap": "not_an_integer",
        "/settings/blind": "not_a_boolean",
        "/settings/tag_set/0": "length",
        "/settings/tag_set/1": "not_a_string",
        "/settings/more": "unknown_field",
    }


@pytest.mark.parametrize("given", ["dead", 7, {"0": "dead"}])
def test_what_is_no_list_is_told_so(api: Api, team: Team, given: Any) -> None:
    body = {"slug": "a", "name": "A", "settings": {"tag_set": given}}
    document = assert_problem(api.as_(team.outsider).post("/projects", body), 422, "not_a_list")
    assert pointers(document) == {"/settings/tag_set": "not_a_list"}


def test_what_is_missing_is_named(api: Api, team: Team) -> None:
    document = assert_problem(api.as_(team.outsider).post("/projects", {}), 422)
    assert pointers(document) == {"/slug": "required", "/name": "required"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "out_of_range"),
        ({"limit": "501"}, "out_of_range"),
        ({"limit": "-1"}, "out_of_range"),
        ({"limit": "ten"}, "not_an_integer"),
        ({"limit": "1.0"}, "not_an_integer"),
        ({"limit": "٣"}, "not_an_integer"),
        ({"limit": ""}, "not_an_integer"),
        ({"limit": "9" * 5000}, "not_an_integer"),
        ({"colour": "red"}, "unknown_field"),
        ({"after": "a\0b"}, "nul"),
        ({"limit": ["1", "2"]}, "invalid"),
    ],
)
def test_a_bad_parameter_is_refused(api: Api, team: Team, query: dict[str, Any], code: str) -> None:
    document = assert_problem(api.as_(team.viewer).get("/projects", query=query), 422)
    (error,) = document["errors"]
    assert error["in"] == "query"
    assert error["pointer"] == f"/{next(iter(query))}"
    assert error["code"] == code


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *dict.fromkeys(("true", "True", "1"), True).items(),
        *dict.fromkeys(("false", "FALSE", "0"), False).items(),
    ],
)
def test_a_flag_is_read_as_any_language_writes_it(
    api: Api, team: Team, said: str, meant: bool
) -> None:
    caller = api.as_(team.annotator)
    article = new_article(caller, team.project.id)
    one, other = (new_claim(caller, article, exact) for exact in ("Forty boats", "sank"))
    new_claim(caller, article, "Nobody")
    new_link(caller, team.project.id, one["id"], other["id"])
    found = caller.get(f"{team.project.path}/annotations", query={"linked": said}).json["items"]
    assert len(found) == (2 if meant else 1)


@pytest.mark.parametrize("said", ["yes", "2", "", "tru", "١"])
def test_a_flag_that_is_none_is_refused(api: Api, team: Team, said: str) -> None:
    answer = api.as_(team.viewer).get(f"{team.project.path}/annotations", query={"linked": said})
    assert pointers(assert_problem(answer, 422)) == {"/linked": "not_a_boolean"}


def test_a_parameter_of_several_words_may_be_repeated(api: Api, team: Team) -> None:
    caller = api.as_(team.annotator)
    path = f"/articles/{new_article(caller, team.project.id)}"
    for words in (["annotations,links"], ["annotations", "links"], ["links", "annotations,links"]):
        assert {"annotations", "links"} <= caller.get(path, query={"include": words}).json.keys()
    wrong = caller.get(path, query={"include": ["links", "nothing"]})
    assert pointers(assert_problem(wrong, 422)) == {"/include": "not_a_choice"}
    people = [team.annotator.id, team.reviewer.id]
    agreement = f"{team.project.path}/agreement"
    for users in (people, [",".join(people)]):
        answer = api.as_(team.reviewer).get(agreement, query={"users": users})
        assert answer.status_code == 200


def test_unknown_parameters_are_refused_wherever_there_are_others_or_none(
    api: Api, team: Team
) -> None:
    caller = api.as_(team.viewer)
    document = assert_problem(caller.get("/me", query={"fields": "id"}), 422)
    assert pointers(document) == {"/fields": "unknown_field"}
    given = {"fields": "id", "limit": "0"}
    document = assert_problem(caller.get(f"{team.project.path}/annotations", query=given), 422)
    assert pointers(document) == {"/fields": "unknown_field", "/limit": "out_of_range"}


@pytest.mark.parametrize("path", ["/projects/%00", "/projects/a%00b/members", "/users/%00"])
def test_nul_in_a_path_is_nowhere(api: Api, team: Team, path: str) -> None:
    assert_problem(api.as_(team.admin).get(path), 404)


@pytest.mark.parametrize("blank", [" ", "\t\n", "\u00a0\u3000", "\u2028"])
@pytest.mark.parametrize(
    ("who", "method", "path", "body", "pointer"),
    [
        ("manager", "POST", "/projects", {"slug": "a", "name": None}, "/name"),
        ("manager", "PATCH", "{project}", {"name": None}, "/name"),
        ("admin", "POST", "/users",
         {"email": "a@b", "name": None, "password": "long enough"}, "/name"),
        ("admin", "PATCH", "/me", {"name": None}, "/name"),
        ("viewer", "POST", "/me/tokens", {"name": None, "scopes": ["read"]}, "/name"),
        ("annotator", "POST", "{project}/sources", {"name": None}, "/name"),
        ("annotator", "POST", "{project}/sources", {"name": "a", "aliases": [None]}, "/aliases/0"),
        ("annotator", "POST", "{article}/comments", {"text": None}, "/text"),
    ],
)  # fmt: skip
def test_a_name_of_white_space_is_none(
    api: Api, team: Team, who: str, method: str, path: str, body: Any, pointer: str, blank: str
) -> None:
    article = f"/articles/{new_article(api.as_(team.annotator), team.project.id)}"
    path = path.format(project=team.project.path, article=article)
    given = {name: blank if value is None else value for name, value in body.items()}
    given |= {name: [blank] for name, value in body.items() if value == [None]}
    answer = api.as_(getattr(team, who)).call(method, path, given, if_match="*")
    assert pointers(assert_problem(answer, 422, "blank")) == {pointer: "blank"}


BIG = b'{"slug": "big", "name": "' + b"x" * 10_000_000 + b'"}'


@pytest.mark.parametrize("key", [None, "a-key"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_past_the_limit_is_refused_by_name(
    api: Api, team: Team, key: str | None, chunked: bool
) -> None:
    sent = {"Content-Length": ""} if chunked else {}
    answer = api.as_(team.outsider).post("/projects", data=BIG, key=key, headers=sent)
    if not chunked:
        document = assert_problem(answer, 413, "too_large")
        assert "MAX_BODY_BYTES" in document["detail"]
    assert answer.status_code in {400, 413}
    assert _slugs(api, team) == set()


def test_a_body_that_does_not_say_its_length_is_read_no_further_than_the_limit(
    make_app: Callable[..., Application],
) -> None:
    app = make_app(max_body_bytes=2048)
    taken: list[int] = []

    class Endless:
        def read(self, size: int = -1) -> bytes:
            taken.append(size)
            return b" " * (size if 0 < size < 4096 else 4096)

    answer = app.test_client(use_cookies=False).post(
        "/api/v1/auth/login",
        content_type="application/json",
        environ_overrides={"wsgi.input": Endless(), "wsgi.input_terminated": True},
    )
    assert_problem(answer, 413, "too_large")
    assert len(taken) < 20


@pytest.mark.parametrize("limit", [1, 2, 500])
def test_pages_lead_on_by_their_link(api: Api, team: Team, limit: int) -> None:
    members = f"{team.project.path}/members"
    here, seen = f"{members}?limit={limit}", []
    while here:
        answer = api.as_(team.viewer).get(here)
        page = answer.json
        assert len(page["items"]) <= limit
        seen += [item["user_id"] for item in page["items"]]
        link = answer.headers.get("Link")
        assert (link is None) == (page["next"] is None)
        if link is not None:
            assert page["next"] in link
            assert link.endswith('>; rel="next"')
        here = link[1:].partition(">")[0].removeprefix("/api/v1") if link else ""
    assert seen == sorted(
        person.id for person in (team.manager, team.reviewer, team.annotator, team.viewer)
    )


def test_a_cursor_of_another_list_is_refused(api: Api, team: Team) -> None:
    caller = api.as_(team.admin)
    cursor = caller.get("/users", query={"limit": 1}).json["next"]
    assert cursor
    assert_problem(caller.get("/projects", query={"after": cursor}), 400, "bad_cursor")
    assert caller.get("/users", query={"limit": 1, "after": cursor}).status_code == 200
    for bad in ("", "x", "💥", "=", cursor[:-4]):
        assert_problem(caller.get("/users", query={"after": bad}), 400, "bad_cursor")
