"""Discussion: threads on three kinds of things, resolved, edited, deleted; and what is unseen."""

from typing import Any

import pytest

from tests.reviews.desk import FIGURE, Desk, made, path_of, read
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once

Json = dict[str, Any]
KINDS = ["annotation", "link", "article"]


def place(desk: Desk, kind: str, name: str = "ann") -> str:
    """Where a new thing of this kind, made by someone, stands."""
    article = desk.article()
    if kind == "article":
        return f"/articles/{article['id']}"
    claim = desk.tag(name, article)
    if kind == "annotation":
        return path_of(claim)
    return path_of(desk.link(name, claim, desk.tag(name, article, FIGURE)))


def say(desk: Desk, name: str, where: str, text: str, **data: Any) -> Json:
    return made(desk.as_(name).post(f"{where}/comments", {"text": text, **data}))


def heard(desk: Desk, name: str, where: str, **query: Any) -> list[str | None]:
    found = read(desk.as_(name).get(f"{where}/comments", query=query))
    return [comment["text"] for comment in found["items"]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_thread_on_anything(desk: Desk, kind: str) -> None:
    where = place(desk, kind)
    first = say(desk, "ann", where, "Is this said by residents?")
    answer = say(desk, "reviewer", where, "Yes, see the cue.", reply_to=first["id"])
    say(desk, "bo", where, "Another matter.")
    assert first["about"] == {"kind": kind, "id": where.rsplit("/", 1)[1]}
    assert (first["thread_id"], first["reply_to"]) == (first["id"], None)
    assert (answer["thread_id"], answer["reply_to"]) == (first["id"], first["id"])
    assert answer["author"] == {"id": desk.id("reviewer"), "name": "reviewer"}
    texts = ["Is this said by residents?", "Yes, see the cue.", "Another matter."]
    assert heard(desk, "viewer", where) == texts
    page = read(desk.as_("viewer").get(f"{where}/comments", query={"limit": 2}))
    rest = desk.as_("viewer").get(f"{where}/comments", query={"after": page["next"]})
    assert [each["text"] for each in page["items"] + read(rest)["items"]] == texts
    assert read(desk.as_("viewer").get(f"/comments/{first['id']}")) == first


def test_threads_are_resolved_and_reopened_by_any_who_may_comment(desk: Desk) -> None:
    where = place(desk, "annotation")
    first = say(desk, "ann", where, "Is this right?")
    answer = say(desk, "cy", where, "No.", reply_to=first["id"])
    say(desk, "cy", where, "Something else.")
    path = f"/comments/{first['id']}"
    resolved = read(desk.as_("bo").patch(path, {"resolved": True}, if_match="*"))
    assert (resolved["resolved"], resolved["version"]) == (True, 2)
    assert read(desk.as_("bo").get(f"/comments/{answer['id']}"))["resolved"] is True
    assert heard(desk, "ann", where, resolved="true") == ["Is this right?", "No."]
    assert heard(desk, "ann", where, resolved="false") == ["Something else."]
    read(desk.as_("ann").patch(path, {"resolved": False}, if_match="*"))
    assert heard(desk, "ann", where, resolved="true") == []
    refused = desk.as_("bo").patch(f"/comments/{answer['id']}", {"resolved": True}, if_match="*")
    assert pointers(assert_problem(refused, 422)) == {"/resolved": "not_a_thread"}
    assert_problem(desk.as_("viewer").patch(path, {"resolved": True}, if_match="*"), 403)


def test_words_are_changed_by_their_author_alone(desk: Desk) -> None:
    comment = say(desk, "ann", place(desk, "link"), "Teh same.")
    path = f"/comments/{comment['id']}"
    for name in ("bo", "reviewer", "manager"):
        assert_problem(desk.as_(name).patch(path, {"text": "Mine now."}, if_match="*"), 403)
    seen = desk.as_("ann").get(path)
    edited = desk.as_("ann").patch(path, {"text": "The same."}, if_match=seen)
    assert (read(edited)["text"], read(edited)["version"]) == ("The same.", 2)
    late = assert_problem(desk.as_("ann").patch(path, {"text": "No."}, if_match=seen), 412)
    assert late["current"] == edited.json
    assert_problem(desk.as_("ann").patch(path, {"text": "No."}), 428)
    assert pointers(
        assert_problem(desk.as_("ann").patch(path, {"text": None}, if_match="*"), 422)
    ) == {"/text": "null"}


def test_what_has_replies_keeps_its_place_when_it_is_deleted(desk: Desk) -> None:
    where = place(desk, "article")
    first = say(desk, "ann", where, "First.")
    answer = say(desk, "bo", where, "Second.", reply_to=first["id"])
    ann, bo = desk.as_("ann"), desk.as_("bo")
    assert_problem(bo.delete(f"/comments/{first['id']}", if_match="*"), 403)
    assert ann.delete(f"/comments/{first['id']}", if_match="*").status_code == 204
    assert heard(desk, "cy", where) == [None, "Second."]
    stone = read(ann.get(f"/comments/{first['id']}"))
    assert (stone["text"], stone["deleted"], stone["version"]) == (None, True, 2)
    assert ann.delete(f"/comments/{first['id']}", if_match="*").status_code == 204
    assert read(ann.get(f"/comments/{first['id']}"))["version"] == 2
    again = ann.patch(f"/comments/{first['id']}", {"text": "Back."}, if_match="*")
    assert_problem(again, 409, "deleted")
    assert bo.delete(f"/comments/{answer['id']}", if_match="*").status_code == 204
    assert_problem(bo.get(f"/comments/{answer['id']}"), 404)
    assert ann.delete(f"/comments/{first['id']}", if_match="*").status_code == 204
    assert heard(desk, "cy", where) == []


def test_a_manager_may_delete_what_others_said(desk: Desk) -> None:
    where = place(desk, "annotation")
    comment = say(desk, "bo", where, "Rude.")
    assert_problem(desk.as_("reviewer").delete(f"/comments/{comment['id']}", if_match="*"), 403)
    path = f"/comments/{comment['id']}"
    assert desk.as_("manager").delete(path, if_match="*").status_code == 204


def test_comments_go_with_the_thing_they_are_about(desk: Desk) -> None:
    for kind in KINDS:
        where = place(desk, kind)
        first = say(desk, "ann", where, "First.")
        last = say(desk, "bo", where, "Second.", reply_to=first["id"])
        say(desk, "bo", where, "Third.", reply_to=last["id"])
        assert desk.as_("manager").delete(where, if_match="*").status_code == 204
        assert_problem(desk.as_("ann").get(f"/comments/{first['id']}"), 404)
    article = desk.article()
    say(desk, "ann", path_of(desk.tag("ann", article)), "On what goes with its article.")
    path = f"/articles/{article['id']}"
    assert desk.as_("manager").delete(path, if_match="*").status_code == 204


@pytest.mark.parametrize("kind", KINDS)
def test_bad_comments_are_refused_by_name(desk: Desk, kind: str) -> None:
    where, elsewhere = place(desk, kind), place(desk, kind)
    other = say(desk, "ann", elsewhere, "Elsewhere.")
    ann = desk.as_("ann")
    faults: list[tuple[Json, Json]] = [
        ({}, {"/text": "required"}),
        ({"text": ""}, {"/text": "length"}),
        ({"text": "x" * 10_001}, {"/text": "length"}),
        ({"text": "x", "mood": "sad"}, {"/mood": "unknown_field"}),
        ({"text": "x", "reply_to": "y"}, {"/reply_to": "not_an_id"}),
        ({"text": "x", "reply_to": other["id"]}, {"/reply_to": "no_such_comment"}),
    ]
    for body, expected in faults:
        problem = assert_problem(ann.post(f"{where}/comments", body), 422)
        assert pointers(problem) == expected
    assert_problem(desk.as_("viewer").post(f"{where}/comments", {"text": "x"}), 403)
    missing = f"/{where.split('/')[1]}/{other['id']}/comments"
    assert_problem(ann.post(missing, {"text": "x"}), 404)
    assert_problem(ann.get(missing), 404)


def test_of_a_deletion_and_a_reply_at_once_neither_is_lost(desk: Desk) -> None:
    where = place(desk, "article")
    for _ in range(4):
        first = say(desk, "ann", where, "First.")
        body = {"text": "Reply.", "reply_to": first["id"]}
        gone, replied = at_once(
            lambda first=first: desk.as_("ann").delete(f"/comments/{first['id']}", if_match="*"),
            lambda body=body: desk.as_("bo").post(f"{where}/comments", body),
        )
        assert gone.status_code == 204
        if replied.status_code == 201:
            assert read(desk.as_("bo").get(f"/comments/{first['id']}"))["deleted"] is True
        else:
            assert pointers(assert_problem(replied, 422)) == {"/reply_to": "no_such_comment"}


def test_while_blind_others_are_not_heard_on_what_is_not_seen(blind: Desk) -> None:
    for kind in ("annotation", "link"):
        where = place(blind, kind)
        comment = say(blind, "ann", where, "A secret.")
        bo = blind.as_("bo")
        assert_problem(bo.get(f"{where}/comments"), 404)
        assert_problem(bo.post(f"{where}/comments", {"text": "x"}), 404)
        assert_problem(bo.get(f"/comments/{comment['id']}"), 404)
        for name in ("ann", "reviewer", "viewer", "manager"):
            assert heard(blind, name, where) == ["A secret."]


def test_while_blind_an_article_is_discussed_with_reviewers_only(blind: Desk) -> None:
    article = blind.article()
    where = f"/articles/{article['id']}"
    first = say(blind, "ann", where, "I marked the strike.")
    hint = say(blind, "reviewer", where, "Did you see the end?", reply_to=first["id"])
    say(blind, "manager", where, "Skip the byline.")
    own = say(blind, "bo", where, "I am stuck.")
    say(blind, "critic", where, "Take a break.", reply_to=own["id"])
    assert heard(blind, "bo", where) == ["Skip the byline.", "I am stuck.", "Take a break."]
    assert len(heard(blind, "reviewer", where)) == 5
    for comment in (first, hint):
        assert_problem(blind.as_("bo").get(f"/comments/{comment['id']}"), 404)
        reply = {"text": "x", "reply_to": comment["id"]}
        problem = assert_problem(blind.as_("bo").post(f"{where}/comments", reply), 422)
        assert pointers(problem) == {"/reply_to": "no_such_comment"}
    blind.done("bo", article["id"])
    assert len(heard(blind, "bo", where)) == 5


@pytest.mark.parametrize("replier", [None, "ann", "reviewer"])
def test_while_blind_a_deletion_does_not_tell_of_a_reply_that_is_not_heard(
    blind: Desk, replier: str | None
) -> None:
    article = blind.article()
    where = f"/articles/{article['id']}"
    own = say(blind, "bo", where, "I am stuck.")
    if replier == "ann":
        blind.done("ann", article["id"])
    if replier:
        say(blind, replier, where, "At the strike?", reply_to=own["id"])
    bo, path = blind.as_("bo"), f"/comments/{own['id']}"
    assert bo.delete(path, if_match="*").status_code == 204
    if replier == "reviewer":
        assert heard(blind, "bo", where) == [None, "At the strike?"]
        assert read(bo.get(path))["deleted"] is True
        return
    assert heard(blind, "bo", where) == []
    assert_problem(bo.get(path), 404)
    assert_problem(bo.delete(path, if_match="*"), 404)
    again = bo.post(f"{where}/comments", {"text": "x", "reply_to": own["id"]})
    assert pointers(assert_problem(again, 422)) == {"/reply_to": "no_such_comment"}
    if replier:
        blind.done("bo", article["id"])
        assert heard(blind, "bo", where) == [None, "At the strike?"]


def test_a_peer_who_is_done_does_not_give_the_game_away(blind: Desk) -> None:
    article = blind.article()
    claim = blind.tag("ann", article)
    blind.done("bo", article["id"])
    say(blind, "bo", path_of(claim), "I have this as a figure.")
    assert heard(blind, "ann", path_of(claim)) == []
    blind.done("ann", article["id"])
    assert heard(blind, "ann", path_of(claim)) == ["I have this as a figure."]


def test_on_a_link_both_articles_must_be_done(blind: Desk) -> None:
    one, two = blind.article(), blind.article()
    link = blind.link("ann", blind.tag("ann", one), blind.tag("ann", two))
    say(blind, "ann", path_of(link), "They differ.")
    blind.done("bo", one["id"])
    assert_problem(blind.as_("bo").get(f"{path_of(link)}/comments"), 404)
    blind.done("bo", two["id"])
    assert heard(blind, "bo", path_of(link)) == ["They differ."]
    say(blind, "bo", path_of(link), "Why?")
    assert heard(blind, "ann", path_of(link)) == ["They differ."]
