"""Articles: texts kept byte for byte, found at once, described in three units."""

import hashlib
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.articles import queries
from tests.factories.writing import new_article
from tests.support.api import Api
from tests.support.problems import assert_problem, pointers

ODD = "\ufeff a\r\n\u00a0b\u2028 e\u0301 é 👩‍🚀 قال \ud7ff\ue000\U0010ffff \t\x7f\x1b end "
WRITABLE = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1)


@pytest.fixture
def annotator(api, team):
    return api.as_(team.annotator)


@pytest.fixture
def path(team):
    return f"/projects/{team.project.slug}/articles"


def test_an_article_comes_back_whole(annotator, path):
    body = {
        "title": "Storm",
        "text": ODD,
        "external_id": "a-1",
        "language": "en-GB",
        "source": {
            "publisher": "Courier",
            "author": "A. B.",
            "url": "https://courier.example/1",
            "published_on": "2015-10",
            "credited_source": "a wire",
        },
        "regions": [{"start": 2, "end": 4, "kind": "dateline"}],
        "meta": {"desk": "city"},
    }
    answer = annotator.post(path, body)
    assert answer.status_code == 201
    made = answer.json
    assert made["text"] == ODD
    assert made["text_sha256"] == hashlib.sha256(ODD.encode()).hexdigest()
    assert made["length"] == {
        "codepoints": len(ODD),
        "utf16": len(ODD.encode("utf-16-le")) // 2,
        "bytes": len(ODD.encode()),
    }
    assert made["source"] == {**body["source"], "published_precision": "month"}
    assert made["regions"] == body["regions"]
    read = annotator.get(f"/articles/{made['id']}")
    assert read.json == made
    assert read.headers["ETag"] == answer.headers["ETag"]
    assert annotator.get(f"/articles/{made['id']}", if_none_match=read).status_code == 304


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=WRITABLE)
def test_every_text_is_kept_byte_for_byte(annotator, path, text):
    made = annotator.post(path, {"title": "T", "text": text})
    assert made.status_code == 201
    assert annotator.get(f"/articles/{made.json['id']}").json["text"] == text


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"text": "a\x00b"}, "/text"),
        ({"text": ""}, "/text"),
        ({"text": 5}, "/text"),
        ({"title": ""}, "/title"),
        ({"title": None}, "/title"),
        ({"colour": "red"}, "/colour"),
        ({"language": "english please"}, "/language"),
        ({"source": {"url": "javascript:alert(1)"}}, "/source/url"),
        ({"source": {"url": "//x"}}, "/source/url"),
        ({"source": {"published_on": "2015-13"}}, "/source/published_on"),
        (
            {"source": {"published_on": "2015", "published_precision": "day"}},
            "/source/published_precision",
        ),
        ({"source": {"published_precision": "day"}}, "/source/published_precision"),
        ({"source": {"paper": "x"}}, "/source/paper"),
        ({"regions": [{"start": 0, "end": 99, "kind": "x"}]}, "/regions/0/end"),
        ({"regions": [{"start": 2, "end": 2, "kind": "x"}]}, "/regions/0/end"),
        ({"regions": [{"start": -1, "end": 2, "kind": "x"}]}, "/regions/0/start"),
        ({"regions": [{"start": True, "end": 2, "kind": "x"}]}, "/regions/0/start"),
        ({"regions": [{"start": 0, "end": 2, "kind": "Two Words"}]}, "/regions/0/kind"),
        ({"meta": []}, "/meta"),
        ({"external_id": ""}, "/external_id"),
    ],
)
def test_what_an_article_may_not_be_is_refused_by_name(annotator, path, change, pointer):
    document = assert_problem(annotator.post(path, {"title": "T", "text": "abc", **change}), 422)
    assert pointer in pointers(document), document
    assert annotator.get(path).json["items"] == []


def test_a_lone_surrogate_is_refused(annotator, path):
    raw = b'{"title": "T", "text": "a\\ud83d b"}'
    document = assert_problem(annotator.post(path, data=raw), 422, "lone_surrogate")
    assert pointers(document) == {"/text": "lone_surrogate"}


def test_a_text_past_the_limit_is_refused_with_the_limit(make_app, team, path):
    small = Api(make_app(max_text_codepoints=100)).as_(team.annotator)
    assert small.post(path, {"title": "T", "text": "é" * 100}).status_code == 201
    document = assert_problem(small.post(path, {"title": "T", "text": "é" * 101}), 422)
    assert "100" in document["detail"]


def test_an_external_id_is_unique_in_its_project(annotator, team, path):
    first = new_article(annotator, team.project.slug, external_id="a-1")
    again = annotator.post(path, {"title": "T", "text": "t", "external_id": "a-1"})
    assert assert_problem(again, 409, "external_id_taken")["id"] == first
    found = annotator.get(path, query={"external_id": "a-1"}).json["items"]
    assert [row["id"] for row in found] == [first]


def test_a_patch_to_an_external_id_that_is_taken_names_who_has_it(annotator, team):
    first = new_article(annotator, team.project.slug, external_id="a-1")
    second = f"/articles/{new_article(annotator, team.project.slug, external_id='a-2')}"
    refused = annotator.patch(second, {"external_id": "a-1", "title": "New"}, if_match="*")
    assert assert_problem(refused, 409, "external_id_taken")["id"] == first
    assert annotator.get(second).json["external_id"] == "a-2"
    freed = annotator.patch(f"/articles/{first}", {"external_id": None}, if_match="*")
    assert freed.json["external_id"] is None
    assert annotator.patch(second, {"external_id": "a-1"}, if_match="*").status_code == 200


def test_regions_count_in_the_unit_asked_for(annotator, path):
    regions = [{"start": 4, "end": 5, "kind": "byline", "unit": "byte"}]
    made = annotator.post(path, {"title": "T", "text": "😀a", "regions": regions}).json
    assert made["regions"] == [{"start": 1, "end": 2, "kind": "byline"}]
    read = annotator.get(f"/articles/{made['id']}?unit=utf16").json
    assert read["regions"] == [{"start": 2, "end": 3, "kind": "byline", "unit": "utf16"}]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("harbour", {"storm"}),
        ("HARBOUR forty", {"storm"}),
        ("harbour quiet", set()),
        ('"harbour master"', {"storm"}),
        ('"master harbour"', set()),
        ("night", {"calm"}),
        ('AND OR ( " * : ^ -', set()),
        ("'; DROP TABLE articles; --", set()),
        ("!!!", set()),
    ],
)
def test_full_text_search_is_right_at_once(annotator, team, path, q, found):
    ids = {
        "storm": new_article(annotator, team.project.slug, title="Storm"),
        "calm": new_article(annotator, team.project.slug, "All quiet.", title="A calm night"),
    }
    rows = annotator.get(path, query={"q": q}).json["items"]
    assert {row["id"] for row in rows} == {ids[name] for name in found}


SPOKEN = (
    "The U.S. lost $5bn, 3.14 % of 1,700: well-known, writes user@example.org/some_path?to=it. "
    "“L'État-major” a dit: Al-Nusra’s Straße, путин МОЙ, cafe\u0301 – мой."
)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (True, "U S u.s. 5bn $5bn 3.14 14 700 1,700 well well-known known user example"),
        (True, "example.org user@example.org some path some_path it l'état etat ETAT état-major"),
        (True, "major nusra nusra's Nusra’s al-nusra straße путин Путин мой café cafe"),
        (True, '"well known" "example org" "al nusra" "nusra s" "u s"'),
        (False, 'us 1700 exampl dont мои wel strasse "known well" писал'),
    ],
)
def test_the_same_words_are_found_on_both_engines(annotator, team, path, found, words):
    new_article(annotator, team.project.slug, SPOKEN)
    for word in re.findall(r'"[^"]*"|\S+', words):
        rows = annotator.get(path, query={"q": word}).json["items"]
        assert len(rows) == found, word


def test_search_follows_a_new_title_and_forgets_what_is_deleted(api, team, annotator, path):
    article = new_article(annotator, team.project.slug, title="Storm")
    annotator.patch(f"/articles/{article}", {"title": "Gale"}, if_match="*")
    assert annotator.get(path, query={"q": "storm"}).json["items"] == []
    assert len(annotator.get(path, query={"q": "gale"}).json["items"]) == 1
    api.as_(team.manager).delete(f"/articles/{article}", if_match="*")
    assert annotator.get(path, query={"q": "gale"}).json["items"] == []


def test_a_patch_merges_and_removes(annotator, team):
    article = new_article(
        annotator,
        team.project.slug,
        source={"publisher": "Courier", "author": "A"},
        meta={"a": 1, "b": 2},
    )
    path = f"/articles/{article}"
    answer = annotator.patch(
        path,
        {"source": {"author": None}, "meta": {"a": None, "c": 3}, "title": "New"},
        if_match=annotator.get(path),
    )
    assert answer.json["source"] == {"publisher": "Courier"}
    assert answer.json["meta"] == {"b": 2, "c": 3}
    assert (answer.json["title"], answer.json["version"]) == ("New", 2)
    for body in ({"title": None}, {"text": "new"}, {"source": {"url": "x"}}):
        assert_problem(annotator.patch(path, body, if_match="*"), 422)


@pytest.mark.parametrize(
    ("patch", "date", "precision"),
    [
        ({"published_on": "2016"}, "2016", "year"),
        ({"published_on": "2016-02-03"}, "2016-02-03", "day"),
        ({"published_on": "2016", "published_precision": "year"}, "2016", "year"),
        ({"published_precision": "month"}, "2015-10", "month"),
        ({"published_precision": None}, "2015-10", "month"),
        ({"published_on": None}, None, None),
    ],
)
def test_a_precision_follows_its_date(annotator, team, patch, date, precision):
    path = (
        f"/articles/{new_article(annotator, team.project.slug, source={'published_on': '2015-10'})}"
    )
    source = annotator.patch(path, {"source": patch}, if_match="*").json["source"]
    assert (source.get("published_on"), source.get("published_precision")) == (date, precision)


@pytest.mark.parametrize(
    "patch",
    [
        {"published_on": "2016", "published_precision": "day"},
        {"published_precision": "year"},
        {"published_on": None, "published_precision": "year"},
        {"published_on": "16"},
    ],
)
def test_a_precision_that_is_not_its_dates_is_refused(annotator, team, patch):
    path = (
        f"/articles/{new_article(annotator, team.project.slug, source={'published_on': '2015-10'})}"
    )
    assert_problem(annotator.patch(path, {"source": patch}, if_match="*"), 422)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_who_was_outrun_is_shown_the_whole_article(api, team, annotator, method):
    path = f"/articles/{new_article(annotator, team.project.slug)}"
    manager, first = api.as_(team.manager), annotator.get(path)
    annotator.patch(path, {"title": "New"}, if_match=first)
    stale = assert_problem(manager.call(method, path, {"title": "Other"}, if_match=first), 412)
    assert stale["current"] == annotator.get(path).json


def test_lists_are_without_texts_unless_asked(annotator, team, path):
    new_article(annotator, team.project.slug, source={"publisher": "Courier"})
    (row,) = annotator.get(path, query={"publisher": "Courier", "state": "open"}).json["items"]
    assert "text" not in row
    (row,) = annotator.get(path, query={"include": "text"}).json["items"]
    assert row["text"]
    assert annotator.get(path, query={"publisher": "Ledger"}).json["items"] == []


def test_a_page_ends_before_its_texts_are_too_much(annotator, team, path, monkeypatch):
    monkeypatch.setattr(queries, "MOST_OF_TEXTS", 100)
    made = [new_article(annotator, team.project.slug, "x" * n) for n in (60, 40, 1, 300, 99)]
    pages, after = [], {}
    while True:
        page = annotator.get(path, query={"include": "text", "limit": 4, **after}).json
        pages.append([len(item["text"]) for item in page["items"]])
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert pages == [[60, 40], [1], [300], [99]]
    found = annotator.get(path, query={"limit": 5}).json
    assert [item["id"] for item in found["items"]] == made


def test_the_texts_an_article_had_stay_readable(annotator, team):
    article = new_article(annotator, team.project.slug)
    (row,) = annotator.get(f"/articles/{article}/revisions").json["items"]
    assert row["number"] == 1
    first = annotator.get(f"/articles/{article}/revisions/1").json
    assert first["text"] == annotator.get(f"/articles/{article}").json["text"]
    for number in ("0", "2", "99999999999999999999"):
        assert_problem(annotator.get(f"/articles/{article}/revisions/{number}"), 404)
    assert_problem(annotator.get("/articles/not-an-id"), 404)


def test_a_text_is_read_from_the_database_once(annotator, team, statements):
    article = new_article(annotator, team.project.slug)
    body = {"kind": "claim", "target": {"start": 0, "end": 3}}
    with statements() as seen:
        for _ in range(3):
            annotator.post(f"/articles/{article}/annotations", body)
    assert not [statement for statement in seen if "revisions.text" in statement]
