"""Changing what was tagged: merge patch, versions, restore, removal."""

import pytest

from tests.factories.writing import new_article, new_claim, new_link
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once


@pytest.fixture
def annotator(api, team):
    return api.as_(team.annotator)


@pytest.fixture
def article(annotator, team):
    return new_article(annotator, team.project.slug)


@pytest.fixture
def made(annotator, article):
    return new_claim(
        annotator,
        article,
        attributes={"statement": "No one was injured.", "topic": "safety"},
        tags=["people"],
    )


def path_of(annotation):
    return f"/annotations/{annotation['id']}"


def test_a_patch_merges_objects_removes_nulls_and_replaces_lists(annotator, made):
    answer = annotator.patch(
        path_of(made),
        {"attributes": {"topic": None, "location": "harbour"}, "tags": ["a"], "note": "why"},
        if_match=annotator.get(path_of(made)),
        content_type="application/merge-patch+json",
    )
    assert answer.status_code == 200
    assert answer.json["attributes"] == {
        "statement": "No one was injured.",
        "location": "harbour",
    }
    assert answer.json["tags"] == ["a"]
    assert answer.json["note"] == "why"
    assert answer.json["version"] == 2
    assert answer.json["target"] == made["target"]
    assert annotator.get(path_of(made)).headers["ETag"] == answer.headers["ETag"]


def test_an_edge_is_moved_alone_in_any_unit_and_a_quote_moves_the_whole(annotator, made):
    def patch(target):
        return annotator.patch(path_of(made), {"target": target}, if_match="*").json["target"]

    assert patch({"end": 51})["exact"] == "Nobody"
    assert patch({"end": 62, "unit": "byte"})["exact"] == "Nobody was hurt"  # the anchor has three
    assert patch({"exact": "Forty boats"})["start"] == 2
    assert patch({"fragments": [{"start": 2, "end": 7}, {"start": 14, "end": 18}]})["end"] == 18
    assert "fragments" not in patch({"start": 2, "end": 7})


def test_null_takes_a_part_away_and_leaves_the_others(annotator, article):
    tagged = annotator.post(
        f"/articles/{article}/annotations",
        {
            "kind": "attribution",
            "target": {"exact": "Nobody was hurt, said the mayor"},
            "parts": {
                "source": [{"exact": "the mayor"}],
                "content": [{"exact": "Nobody was hurt"}],
            },
        },
    ).json
    patch = {"parts": {"source": None, "cue": [{"exact": "said", "suffix": " the mayor"}]}}
    parts = annotator.patch(path_of(tagged), patch, if_match="*").json["parts"]
    assert [len(parts[name]) for name in ("source", "cue", "content")] == [0, 1, 1]


def test_a_patch_that_does_not_fit_changes_nothing(annotator, made):
    for body, pointer in (
        ({"target": {"end": 999}}, "/target/end"),
        ({"target": {"start": 0, "end": 3, "exact": "no"}}, "/target/exact"),
        ({"attributes": {"modality": "x"}}, "/attributes/modality"),
        ({"kind": None}, "/kind"),
        ({"version": 7}, "/version"),
        ({"author": {}}, "/author"),
    ):
        document = assert_problem(annotator.patch(path_of(made), body, if_match="*"), 422)
        assert pointer in pointers(document), document
    assert annotator.get(path_of(made)).json["version"] == 1


def test_a_stale_or_missing_version_is_refused_with_what_stands(annotator, made):
    etag = annotator.get(path_of(made)).headers["ETag"]
    assert annotator.patch(path_of(made), {"note": "1"}, if_match=etag).status_code == 200
    stale = assert_problem(annotator.patch(path_of(made), {"note": "2"}, if_match=etag), 412)
    assert stale["current"]["note"] == "1"
    assert_problem(annotator.patch(path_of(made), {"note": "2"}), 428)
    assert_problem(annotator.delete(path_of(made)), 428)
    assert_problem(annotator.delete(path_of(made), if_match=etag), 412)


def test_of_two_who_write_on_one_version_one_wins_and_the_other_is_shown_what_stands(
    api, team, made
):
    etag = api.as_(team.annotator).get(path_of(made)).headers["ETag"]
    answers = at_once(
        *(
            lambda who=who, note=note: api.as_(who).patch(
                path_of(made), {"note": note}, if_match=etag
            )
            for who, note in ((team.annotator, "mine"), (team.reviewer, "theirs"))
        )
    )
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.status_code == 200
    assert assert_problem(lost, 412)["current"]["note"] == won.json["note"]


def test_someone_elses_link_does_not_stop_an_edit_but_a_cache_sees_it(api, team, annotator, made):
    read = annotator.get(path_of(made))
    other = new_claim(annotator, made["article_id"], "Forty boats sank")
    new_link(api.as_(team.reviewer), team.project.slug, made["id"], other["id"])
    again = annotator.get(path_of(made), if_none_match=read)
    assert again.status_code == 200
    assert again.json["links"] == {"corroborates": 0, "contradicts": 1}
    assert annotator.get(path_of(made), if_none_match=again).status_code == 304
    assert annotator.patch(path_of(made), {"note": "x"}, if_match=read).status_code == 200


@pytest.mark.parametrize(
    "later",
    [
        {"tag_set": ["losses"], "attribute_schema": {"required": ["desk"]}},
        {"tag_set": ["losses"], "attribute_schema": {"properties": {"desk": {"enum": ["city"]}}}},
        {"tag_set": ["losses"], "attribute_schema": None},
    ],
)
@pytest.mark.parametrize("extra", [{"desk": "sport"}, None])
def test_rules_made_later_hold_for_what_is_changed(api, team, article, later, extra):
    manager, project = api.as_(team.manager), f"/projects/{team.project.slug}"
    first = {"settings": {"attribute_schema": {"type": "object"}}}
    manager.patch(project, first, if_match="*")
    given = {"attributes": {"extra": extra} if extra else {}, "tags": ["old", "older"]}
    target = {"target": {"start": 0, "end": 5}}
    made = manager.post(f"/articles/{article}/annotations", {"kind": "claim", **target, **given})
    assert manager.patch(project, {"settings": later}, if_match="*").status_code == 200

    def change(**patch):
        return manager.patch(path_of(made.json), patch, if_match="*")

    assert change(note="mended").json["note"] == "mended"
    assert change(tags=["older", "losses"]).json["tags"] == ["older", "losses"]
    assert pointers(assert_problem(change(tags=["old"]), 422)) == {"/tags/0": "unknown_tag"}
    wrong = change(attributes={"extra": {"desk": None} if extra else {}})
    if later["attribute_schema"] == {"properties": {"desk": {"enum": ["city"]}}}:
        assert wrong.status_code == 200
    else:
        assert set(pointers(assert_problem(wrong, 422))) == {"/attributes/extra"}


def test_history_comes_in_pages(annotator, made):
    for n in range(2, 6):
        annotator.patch(path_of(made), {"note": f"note {n}"}, if_match="*")
    path, seen, after = f"{path_of(made)}/history", [], {}
    for size in (2, 2, 1):
        page = annotator.get(path, query={"limit": 2, **after})
        assert len(page.json["items"]) == size
        assert ('rel="next"' in page.headers.get("Link", "")) == (page.json["next"] is not None)
        seen += [row["version"] for row in page.json["items"]]
        after = {"after": page.json["next"]}
    assert seen == [1, 2, 3, 4, 5]
    assert after["after"] is None


def test_history_tells_who_and_what_and_a_version_comes_back_as_a_new_one(api, team, made):
    reviewer = api.as_(team.reviewer)
    reviewer.patch(path_of(made), {"note": "x", "target": {"exact": "Forty"}}, if_match="*")
    first, second = reviewer.get(f"{path_of(made)}/history").json["items"]
    assert (first["version"], first["action"], first["before"]) == (1, "created", None)
    assert first["by"]["id"] == team.annotator.id
    assert first["after"]["target"] == made["target"]
    assert (second["version"], second["by"]["id"]) == (2, team.reviewer.id)
    assert set(second["after"]) == {"note", "target"}
    assert second["before"]["note"] is None
    restored = reviewer.post(f"{path_of(made)}/restore", {"version": 1})
    assert restored.status_code == 200
    assert restored.json["version"] == 3
    assert restored.json["target"] == made["target"]
    assert restored.json["note"] is None
    assert_problem(reviewer.post(f"{path_of(made)}/restore", {"version": 9}), 422)


def test_others_work_is_edited_by_reviewers_and_removed_by_managers_only(api, team, annotator):
    article = new_article(annotator, team.project.slug)
    theirs = new_claim(api.as_(team.manager), article)
    assert_problem(annotator.patch(path_of(theirs), {"note": "x"}, if_match="*"), 403)
    assert_problem(api.as_(team.reviewer).delete(path_of(theirs), if_match="*"), 403)
    mine = new_claim(annotator, article, "Forty boats")
    assert api.as_(team.manager).delete(path_of(mine), if_match="*").status_code == 204
    assert_problem(annotator.get(path_of(mine)), 404)


def test_an_annotation_goes_with_its_links_and_an_article_with_everything(api, team, annotator):
    slug, manager = team.project.slug, api.as_(team.manager)
    article, other = new_article(annotator, slug), new_article(annotator, slug)
    one, two = new_claim(annotator, article), new_claim(annotator, other)
    three = new_claim(annotator, other, "Forty boats")
    gone = new_link(annotator, slug, one["id"], two["id"])
    kept = new_link(annotator, slug, two["id"], three["id"])
    assert annotator.delete(path_of(one), if_match="*").status_code == 204
    assert_problem(annotator.get(f"/links/{gone['id']}"), 404)
    assert annotator.get(f"/links/{kept['id']}").status_code == 200
    assert manager.delete(f"/articles/{other}", if_match="*").status_code == 204
    for path in (f"/articles/{other}", path_of(two), f"/links/{kept['id']}"):
        assert_problem(annotator.get(path), 404)
    assert manager.delete(f"/projects/{slug}", if_match="*").status_code == 204
