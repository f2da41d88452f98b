"""A change that changes nothing: the same version and ETag, and nothing for history to tell."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.factories.accounts import PASSWORD, add_person
from tests.reviews.desk import Desk, made, make_desk, read
from tests.support.api import Answer, Api
from tests.support.feed import told_with

Json = dict[str, Any]
SAYS = {"tags": ["dead"], "note": "n", "confidence": "low", "external_id": "one"}


def _approved(desk: Desk, thing: Json) -> Json:
    return read(desk.review("reviewer", thing, "approve"))


def _claim(desk: Desk) -> Json:
    return _approved(desk, desk.tag("ann", desk.article(), **SAYS))


def _article(desk: Desk) -> tuple[str, str, Json]:
    known = desk.article(source={"publisher": "P", "published_on": "2015"}, meta={"n": 1})
    names = ("title", "source", "regions", "meta", "language")
    return "manager", f"/articles/{known['id']}", {name: known[name] for name in names}


def _annotation(desk: Desk) -> tuple[str, str, Json]:
    claim = _claim(desk)
    same = {name: claim[name] for name in (*SAYS, "attributes", "kind")}
    place = {name: claim["target"][name] for name in ("start", "end", "exact")}
    return "ann", f"/annotations/{claim['id']}", {**same, "target": place}


def _link(desk: Desk) -> tuple[str, str, Json]:
    here = desk.article()["id"]
    ends = [desk.tag("ann", here) for _ in range(2)]
    link = _approved(desk, desk.link("ann", *ends, rationale="r", group="g"))
    names = ("relation", "basis", "independence", "rationale", "confidence", "group")
    return "ann", f"/links/{link['id']}", {name: link[name] for name in names}


def _source(desk: Desk) -> tuple[str, str, Json]:
    data = {"name": "The FSB", "type": "government", "aliases": ["Lubyanka", "FSB"]}
    source = made(desk.as_("ann").post(f"{desk.path}/sources", data))
    return "ann", f"/sources/{source['id']}", {**data, "aliases": ["FSB", "Lubyanka"]}


def _comment(desk: Desk) -> tuple[str, str, Json]:
    comments = f"/articles/{desk.article()['id']}/comments"
    said = made(desk.as_("ann").post(comments, {"text": "Why?"}))
    return "ann", f"/comments/{said['id']}", {"text": "Why?", "resolved": False}


def _seat(desk: Desk) -> tuple[str, str, Json]:
    (seat,) = desk.assign([desk.article()["id"]], "ann")["items"]
    read(desk.move("ann", seat, "in_progress"))
    return "ann", f"/assignments/{seat['id']}", {"state": "in_progress"}


def _webhook(desk: Desk) -> tuple[str, str, Json]:
    data = {"url": "https://example.org/hook", "events": ["link.*"], "active": False}
    webhook = made(desk.as_("manager").post(f"{desk.path}/webhooks", data))
    return "manager", f"/webhooks/{webhook['id']}", data


def _project(desk: Desk) -> tuple[str, str, Json]:
    known = read(desk.as_("manager").get(desk.path))
    return "manager", desk.path, {name: known[name] for name in ("name", "slug", "settings")}


def _me(desk: Desk) -> tuple[str, str, Json]:
    return "ann", "/me", {"name": "ann"}


CHANGES = (_article, _annotation, _link, _source, _comment, _seat, _webhook, _project, _me)


def _told(desk: Desk) -> list[Json]:
    """All that is told by now, and last that there is a new article."""
    return told_with(desk.as_("manager"), desk.path, desk.article()["id"])


def _stays(desk: Desk, name: str, path: str, change: Callable[[Api], Answer]) -> None:
    """The change is answered with what stood before, and leaves no trace."""
    caller = desk.as_(name)
    before, told = caller.get(path), _told(desk)
    answer = change(caller)
    after = caller.get(path)
    assert answer.status_code == 200, answer.text
    assert before.json == answer.json == after.json
    assert before.headers["ETag"] == answer.headers["ETag"] == after.headers["ETag"]
    assert _told(desk)[:-1] == told


@pytest.mark.parametrize("prepare", CHANGES)
def test_a_patch_that_says_what_stands_leaves_no_trace(
    app: Application, prepare: Callable[[Desk], tuple[str, str, Json]]
) -> None:
    desk = make_desk(app)
    name, path, same = prepare(desk)
    _stays(desk, name, path, lambda caller: caller.patch(path, same, if_match="*"))


@pytest.mark.parametrize("prepare", [change for change in CHANGES if change is not _seat])
def test_an_empty_patch_leaves_no_trace(
    app: Application, prepare: Callable[[Desk], tuple[str, str, Json]]
) -> None:
    desk = make_desk(app)
    name, path, _ = prepare(desk)
    _stays(desk, name, path, lambda caller: caller.patch(path, {}, if_match="*"))


def test_a_role_that_someone_has_already_leaves_no_trace(app: Application) -> None:
    desk = make_desk(app)
    path = f"{desk.path}/members/{desk.id('ann')}"
    _stays(desk, "manager", path, lambda caller: caller.put(path, {"role": "annotator"}))


def test_a_verdict_given_again_leaves_no_trace_until_the_claim_or_the_judge_is_another(
    app: Application,
) -> None:
    desk = make_desk(app)
    claim = _claim(desk)
    path, same = f"/annotations/{claim['id']}/verdict", {"label": "refuted", "justification": "No."}

    def judge(caller: Api) -> Answer:
        return caller.put(path, same, if_match="*")

    given = read(judge(desk.as_("reviewer")))
    _stays(desk, "reviewer", path, judge)
    another = read(judge(desk.as_("critic")))
    assert another["version"] > given["version"]
    read(desk.as_("ann").patch(f"/annotations/{claim['id']}", {"note": "m"}, if_match="*"))
    _approved(desk, claim)
    assert not read(desk.as_("critic").get(path))["stands"]
    assert read(judge(desk.as_("critic")))["stands"]


def test_a_restored_version_that_stands_leaves_no_trace(app: Application) -> None:
    desk = make_desk(app)
    path = f"/annotations/{_claim(desk)['id']}"
    _stays(desk, "ann", path, lambda caller: caller.post(f"{path}/restore", {"version": 1}))


def test_an_administrator_who_changes_nothing_leaves_no_trace(app: Application) -> None:
    with unit_of_work(app.database):
        admin, person = add_person(app, is_admin=True), add_person(app, "Ann")
    caller, path = Api(app).as_(admin), f"/users/{person.id}"
    before = caller.get(path)
    for same in ({}, {"name": "Ann"}, {"disabled": False, "is_admin": False}):
        assert caller.patch(path, same, if_match="*").headers["ETag"] == before.headers["ETag"]
    fresh = caller.patch(path, {"password": PASSWORD}, if_match="*")  # signs the person out
    assert fresh.json["version"] == before.json["version"] + 1


@pytest.mark.parametrize(("stood", "comes"), [(1, True), (0, False), ([1], [True])])
def test_true_is_not_one(app: Application, stood: Any, comes: Any) -> None:
    desk = make_desk(app, attribute_schema={"const": {"n": stood}})
    manager, annotator = desk.as_("manager"), desk.as_("ann")
    article = desk.article(meta={"n": stood})
    tagged = desk.tag("ann", article, attributes={"extra": {"n": stood}})
    read(manager.patch(f"/articles/{article['id']}", {"meta": {"n": comes}}, if_match="*"))
    settings = {"attribute_schema": {"const": {"n": comes}}}  # admits no other from here on
    read(manager.patch(desk.path, {"settings": settings}, if_match="*"))
    extra = {"attributes": {"extra": {"n": comes}}}
    read(annotator.patch(f"/annotations/{tagged['id']}", extra, if_match="*"))
    for value in (
        read(manager.get(f"/articles/{article['id']}"))["meta"]["n"],
        read(annotator.get(f"/annotations/{tagged['id']}"))["attributes"]["extra"]["n"],
    ):
        assert json.dumps(value) == json.dumps(comes)
