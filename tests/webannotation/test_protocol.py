"""The Web Annotation Protocol, section by section: what it says a server must and should do."""

from collections.abc import Callable
from typing import Any

import pytest

from app.web.application import Application
from tests.factories.teams import Team
from tests.factories.writing import new_article, new_claim, new_link
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem, pointers
from tests.webannotation.making import ANNO, LD, TEXT, Container, last, text, told

RESOURCE = '<http://www.w3.org/ns/ldp#Resource>; rel="type"'
CONTAINER = '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"'
CONSTRAINED = (
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
WHOLE = "http://www.w3.org/ns/oa#PreferContainedDescriptions"


def prefer(*wishes: str) -> dict[str, str]:
    return {"Prefer": f'return=representation; include="{" ".join(wishes)}"'}


def words(answer: Answer, header: str) -> set[str]:
    return {word.strip() for word in answer.headers.get(header, "").split(",")}


# 3. Annotations: retrieval


def test_an_annotation_can_be_read_headed_and_asked_for_options(
    here: Container, source: str
) -> None:
    ident = last(here.made(told(source)))
    got, headed = here.get(ident), here.api.call("HEAD", here.path + ident)
    options = here.api.as_(None).call("OPTIONS", here.path + ident)
    assert (got.status_code, headed.status_code, options.status_code) == (200, 200, 200)
    assert got.content_type == LD
    assert headed.get_data() == b""
    assert headed.headers["ETag"] == got.headers["ETag"]
    for answer in (got, headed, options):
        assert RESOURCE in answer.headers["Link"]
        assert {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"} == words(answer, "Allow")
        assert "Accept" in words(answer, "Vary")


def test_what_is_known_is_not_sent_again(here: Container, source: str) -> None:
    ident = last(here.made(told(source)))
    for path in (ident, ""):
        seen = here.get(path)
        again = here.get(path, if_none_match=seen)
        assert (again.status_code, again.get_data()) == (304, b"")
        for name in ("ETag", "Link", "Vary", "Content-Location"):
            assert again.headers.get(name) == seen.headers.get(name)


# 4. Containers: retrieval


def test_a_container_is_named_by_a_path_that_ends_in_a_slash(here: Container) -> None:
    answer = here.get()
    assert answer.json["id"].endswith("/")
    assert "?" not in answer.json["id"]
    bare = here.api.get(here.path.rstrip("/"))
    assert (bare.status_code, bare.headers["Location"]) == (308, answer.json["id"])


def test_a_container_says_what_it_is_on_every_answer(
    here: Container, source: str, team: Team
) -> None:
    ident = here.made(told(source))
    nobody, stranger = here.api.as_(None), Container(here.api.as_(team.outsider), team.project.id)
    answers = {
        200: here.get(),
        201: here.post(told(source)),
        400: here.api.post(here.path, data=b"{", content_type=LD),
        401: nobody.get(here.path),
        403: Container(here.api.as_(team.viewer), team.project.id).post(told(source)),
        404: stranger.get(),
        405: here.api.call("DELETE", here.path),
        406: here.get(headers={"Accept": "text/turtle"}),
        415: here.post(told(source), content_type="text/turtle"),
        422: here.post({"type": "Annotation"}),
    }
    assert ident
    for status, answer in answers.items():
        assert answer.status_code == status, answer.text
        assert CONTAINER in answer.headers["Link"]
        assert CONSTRAINED in answer.headers["Link"]
        assert {"GET", "HEAD", "OPTIONS", "POST"} == words(answer, "Allow"), status
        assert LD in answer.headers["Accept-Post"]
        assert {"Accept", "Prefer", "Authorization", "Cookie"} <= words(answer, "Vary")
    assert_problem(answers[406], 406, "not_acceptable")
    assert_problem(answers[415], 415)


def test_an_annotation_says_what_it_is_on_every_answer(here: Container, source: str) -> None:
    ident = last(here.made(told(source)))
    missing = "00000000-0000-7000-8000-000000000000"
    for answer, status in (
        (here.get(missing), 404),
        (here.put(ident, told(source), if_match=None), 428),
        (here.put(ident, told(source), if_match='"77"'), 412),
        (here.api.as_(None).get(here.path + ident), 401),
        (here.api.call("PATCH", here.path + ident), 405),
    ):
        assert answer.status_code == status, answer.text
        assert answer.headers["Link"] == RESOURCE
        assert {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"} == words(answer, "Allow")


def test_the_options_of_a_container_need_no_sign_in(here: Container) -> None:
    answer = here.api.as_(None).call("OPTIONS", here.path)
    assert answer.status_code == 200
    assert words(answer, "Allow") == {"GET", "HEAD", "OPTIONS", "POST"}
    assert LD in answer.headers["Accept-Post"]


def test_a_browser_of_another_origin_may_ask_and_read(
    make_app: Callable[..., Application], here: Container, team: Team
) -> None:
    front = "https://front.example.org"
    api = Api(make_app(cors_origins=(front,)))
    asked = {"Origin": front, "Access-Control-Request-Method": "POST"}
    may = api.call("OPTIONS", here.path, headers=asked)
    assert may.status_code == 204
    assert {"Accept", "Content-Type", "Prefer", "Slug", "If-Match"} <= words(
        may, "Access-Control-Allow-Headers"
    )
    assert {"GET", "POST"} <= words(may, "Access-Control-Allow-Methods")
    read = api.as_(team.viewer).get(here.path, headers={"Origin": front})
    exposed = words(read, "Access-Control-Expose-Headers")
    assert {"ETag", "Link", "Allow", "Accept-Post", "Vary", "Location", "Content-Location",
            "Preference-Applied"} <= exposed  # fmt: skip
    assert {"Accept", "Origin", "Prefer"} <= words(read, "Vary")


def test_an_empty_container_has_no_page(here: Container) -> None:
    answer = here.get()
    assert answer.json["total"] == 0
    assert not {"first", "last", "items"} & answer.json.keys()
    assert_problem(here.get(query={"page": "annotations"}), 404)
    assert_problem(here.get(query={"page": "links"}), 404)


def test_a_container_describes_itself_and_its_first_page(here: Container, source: str) -> None:
    made = [here.made(told(source)) for _ in range(3)]
    answer = here.get()
    document = answer.json
    assert answer.headers["Content-Location"] == document["id"]
    assert document["@context"][:2] == [ANNO, "http://www.w3.org/ns/ldp.jsonld"]
    assert {"BasicContainer", "AnnotationCollection"} <= set(document["type"])
    assert (document["total"], document["label"]) == (3, "A project")
    assert document["modified"] >= made[-1]["modified"]
    assert document["modified"].endswith("Z")
    assert document["first"]["items"] == made
    assert document["first"]["id"] == document["last"] == f"{document['id']}?page=annotations"
    assert "next" not in document["first"]
    assert document["first"]["type"] == "AnnotationPage"
    headed = here.api.call("HEAD", here.path)
    assert headed.get_data() == b""
    for name in ("ETag", "Content-Location", "Content-Type", "Link", "Content-Length"):
        assert headed.headers[name] == answer.headers[name]


def test_whatever_happens_in_a_container_changes_its_etag_and_moment(
    here: Container, source: str
) -> None:
    def state() -> tuple[str, str]:
        answer = here.get(headers=prefer(MINIMAL))
        return answer.headers["ETag"], answer.json["modified"]

    seen, other = [state()], [text("Claim", "tagging"), text("Otherwise.", "commenting")]
    made = here.made(told(source))
    seen.append(state())
    assert here.put(last(made), told(source, body=other)).status_code == 200
    seen.append(state())
    assert here.api.delete(here.path + last(made), if_match="*").status_code == 204
    seen.append(state())
    assert len({etag for etag, _ in seen}) == len({moment for _, moment in seen}) == 4


@pytest.mark.parametrize("wishes", [(MINIMAL,), (MINIMAL, WHOLE)])
def test_a_minimal_container_embeds_nothing(
    here: Container, source: str, wishes: tuple[str, ...]
) -> None:
    made = here.made(told(source))
    answer = here.get(headers=prefer(*wishes))
    assert answer.headers["Preference-Applied"] == "return=representation"
    assert "Prefer" not in answer.headers
    assert answer.json["total"] == 1
    assert not {"items", "contains", "ldp:contains"} & answer.json.keys()
    assert answer.json["first"] == answer.json["last"] == f"{answer.json['id']}?page=annotations"
    assert here.follow(answer.json["first"])["items"] == [made]
    assert answer.headers["Content-Location"] == answer.json["id"]


def test_items_may_be_bare_iris(here: Container, source: str) -> None:
    made = here.made(told(source))
    answer = here.get(headers=prefer(IRIS))
    document = answer.json
    assert document["id"] == answer.headers["Content-Location"]
    assert document["id"].endswith("/?iris=1")
    assert document["first"]["items"] == [made["id"]]
    assert here.follow(document["id"]) == document
    page = here.follow(document["first"]["id"])
    assert (page["items"], page["partOf"]["id"]) == ([made["id"]], document["id"])
    minimal = here.get(headers=prefer(MINIMAL, IRIS)).json
    assert minimal["first"] == document["first"]["id"]
    assert here.get().headers["ETag"] != answer.headers["ETag"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "return=minimal",
        "respond-async, wait=10",
        f'return=representation; include="{IRIS} {WHOLE}"',
        'return=representation; include="http://nowhere.example/#Such"',
        'return=representation; include="',
        "=;,\\",
    ],
)
def test_what_cannot_be_preferred_is_passed_over(here: Container, source: str, header: str) -> None:
    here.made(told(source))
    answer = here.get(headers={"Prefer": header})
    assert answer.json["first"]["items"][0]["type"] == "Annotation"
    assert "Preference-Applied" not in answer.headers


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, LD),
        ("*/*", LD),
        (LD, LD),
        ("application/ld+json", LD),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", LD),
        ("text/turtle, application/ld+json;q=0.2", LD),
        ("application/json", "application/json"),
        ("application/json, application/ld+json;q=0.9", "application/json"),
        ("application/*, application/ld+json;q=0", "application/json"),
        ("text/turtle", None),
        ("application/ld+json;q=0", None),
        ("text/html, image/*", None),
    ],
)
def test_the_representation_is_negotiated(
    here: Container, source: str, accept: str | None, kind: str | None
) -> None:
    ident = last(here.made(told(source)))
    for path in ("", ident):
        answer = here.get(path, headers={"Accept": accept} if accept else {})
        assert answer.content_type == (kind or "application/problem+json")
        assert answer.status_code == (200 if kind else 406)


# 4.3 Pages


def _many(here: Container, me: Api, team: Team, claims: int, links: int) -> list[str]:
    """The ids of new annotations, and of links after them."""
    article = new_article(me, team.project.id, TEXT)
    body = {"kind": "claim", "target": {"start": 0, "end": 1}}
    made = me.post(f"/articles/{article}/annotations", [body] * claims).json["items"]
    ids = [one["id"] for one in made]
    return ids + [
        new_link(me, team.project.id, ids[0], other)["id"] for other in ids[1 : links + 1]
    ]


def _walk(here: Container, at: str, step: str) -> list[dict[str, Any]]:
    pages = [here.follow(at)]
    while step in pages[-1]:
        pages.append(here.follow(pages[-1][step]))
    return pages


@pytest.mark.parametrize(("claims", "links"), [(50, 0), (51, 3), (120, 53), (3, 1)])
def test_pages_hold_everything_once_forward_and_backward(
    here: Container, me: Api, team: Team, claims: int, links: int
) -> None:
    ids = _many(here, me, team, claims, links)
    whole = here.get(headers=prefer(MINIMAL, IRIS)).json
    pages = _walk(here, whole["first"], "next")
    assert [last(iri) for page in pages for iri in page["items"]] == ids
    assert whole["total"] == len(ids)
    assert pages[-1]["id"] == whole["last"]
    assert [page["id"] for page in _walk(here, whole["last"], "prev")] == [
        page["id"] for page in reversed(pages)
    ]
    index = 0
    for page in pages:
        assert page["type"] == "AnnotationPage"
        assert 1 <= len(page["items"]) <= 50
        assert page["startIndex"] == index
        assert page["partOf"] == {
            "id": whole["id"],
            "type": "AnnotationCollection",
            "total": len(ids),
            "label": whole["label"],
            "modified": whole["modified"],
        }
        index += len(page["items"])
    described = _walk(here, here.get(headers=prefer(MINIMAL)).json["first"], "next")
    assert [last(item) for page in described for item in page["items"]] == ids


def test_a_page_says_where_it_is(here: Container, source: str) -> None:
    here.made(told(source))
    answer = here.get(query={"page": "annotations", "iris": "0"})
    assert answer.headers["Content-Location"] == answer.json["id"]
    assert answer.headers["ETag"]
    assert CONTAINER in answer.headers["Link"]
    assert (
        "Preference-Applied"
        not in here.get(query={"page": "annotations"}, headers=prefer(MINIMAL)).headers
    )


def test_pages_keep_their_places_when_something_goes(here: Container, me: Api, team: Team) -> None:
    ids = _many(here, me, team, 60, 0)
    second = here.get(headers=prefer(IRIS)).json["last"]
    assert me.delete(f"/annotations/{ids[0]}", if_match="*").status_code == 204
    assert me.delete(f"/annotations/{ids[49]}", if_match="*").status_code == 204
    assert [last(iri) for iri in here.follow(second)["items"]] == ids[50:]


@pytest.mark.parametrize("name", ["0", "annotations.", "annotations.x", "links.", "next", ""])
def test_a_page_of_no_name_of_ours_is_refused(here: Container, name: str) -> None:
    assert pointers(assert_problem(here.get(query={"page": name}), 422)) == {"/page": "no_page"}


def test_a_page_costs_a_few_statements(
    here: Container, me: Api, team: Team, statements: Callable[[], Any]
) -> None:
    _many(here, me, team, 120, 60)
    whole = here.get(headers=prefer(MINIMAL)).json
    for page in _walk(here, whole["first"], "next"):
        with statements() as seen:
            here.follow(page["id"])
        assert len(seen) <= 4, seen
    for path in ("", last(here.follow(whole["first"])["items"][0])):
        with statements() as seen:
            here.get(path)
        assert len(seen) <= 5, seen


# 5. Creation, update, deletion


@pytest.mark.parametrize("kind", [LD, "application/ld+json", "application/json"])
def test_creation(here: Container, source: str, kind: str) -> None:
    answer = here.post(told(source), content_type=kind, headers={"Slug": "mine"})
    assert answer.status_code == 201
    document = answer.json
    assert answer.headers["Location"] == document["id"]
    assert document["id"].startswith(here.get().json["id"])
    read = here.get(last(document))
    assert (read.json, read.headers["ETag"]) == (document, answer.headers["ETag"])


def test_a_retried_creation_makes_one_thing(here: Container, source: str) -> None:
    one = here.post(told(source), key="abc")
    again = here.post(told(source), key="abc")
    assert again.headers["Idempotency-Replayed"] == "true"
    for name in ("Location", "Content-Type", "ETag", "Link", "Allow", "Vary"):
        assert again.headers[name] == one.headers[name]
    assert (one.json, here.get().json["total"]) == (again.json, 1)
    assert_problem(here.post(told(source, bodyValue="x"), key="abc"), 422, "key_reused")


def test_replacement(here: Container, source: str) -> None:
    made = here.post(told(source))
    fresh = told(
        source, body=[made.json["body"][0], text("Otherwise.", "commenting")], bodyValue=None
    )
    answer = here.put(last(made.json), fresh, if_match=made)
    assert answer.status_code == 200
    assert answer.headers["ETag"] != made.headers["ETag"]
    assert here.get(last(made.json)).json == answer.json
    stale = here.put(last(made.json), fresh, if_match=made)
    assert assert_problem(stale, 412)["current"] == answer.json
    assert_problem(here.put(last(made.json), fresh, if_match=None), 428)


def test_deletion(here: Container, source: str, team: Team) -> None:
    made = here.post(told(source))
    ident = last(made.json)
    answer = here.api.delete(here.path + ident, if_match=made)
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert here.get().json["total"] == 0
    for gone in (
        here.get(ident),
        here.api.call("HEAD", here.path + ident),
        here.put(ident, told(source)),
        here.api.delete(here.path + ident, if_match="*"),
    ):
        assert gone.status_code == 410
    assert_problem(here.get(ident), 410, "gone")
    assert here.api.as_(team.outsider).get(here.path + ident).status_code == 404


def test_a_deleted_link_is_gone_too(here: Container, me: Api, team: Team, article: str) -> None:
    one, other = new_claim(me, article, "Forty boats"), new_claim(me, article, "sank")
    link = new_link(me, team.project.id, one["id"], other["id"])
    assert me.delete(f"//wa/{team.project.id}/{one['id']}", if_match="*").status_code == 204
    assert here.get(link["id"]).status_code == here.get(one["id"]).status_code == 410
    assert here.get(other["id"]).status_code == 200


# 6. Discovery


def test_an_article_tells_of_its_container(here: Container, me: Api, article: str) -> None:
    answer = me.get(f"/articles/{article}")
    relation = 'rel="http://www.w3.org/ns/oa#annotationService"'
    assert answer.headers["Link"] == f"<{here.path[1:]}>; {relation}"
    again = me.get(f"/articles/{article}", if_none_match=answer)
    assert (again.status_code, again.headers["Link"]) == (304, answer.headers["Link"])


def test_the_context_of_our_terms_is_open_to_all(api: Api) -> None:
    answer = api.get("//ns/factmark.jsonld")
    assert answer.content_type == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["@context"]["ft"] == "http://localhost/ns/factmark#"
