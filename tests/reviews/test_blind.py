"""While a project is blind nothing leaks: every GET there is, walked by an annotator.

The walk goes over the routes of the application itself, so a new one is walked without being
named here. Each is asked about everything there is to ask about, with every parameter that
could search, before and after another annotator works: no answer may hold anything of that
work, and none may differ.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from marshmallow import validate
from werkzeug.routing import Rule

from app.web.openapi import operations
from app.web.operations import Operation
from tests.reviews.desk import CLAIM, FIGURE, Desk, made, path_of, read
from tests.support.api import Answer
from tests.support.feed import told_with
from tests.support.problems import assert_problem

Json = dict[str, Any]
MARK = "zqxsecret"
SOURCE: Json = {
    "kind": "attribution",
    "target": {"exact": "Officials said 9 people died"},
    "parts": {"source": [{"exact": "Officials"}], "content": [{"exact": "9 people died"}]},
    "attributes": {"sources": [{"name": f"{MARK} officials"}]},
    "state": "submitted",
}
OUTSIDE = {"/metrics", "/openapi.json", "/healthz", "/readyz", "/docs", "/docs/<path:name>", "/"}
"""What is about the server and not about anybody's work."""

LATER = {"/api/v1/projects/<project>/changes", "/api/v1/projects/<project>/changes/export"}
"""What tells things later than they happen, with a cursor that counts what it passes over."""


@dataclass
class Work:
    """The ids that there are to ask about, and those of them that are secret."""

    known: dict[str, list[str]]
    secret: list[str]


def begin(desk: Desk) -> Work:
    """What the watcher, bo, has done, and what everybody knows."""
    one, two = desk.articles(2)
    desk.assign([one, two], "ann bo", overlap=2)
    seats = read(desk.as_("bo").get("/me/assignments"))["items"]
    claim, figure = desk.tag("bo", one), desk.tag("bo", one, FIGURE)
    link = desk.link("bo", claim, figure)
    source = made(desk.as_("manager").post(f"{desk.path}/sources", {"name": "Reuters"}))
    comment = made(desk.as_("bo").post(f"/articles/{one}/comments", {"text": "Hm."}))
    return Work(
        {
            "project": [desk.project.id],
            "article": [one, two],
            "annotation": [claim["id"], figure["id"]],
            "link": [link["id"]],
            "source": [source["id"]],
            "comment": [comment["id"]],
            "assignment": [seat["id"] for seat in seats],
            "user": [desk.id("ann")],
        },
        [],
    )


def work_in_secret(desk: Desk, work: Work) -> None:
    """Another annotator tags, links and talks on the same articles; reviewers judge that."""
    one, two = work.known["article"]
    more: Json = {"note": MARK, "tags": [MARK], "external_id": MARK}
    claim = desk.tag("ann", one, attributes={"statement": MARK, "topic": MARK}, **more)
    figure = desk.tag("ann", two, FIGURE, note=MARK)
    spoken = desk.tag("ann", one, SOURCE)
    link = desk.link("ann", claim, figure, rationale=MARK, group=MARK, external_id=MARK)
    near = desk.link("ann", claim, spoken)
    said = [
        made(desk.as_(name).post(f"{place}/comments", {"text": MARK}))
        for name, place in (
            ("ann", f"/articles/{one}"),
            ("ann", path_of(claim)),
            ("reviewer", path_of(claim)),
            ("reviewer", path_of(link)),
        )
    ]
    read(desk.review("reviewer", claim, "approve", MARK))
    read(desk.review("reviewer", link, "reject", MARK))
    verdict = {"label": "refuted", "justification": MARK}
    read(desk.as_("reviewer").put(f"{path_of(claim)}/verdict", verdict, if_match="*"))
    seats = read(desk.as_("ann").get("/me/assignments"))["items"]
    for seat in seats:
        read(desk.move("ann", seat, "done"))
    sources = read(desk.as_("ann").get(f"{desk.path}/sources", query={"q": MARK}))["items"]
    fresh = {
        "annotation": [claim["id"], figure["id"], spoken["id"]],
        "link": [link["id"], near["id"]],
        "comment": [comment["id"] for comment in said],
        "assignment": [seat["id"] for seat in seats],
        "source": [source["id"] for source in sources],
    }
    for name, ids in fresh.items():
        work.known[name] += ids
    work.secret += [MARK, *(id_ for name in fresh for id_ in fresh[name])]


def walk(
    desk: Desk, work: Work, *, searching: bool = True
) -> Iterator[tuple[Rule, str, Json, Answer]]:
    """Every GET about everything, as bo; with every parameter that searches, or without any."""
    bo = desk.as_("bo")
    for rule, method, about in operations(desk.app):
        if method != "get" or rule.rule in OUTSIDE:
            continue
        for path in _paths(rule, work):
            for query in _queries(about, work) if searching else ({},):
                yield rule, path, query, bo.get(f"//{path.lstrip('/')}", query=query)


def _paths(rule: Rule, work: Work) -> list[str]:
    paths = [rule.rule]
    for argument in rule.arguments:
        known = work.known.get(argument.removesuffix("_id"))
        values = known or [ids[-1] for ids in work.known.values()]
        if f"<int:{argument}>" in rule.rule:
            values = ["1", "2"]
        elif not known and f"<id:{argument}>" not in rule.rule:
            values = [*values, "ndjson"]
        words = [part for part in rule.rule.split("/") if part.endswith(f"{argument}>")]
        paths = [path.replace(words[0], value) for path in paths for value in values]
    return paths


def _queries(about: Operation, work: Work) -> Iterator[Json]:
    """No parameter, and then one at a time: every word it may be, or what could be searched."""
    yield {}
    known = {f"{name}s": values for name, values in work.known.items()} | work.known
    known["author"] = work.known["user"]
    for name, field in (about.query().fields if about.query else {}).items():
        choices = [
            word
            for check in field.validators
            if isinstance(check, validate.OneOf)
            for word in check.choices
        ]
        if name in known:
            choices = [*known[name]]
        for value in choices or _VALUES.get(name, ()):
            yield {name: value}


_VALUES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("q", "tag", "source", "topic", "group", "external_id"), (MARK,)),
    **dict.fromkeys(("linked", "cross_article", "resolved"), ("true", "false")),
    "include": ("annotations,links", "annotations", "links"),
}


def told(answer: Answer) -> str:
    """What an answer says, unpacked; without what differs from call to call."""
    body = answer.get_data()
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            files = [(name, packed.read(name)) for name in sorted(packed.namelist())]
        return repr(files)
    if answer.status_code >= 400 and answer.is_json:
        document = json.loads(body)
        return f"{document['status']} {document['code']}"
    return f"{answer.status_code} {body!r}"


def leaks(desk: Desk, work: Work) -> dict[str, str]:
    """The routes that tell bo something secret, each with a path that does."""
    return {
        rule.rule: path
        for rule, path, _, answer in walk(desk, work, searching=False)
        if _tells(work, told(answer))
    }


def _tells(work: Work, tells: str) -> bool:
    return any(secret in tells for secret in work.secret)


def test_nothing_of_anothers_work_is_told_counted_or_found(blind: Desk) -> None:
    work = begin(blind)
    before = {(path, str(query)): told(answer) for _, path, query, answer in walk(blind, work)}
    assert len(before) > 100
    work_in_secret(blind, work)
    leaking, differing = set(), {}
    for rule, path, query, answer in walk(blind, work):
        assert answer.status_code < 500, (path, query)
        asked, tells = (path, str(query)), told(answer)
        if _tells(work, tells):
            leaking.add(asked)
        if before.get(asked, tells) != tells and rule.rule not in LATER:
            differing[asked] = (before[asked], tells)
    assert leaking == set()
    assert differing == {}


def test_what_is_hidden_stands_nowhere(blind: Desk) -> None:
    work = begin(blind)
    work_in_secret(blind, work)
    answers = {
        path: answer.status_code
        for _, path, _, answer in walk(blind, work, searching=False)
        if any(secret in path for secret in work.secret)
    }
    assert len(answers) > 50
    # A missing parameter is told before anything is looked for.
    assert {path: status for path, status in answers.items() if status not in {404, 422}} == {}


def test_the_veil_lifts_with_being_done_and_falls_again(blind: Desk) -> None:
    work = begin(blind)
    work_in_secret(blind, work)
    seats = read(blind.as_("bo").get("/me/assignments"))["items"]
    for seat in seats:
        read(blind.move("bo", seat, "done"))
    assert {
        "/api/v1/articles/<id:article_id>/annotations",
        "/api/v1/articles/<id:article_id>/comments",
        "/api/v1/projects/<project>/annotations",
        "/api/v1/projects/<project>/links",
        "/api/v1/projects/<project>/assignments",
        "/api/v1/projects/<project>/sources",
        "/api/v1/annotations/<id:annotation_id>",
        "/api/v1/annotations/<id:annotation_id>/history",
        "/api/v1/annotations/<id:annotation_id>/reviews",
        "/api/v1/annotations/<id:annotation_id>/verdict",
        "/api/v1/links/<id:link_id>",
        "/api/v1/sources/<id:source_id>/statements",
    } <= set(leaks(blind, work))
    for seat in seats:
        read(blind.move("reviewer", seat, "in_progress"))
    assert leaks(blind, work) == {}


def test_what_reviewers_do_with_it_is_not_told_either(blind: Desk) -> None:
    work = begin(blind)
    work_in_secret(blind, work)
    (source,) = read(blind.as_("ann").get(f"{blind.path}/sources", query={"q": MARK}))["items"]
    mended = {"name": f"{MARK} mended", "aliases": [source["name"]]}
    read(blind.as_("reviewer").patch(f"/sources/{source['id']}", mended, if_match="*"))
    path = f"/articles/{work.known['article'][0]}"
    named = {**SOURCE, "attributes": {"sources": [{"name": f"{MARK} of a reviewer"}]}}
    spoken = blind.tag("reviewer", work.known["article"][0], named)
    other = blind.tag("ann", work.known["article"][0], SOURCE)
    decision = {"accept": [other["id"]], "reason": MARK}
    adjudicated = made(
        blind.as_("critic").post(f"{path}/adjudication", {"decisions": [decision], "done": True})
    )
    work.secret += [spoken["id"], other["id"], adjudicated["items"][0]["result"]]
    made(blind.as_("manager").post(f"{blind.path}/releases", {"version": "1"}))
    assert leaks(blind, work) == {}
    merged = made_for_all(blind, "Officials")
    into = {"into": merged["id"]}
    read(blind.as_("reviewer").post(f"/sources/{source['id']}/merge", into))
    told = told_with(blind.as_("bo"), blind.path, blind.article()["id"])
    assert source["id"] not in str(told)


def made_for_all(desk: Desk, name: str) -> Json:
    """A source that a reviewer lists for everybody."""
    return made(desk.as_("reviewer").post(f"{desk.path}/sources", {"name": name}))


def test_the_blind_learn_nothing_of_where_their_links_lead_until_done_there(blind: Desk) -> None:
    here, there = blind.article()["id"], blind.article()["id"]
    ends = {name: [blind.tag(name, article) for article in (here, there)] for name in ("ann", "bo")}
    mine, theirs = (blind.link(name, *ends[name]) for name in ("ann", "bo"))
    for article, pair in ((there, 1), (here, 0)):
        blind.done("bo", article)
        alike = [ends[name][pair]["id"] for name in ("ann", "bo")]
        path = f"/articles/{article}/adjudication"
        made(blind.as_("critic").post(path, {"decisions": [{"accept": alike}]}))
    blind.done("ann", here)
    ann = blind.as_("ann")
    (group,) = read(ann.get(f"/articles/{here}/comparison"))["links"]
    assert [each["decision"] for each in group["members"]] == [None]
    assert group["missing"] == []
    found = read(ann.get(path))
    assert [each["about"] for each in found["items"]] == ["annotation"]
    assert found["undecided"]["links"] == []
    (item,) = read(ann.get(f"/annotations/{mine['from']}/evidence"))["items"]
    assert item["annotation"]["id"] == mine["to"]
    blind.done("ann", there)
    (group,) = read(ann.get(f"/articles/{here}/comparison"))["links"]
    assert {each["link"]["id"] for each in group["members"]} == {mine["id"], theirs["id"]}
    assert all(each["decision"] for each in group["members"])
    items = read(ann.get(path))["items"]
    assert [each["about"] for each in items] == ["annotation", "link"]


def test_a_refusal_says_that_a_name_is_taken_and_not_by_what(blind: Desk) -> None:
    article = blind.article()
    blind.assign([article["id"]], "ann bo", overlap=2)
    theirs = blind.tag("ann", article, SOURCE, external_id="a1")
    bo, ann = blind.as_("bo"), blind.as_("ann")
    path = f"/articles/{article['id']}/annotations"
    again = assert_problem(bo.post(path, {**CLAIM, "external_id": "a1"}), 409, "external_id_taken")
    assert (again.get("id"), again["taken"]) == (None, {"a1": None})
    same = assert_problem(ann.post(path, {**CLAIM, "external_id": "a1"}), 409, "external_id_taken")
    assert (same["id"], same["taken"]) == (theirs["id"], {"a1": theirs["id"]})

    def linked(who: str) -> Answer:
        one, two = (blind.tag(who, article, CLAIM) for _ in range(2))
        ends = {"from": one["id"], "to": two["id"], "relation": "contradicts"}
        return blind.as_(who).post(f"{blind.path}/links", {**ends, "external_id": "l1"})

    link = linked("ann").json
    assert assert_problem(linked("bo"), 409, "external_id_taken").get("id") is None
    assert assert_problem(linked("ann"), 409, "external_id_taken")["id"] == link["id"]
    (source,) = read(ann.get(f"{blind.path}/sources"))["items"]
    sources = f"{blind.path}/sources"
    told = bo.post(sources, {"name": source["name"].upper()})
    assert assert_problem(told, 409, "name_taken").get("id") is None
    assert source["name"] not in told.get_data(as_text=True)
    told = ann.post(sources, {"name": source["name"].upper()})
    assert assert_problem(told, 409, "name_taken")["id"] == source["id"]


@pytest.mark.parametrize("used", [True, False])
def test_dropping_a_name_does_not_tell_whether_somebody_uses_it(blind: Desk, used: bool) -> None:
    article = blind.article()
    body = {"name": "Army", "aliases": ["Officials"]}
    source = made(blind.as_("bo").post(f"{blind.path}/sources", body))
    if used:
        named = {**SOURCE, "attributes": {"sources": [{"name": "Officials"}]}}
        blind.tag("ann", article, named)
    path = f"/sources/{source['id']}"
    dropped = blind.as_("bo").patch(path, {"aliases": []}, if_match="*")
    assert_problem(dropped, 409, "alias_in_use")


def test_an_import_tells_others_no_names_and_links_nothing_hidden(blind: Desk) -> None:
    article = blind.article(external_id="storm")
    theirs = blind.tag("bo", article, external_id="b1")
    line = {
        "type": "annotation",
        "article_external_id": "storm",
        "external_id": "a1",
        "kind": "attribution",
        "target": {"start": 0, "end": 14},
        "attributes": {"sources": [{"name": MARK}]},
    }
    link = {
        "type": "link",
        "from_external_id": "a1",
        "to_external_id": "b1",
        "relation": "contradicts",
    }
    path = f"{blind.path}/import"
    lines = "".join(f"{json.dumps(each)}\n" for each in (line, link))
    sent = blind.as_("ann").post(
        path,
        data=lines.encode(),
        query={"on_error": "skip"},
        content_type="application/x-ndjson",
    )
    found = read(sent)
    assert found["created"]["annotations"] == 1, found
    assert [error["code"] for error in found["errors"]] == ["unknown_annotation"]
    told = told_with(blind.as_("bo"), blind.path, blind.article()["id"])
    assert theirs["id"] in str(told)
    assert MARK not in str(told)


@pytest.mark.parametrize("name", ["viewer", "reviewer", "manager"])
def test_who_does_not_annotate_sees_everything(blind: Desk, name: str) -> None:
    claim = blind.tag("ann", blind.article())
    assert read(blind.as_(name).get(path_of(claim)))["id"] == claim["id"]
