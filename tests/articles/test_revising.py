"""A new text: what is tagged in it follows, and nothing is lost."""

import hashlib

import pytest

from tests.factories.writing import TEXT, new_article, new_claim, new_link
from tests.support.api import Api
from tests.support.problems import assert_problem, pointers

SAID = {
    "kind": "attribution",
    "target": {"exact": "Forty boats sank, the harbour master said"},
    "parts": {
        "source": [{"exact": "the harbour master"}],
        "cue": [{"start": 39, "end": 43, "exact": "said"}],
        "content": [{"exact": "Forty boats sank"}],
    },
    "attributes": {"sources": [{"name": "Harbour master", "type": "person"}]},
}
LATE = f"Update. {TEXT}"


@pytest.fixture
def manager(api, team):
    return api.as_(team.manager)


@pytest.fixture
def annotator(api, team):
    return api.as_(team.annotator)


@pytest.fixture
def article(annotator, team):
    return new_article(annotator, team.project.slug)


def put(api, article, text, if_match="*"):
    return api.put(f"/articles/{article}/text", {"text": text}, if_match=if_match)


def revised(api, article, text):
    answer = put(api, article, text)
    assert answer.status_code == 200, answer.json
    return answer.json


def named(found, status):
    return {one["id"] for one in found[status]}


def read(api, made):
    return api.get(f"/annotations/{made['id']}").json


def approve(api, made):
    for who, action in (("author", "submit"), ("reviewer", "approve")):
        path = f"/annotations/{made['id']}/review"
        answer = api[who].post(path, {"action": action}, if_match="*")
        assert answer.status_code == 200, answer.json


def test_a_new_text_is_a_new_revision_and_the_old_one_stays_readable(manager, team, article):
    before = manager.get(f"/articles/{article}")
    answer = put(manager, article, LATE, if_match=before)
    assert answer.status_code == 200
    found = answer.json
    assert (found["revision"], found["version"], found["changed"]) == (2, 2, True)
    assert found["text_sha256"] == hashlib.sha256(LATE.encode()).hexdigest()
    now = manager.get(f"/articles/{article}", if_none_match=before)
    assert (now.status_code, now.json["text"], now.json["revision"]) == (200, LATE, 2)
    assert now.json["length"]["codepoints"] == len(LATE)
    rows = manager.get(f"/articles/{article}/revisions").json["items"]
    assert [row["number"] for row in rows] == [1, 2]
    assert rows[1]["author"] == {"id": team.manager.id, "name": team.manager.name}
    for number, text in ((1, TEXT), (2, LATE)):
        one = manager.get(f"/articles/{article}/revisions/{number}").json
        assert (one["text"], one["length"]["bytes"]) == (text, len(text.encode()))
        assert one["length"]["utf16"] == len(text.encode("utf-16-le")) // 2


def test_revisions_come_in_pages(manager, article):
    for text in ("a", "b", "c"):
        revised(manager, article, text)
    first = manager.get(f"/articles/{article}/revisions?limit=3").json
    rest = manager.get(f"/articles/{article}/revisions", query={"after": first["next"]}).json
    assert [row["number"] for row in first["items"] + rest["items"]] == [1, 2, 3, 4]


def test_it_needs_the_version_that_stands(manager, article):
    assert_problem(put(manager, article, LATE, if_match=None), 428)
    etag = manager.get(f"/articles/{article}").headers["ETag"]
    revised(manager, article, LATE)
    stale = assert_problem(put(manager, article, TEXT, if_match=etag), 412)
    assert stale["current"] == manager.get(f"/articles/{article}").json


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": "a\x00b"}, "/text"),
        ({"text": 5}, "/text"),
        ({"text": None}, "/text"),
        ({}, "/text"),
        ({"text": "a", "title": "b"}, "/title"),
    ],
)
def test_what_a_text_may_not_be_is_refused_by_name(manager, article, body, pointer):
    answer = manager.put(f"/articles/{article}/text", body, if_match="*")
    assert pointer in pointers(assert_problem(answer, 422))
    assert manager.get(f"/articles/{article}").json["revision"] == 1


def test_a_lone_surrogate_and_a_text_past_the_limit_are_refused(make_app, team, article):
    small = Api(make_app(max_text_codepoints=100)).as_(team.manager)
    path = f"/articles/{article}/text"
    raw = small.put(path, data=b'{"text": "a\\ud83d"}', if_match="*")
    assert_problem(raw, 422, "lone_surrogate")
    assert "100" in assert_problem(put(small, article, "x" * 101), 422)["detail"]


def test_the_same_text_changes_nothing_and_says_so(manager, annotator, article):
    made = new_claim(annotator, article)
    before = manager.get(f"/articles/{article}")
    answer = put(manager, article, TEXT)
    assert answer.json["changed"] is False
    assert [answer.json[name] for name in ("kept", "moved", "uncertain", "orphaned")] == [[]] * 4
    assert manager.get(f"/articles/{article}", if_none_match=before).status_code == 304
    assert read(manager, made)["version"] == 1


def test_each_annotation_is_kept_moved_uncertain_or_orphaned(manager, annotator, article):
    kept = new_claim(annotator, article, "Forty boats sank")
    unsure = new_claim(annotator, article, "the harbour master said")
    lost = new_claim(annotator, article, "Nobody was hurt")
    moved = new_claim(annotator, article, "said the mayor")
    new = TEXT.replace("harbour master", "harbour-master").replace("Nobody was hurt, ", "")
    found = revised(manager, article, new)
    assert named(found, "kept") == {kept["id"]}
    assert named(found, "moved") == {moved["id"]}
    assert named(found, "uncertain") == {unsure["id"]}
    assert named(found, "orphaned") == {lost["id"]}
    assert 0.5 <= found["uncertain"][0]["score"] < 1
    stands = read(manager, moved)
    assert stands["target"]["exact"] == "said the mayor"
    assert new[stands["target"]["start"] : stands["target"]["end"]] == "said the mayor"
    assert stands["target"]["prefix"] == new[: stands["target"]["start"]][-32:]
    assert (stands["revision"], stands["version"], stands["anchoring"]) == (2, 2, "sure")
    guess = read(manager, unsure)
    assert (guess["anchoring"], guess["target"]["exact"]) == (
        "uncertain",
        "the harbour-master said",
    )
    assert guess["anchoring_score"] == found["uncertain"][0]["score"]
    gone = read(manager, lost)
    assert (gone["anchoring"], gone["revision"], gone["target"]) == ("orphaned", 1, lost["target"])
    versions = {
        one["id"]: one["version"]
        for status in found.values()
        if isinstance(status, list)
        for one in status
    }
    assert set(versions.values()) == {2}


def test_lists_and_the_reader_page_tell_orphans_apart(manager, annotator, team, article):
    lost = new_claim(annotator, article, "Nobody was hurt")
    stays = new_claim(annotator, article, "boats sank")
    revised(manager, article, "⚓ Forty boats sank.")
    path = f"/articles/{article}/annotations"
    project = f"/projects/{team.project.slug}/annotations"

    def ids(where, **query):
        return [row["id"] for row in manager.get(where, query=query).json["items"]]

    assert ids(path) == [stays["id"]]
    assert ids(path, anchoring="orphaned") == [lost["id"]]
    assert ids(project, anchoring="orphaned") == [lost["id"]]
    assert set(ids(project)) == {lost["id"], stays["id"]}
    assert_problem(manager.get(path, query={"anchoring": "lost"}), 422)
    for unit in ("codepoint", "utf16"):
        query = {"include": "annotations", "unit": unit}
        page = manager.get(f"/articles/{article}", query=query).json
        assert [row["id"] for row in page["annotations"]] == [stays["id"]]
        assert [row["id"] for row in page["orphaned"]] == [lost["id"]]


def test_parts_fragments_and_who_reports_follow_together(manager, annotator, article):
    said = annotator.post(f"/articles/{article}/annotations", SAID).json
    figure = {"kind": "figure", "target": {"exact": "Forty boats"}, "attributes": {"value": 40}}
    inner = annotator.post(f"/articles/{article}/annotations", figure).json
    pieces = {"fragments": [{"start": 2, "end": 7}, {"start": 45, "end": 51}]}
    split = annotator.post(
        f"/articles/{article}/annotations", {"kind": "claim", "target": pieces}
    ).json
    assert inner["reported_by"] == said["id"]
    found = revised(manager, article, LATE.replace("sank, the", "sank, as the"))
    assert named(found, "moved") >= {inner["id"], split["id"]}
    now = read(manager, said)
    text = manager.get(f"/articles/{article}").json["text"]
    for spans in now["parts"].values():
        assert all(text[one["start"] : one["end"]] == one["exact"] for one in spans)
    assert now["parts"]["source"][0]["exact"] == "the harbour master"
    assert now["parts"]["antecedent"] == []
    assert read(manager, inner)["reported_by"] == said["id"]
    told = read(manager, split)["target"]["fragments"]
    assert [one["exact"] for one in told] == ["Forty", "Nobody"]


def test_a_part_without_a_place_is_left_out_and_someone_is_asked_to_look(
    manager, annotator, article
):
    said = annotator.post(f"/articles/{article}/annotations", SAID).json
    found = revised(manager, article, TEXT.replace(", the harbour master said", ""))
    assert found["moved"] == found["kept"] == []
    now = read(manager, said)
    assert (now["anchoring"], now["anchoring_score"]) == ("uncertain", 0)
    assert now["parts"]["content"][0]["exact"] == "Forty boats sank"
    assert now["parts"]["source"] == now["parts"]["cue"] == []
    history = manager.get(f"/annotations/{said['id']}/history").json["items"]
    assert history[-1]["before"]["parts"] == said["parts"]


def test_an_approved_one_keeps_its_approval_unless_its_place_is_uncertain(
    api, team, manager, annotator, article
):
    desk = {"author": annotator, "reviewer": api.as_(team.reviewer)}
    sure = new_claim(annotator, article, "Nobody was hurt")
    unsure = new_claim(annotator, article, "the harbour master said")
    for made in (sure, unsure):
        approve(desk, made)
    revised(manager, article, f"New. {TEXT.replace('harbour', 'port')}")
    assert read(manager, sure)["state"] == "approved"
    assert read(manager, unsure)["state"] == "submitted"


def test_a_verdict_stands_on_a_claim_that_only_moved(api, team, manager, annotator, article):
    desk = {"author": annotator, "reviewer": api.as_(team.reviewer)}
    made = new_claim(annotator, article, "Nobody was hurt")
    approve(desk, made)
    path = f"/annotations/{made['id']}/verdict"
    body = {"label": "supported", "justification": "Seen."}
    assert desk["reviewer"].put(path, body, if_match="*").status_code == 200
    revised(manager, article, LATE)
    assert manager.get(path).json["stands"] is True
    revised(manager, article, LATE.replace("Nobody was", "Nobody has been"))
    assert manager.get(path).json["stands"] is False


def test_what_is_uncertain_is_confirmed_or_given_another_place(
    api, team, manager, annotator, article
):
    one = new_claim(annotator, article, "the harbour master said")
    two = new_claim(annotator, article, "harbour master said.")
    revised(manager, article, TEXT.replace("harbour", "port"))
    found = annotator.get(
        f"/projects/{team.project.slug}/annotations", query={"anchoring": "uncertain"}
    ).json["items"]
    assert {row["id"] for row in found} == {one["id"], two["id"]}
    path = f"/annotations/{one['id']}"
    assert_problem(annotator.patch(path, {"anchoring": "uncertain"}, if_match="*"), 422)
    confirmed = annotator.patch(path, {"anchoring": "sure"}, if_match="*").json
    assert (confirmed["anchoring"], confirmed["anchoring_score"]) == ("sure", None)
    assert confirmed["version"] == 3
    again = annotator.patch(path, {"anchoring": "sure"}, if_match="*").json
    assert again["version"] == 3
    target = {"target": {"exact": "port master said"}}
    fixed = annotator.patch(f"/annotations/{two['id']}", target, if_match="*").json
    assert (fixed["anchoring"], fixed["target"]["exact"]) == ("sure", "port master said")
    noted = annotator.patch(path, {"note": "Seen."}, if_match="*").json
    assert noted["anchoring"] == "sure"


def test_an_uncertain_one_does_not_become_surer_by_being_carried_on(manager, annotator, article):
    made = new_claim(annotator, article, "the harbour master said")
    revised(manager, article, TEXT.replace("harbour", "port"))
    score = read(manager, made)["anchoring_score"]
    found = revised(manager, article, "New. " + TEXT.replace("harbour", "port"))
    assert named(found, "uncertain") == {made["id"]}
    assert read(manager, made)["anchoring_score"] == score


def test_an_orphan_can_be_edited_attached_anew_or_deleted(manager, annotator, article):
    said = annotator.post(f"/articles/{article}/annotations", SAID).json
    claim = new_claim(annotator, article, "Forty boats sank")
    revised(manager, article, "Quite another story. The mayor said nothing.")
    path = f"/annotations/{said['id']}"
    noted = annotator.patch(path, {"note": "Where did it go?"}, if_match="*").json
    assert (noted["anchoring"], noted["revision"], noted["note"]) == (
        "orphaned",
        1,
        "Where did it go?",
    )
    assert_problem(annotator.patch(path, {"anchoring": "sure"}, if_match="*"), 409, "orphaned")
    both = {"anchoring": "sure", "note": "x"}
    assert_problem(annotator.patch(path, both, if_match="*"), 409, "orphaned")
    target = {"exact": "The mayor said nothing"}
    needed = annotator.patch(path, {"target": target}, if_match="*")
    assert pointers(assert_problem(needed, 422)) == {"/parts": "parts_needed"}
    half = annotator.patch(path, {"target": {"end": 5}, "parts": None}, if_match="*")
    assert pointers(assert_problem(half, 422)) == {"/target/start": "missing_offsets"}
    parts = {"source": [{"exact": "The mayor"}]}
    placed = annotator.patch(path, {"target": target, "parts": parts}, if_match="*").json
    assert (placed["anchoring"], placed["revision"]) == ("sure", 2)
    assert placed["target"]["exact"] == "The mayor said nothing"
    assert placed["parts"]["source"][0]["exact"] == "The mayor"
    assert placed["parts"]["content"] == []
    gone = f"/annotations/{claim['id']}"
    assert annotator.delete(gone, if_match="*").status_code == 204
    assert_problem(annotator.get(gone), 404)


def test_words_that_come_back_bring_their_annotations_back(manager, annotator, article):
    claim = new_claim(annotator, article, "Nobody was hurt")
    other = new_claim(annotator, article, "Forty boats sank")
    revised(manager, article, "⚓ Forty boats sank.")
    assert read(manager, claim)["anchoring"] == "orphaned"
    found = revised(manager, article, "⚓ Forty boats sank. And more.")
    assert named(found, "orphaned") == set()
    assert read(manager, claim)["version"] == 2
    found = revised(manager, article, TEXT)
    assert named(found, "kept") == {claim["id"], other["id"]}
    back = read(manager, claim)
    assert (back["anchoring"], back["revision"], back["target"]) == ("sure", 4, claim["target"])


def test_history_tells_of_every_move_and_an_earlier_version_comes_back(
    manager, annotator, team, article
):
    made = new_claim(annotator, article, "Nobody was hurt", note="first")
    path = f"/annotations/{made['id']}"
    annotator.patch(path, {"note": "second"}, if_match="*")
    revised(manager, article, LATE)
    last = manager.get(f"{path}/history").json["items"][-1]
    assert (last["version"], last["action"]) == (3, "reanchored")
    assert last["by"]["id"] == team.manager.id
    assert last["before"]["revision"] == 1
    assert last["before"]["target"] == made["target"]
    assert last["after"]["target"] == read(manager, made)["target"]
    back = annotator.post(f"{path}/restore", {"version": 1})
    assert back.status_code == 200, back.json
    assert (back.json["note"], back.json["revision"]) == ("first", 2)
    assert back.json["target"] == read(manager, made)["target"]
    revised(manager, article, "⚓ Forty boats sank.")
    gone = annotator.post(f"{path}/restore", {"version": 2})
    assert_problem(gone, 409, "other_revision")
    here = annotator.post(f"{path}/restore", {"version": 3}).json
    assert (here["note"], here["anchoring"], here["revision"]) == ("second", "orphaned", 2)
    revised(manager, article, TEXT)
    back = annotator.post(f"{path}/restore", {"version": 1}).json
    assert (back["note"], back["anchoring"], back["revision"]) == ("first", "sure", 4)
    assert back["target"] == made["target"]


def test_regions_follow_and_those_without_a_place_are_told(manager, team):
    text = "PARIS, Monday. Forty boats sank. ADVERTISEMENT Buy now! Nobody was hurt."
    regions = [
        {"start": 0, "end": 13, "kind": "dateline"},
        {"start": 33, "end": 55, "kind": "advertisement"},
    ]
    article = new_article(manager, team.project.slug, text, regions=regions)
    found = revised(
        manager, article, "By a reporter. " + text.replace("ADVERTISEMENT Buy now! ", "")
    )
    assert found["regions"] == [{"start": 15, "end": 28, "kind": "dateline"}]
    assert found["lost_regions"] == [regions[1]]
    assert manager.get(f"/articles/{article}").json["regions"] == found["regions"]


def test_links_stay_and_search_finds_the_present_text_alone(manager, annotator, team, article):
    one, other = (new_claim(annotator, article, quote) for quote in ("Nobody", "Forty"))
    link = new_link(annotator, team.project.slug, one["id"], other["id"])
    revised(manager, article, "⚓ Forty zeppelins sank.")
    assert manager.get(f"/links/{link['id']}").status_code == 200
    assert read(manager, other)["links"]["contradicts"] == 1
    path = f"/projects/{team.project.slug}/articles"
    for q, n in (("zeppelins", 1), ("mayor", 0), ("forty", 1)):
        assert len(manager.get(path, query={"q": q}).json["items"]) == n
    manager.patch(f"/articles/{article}", {"title": "Gale"}, if_match="*")
    assert len(manager.get(path, query={"q": "gale zeppelins"}).json["items"]) == 1


def test_who_tags_can_say_which_text_was_read(manager, annotator, article):
    body = {"kind": "claim", "target": {"start": 2, "end": 7}, "revision": 1}
    path = f"/articles/{article}/annotations"
    assert annotator.post(path, body).json["revision"] == 1
    revised(manager, article, LATE)
    late = assert_problem(annotator.post(path, body), 409, "other_revision")
    assert late["revision"] == 2
    assert pointers(late) == {"/revision": "other_revision"}
    late = assert_problem(annotator.post(path, [{**body, "revision": 2}, body]), 409)
    assert pointers(late) == {"/1/revision": "other_revision"}
    assert annotator.post(path, {**body, "revision": 2}).status_code == 201


def test_only_managers_change_a_text_and_annotators_learn_nothing(api, team, annotator, article):
    for who in (team.annotator, team.reviewer, team.viewer):
        assert_problem(put(api.as_(who), article, LATE), 403)
    assert_problem(put(api.as_(team.outsider), article, LATE), 404)
    assert_problem(put(api.as_(None), article, LATE), 401)


def test_many_annotations_follow_in_a_fixed_number_of_statements(
    manager, team, statements, article
):
    counts = []
    for most in (3, 60):
        text = " ".join(f"Sentence {n} of many." for n in range(80))
        article = new_article(manager, team.project.slug, text)
        spans = [{"exact": f"Sentence {n} of"} for n in range(most)]
        made = [{"kind": "claim", "target": span} for span in spans]
        assert manager.post(f"/articles/{article}/annotations", made).status_code == 201
        revised(manager, article, text.replace("Sentence 1 of many.", ""))
        with statements() as seen:
            found = revised(manager, article, text.replace("Sentence 2 of many.", "Other."))
        assert len(found["kept"]) + len(found["moved"]) >= most - 2
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 18
