"""Tagging: what is stored, what is derived, and what is refused without a trace."""

import json

import pytest

from tests.factories.writing import TEXT, new_article, new_claim
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once

RTL = "قال المتحدث 40٪ 👩‍🚀 e\u0301te\u0301\r\n\u00a0end"


@pytest.fixture
def article(api, team):
    return new_article(api.as_(team.annotator), team.project.slug)


@pytest.fixture
def tag(api, team, article):
    """Tags a span of the article as the annotator."""
    return lambda body, **more: api.as_(team.annotator).post(
        f"/articles/{article}/annotations", body, **more
    )


def claim(**target):
    return {"kind": "claim", "target": target}


def nothing_stored(api, team, article):
    return api.as_(team.viewer).get(f"/articles/{article}/annotations").json["items"] == []


def test_a_claim_comes_back_whole(tag, team):
    answer = tag(
        {
            "kind": "claim",
            "target": {"start": 45, "end": 60, "exact": "Nobody was hurt"},
            "attributes": {"statement": "No one was injured.", "topic": "safety"},
            "tags": ["people", "people"],
            "note": "n",
            "confidence": "low",
            "origin": "machine",
            "score": 0.5,
            "state": "submitted",
            "external_id": "x-1",
        }
    )
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/annotations/{answer.json['id']}"
    made = answer.json
    assert made["target"] == {
        "start": 45,
        "end": 60,
        "exact": "Nobody was hurt",
        "prefix": TEXT[13:45],
        "suffix": ", said the mayor.",
        "unit": "codepoint",
    }
    assert made["tags"] == ["people"]
    assert made["score"] == 0.5
    assert made["author"] == {"id": team.annotator.id, "name": team.annotator.name}
    assert made["version"] == 1
    assert made["links"] == {"corroborates": 0, "contradicts": 0}


def test_null_in_a_span_is_as_good_as_nothing(tag):
    nothing = dict.fromkeys(("prefix", "suffix", "unit", "fragments"))
    offsets = tag(claim(**nothing, start=2, end=7, exact=None)).json["target"]
    quoted = tag(claim(**nothing, start=None, end=None, exact="Forty")).json["target"]
    pieces = [{"start": 2, "end": 7, "exact": None, "unit": None}, {"start": 14, "end": 18}]
    assert offsets["exact"] == quoted["exact"] == "Forty"
    assert tag(claim(fragments=pieces)).json["target"]["fragments"][0]["exact"] == "Forty"
    parts = {"source": None, "cue": [{**nothing, "start": 2, "end": 7}]}
    answer = tag({**claim(exact="Forty"), "kind": "attribution", "parts": parts})
    assert [len(answer.json["parts"][name]) for name in ("source", "cue", "content")] == [0, 1, 0]


def test_a_part_has_no_more_pieces_than_a_patch_may_send_back(api, team, article, tag):
    """Each fragment of a part is a piece of it, and every patch holds the whole part."""

    def said(spans: int) -> dict:
        pairs = [{"fragments": [{"start": 0, "end": 1}, {"start": 2, "end": 3}]}] * spans
        return {**claim(start=0, end=19), "kind": "attribution", "parts": {"cue": pairs}}

    assert pointers(assert_problem(tag(said(33)), 422, "length")) == {"/parts/cue": "length"}
    assert nothing_stored(api, team, article)
    made = tag(said(32)).json
    assert len(made["parts"]["cue"]) == 64
    author = api.as_(team.annotator)
    patched = author.patch(f"/annotations/{made['id']}", {"note": "n"}, if_match="*")
    assert patched.status_code == 200


@pytest.mark.parametrize(
    ("target", "pointer", "code"),
    [
        ({"start": -1, "end": 3}, "/target/start", "negative_offset"),
        ({"start": 5, "end": 2}, "/target/end", "reversed_span"),
        ({"start": 5, "end": 5}, "/target/end", "empty_span"),
        ({"start": 5, "end": 500}, "/target/end", "past_the_end"),
        ({"start": True, "end": 3}, "/target/start", "not_an_integer"),
        ({"start": 1.5, "end": 3}, "/target/start", "not_an_integer"),
        ({"start": 1.0, "end": 3}, "/target/start", "not_an_integer"),
        ({"start": "1", "end": 3}, "/target/start", "not_an_integer"),
        ({"start": 0, "end": 2**62}, "/target/end", "past_the_end"),
        ({"start": 3}, "/target/end", "missing_offsets"),
        ({}, "/target", "missing_offsets"),
        ({"start": 0, "end": 3, "exact": "no"}, "/target/exact", "quote_mismatch"),
        ({"exact": "not there"}, "/target/exact", "quote_not_found"),
        ({"exact": "said"}, "/target/exact", "ambiguous_quote"),
        ({"exact": ""}, "/target/exact", "empty_span"),
        ({"start": 0, "end": 1, "unit": "byte"}, "/target/end", "inside_code_point"),
        ({"start": 0, "end": 1, "unit": "grapheme"}, "/target/unit", "not_a_choice"),
        ({"start": 0, "end": 1, "from": 2}, "/target/from", "unknown_field"),
        ({"fragments": [{"start": 9, "end": 12}, {"start": 2, "end": 5}]}, None, None),
        ({"fragments": [{"start": 2, "end": 9}, {"start": 5, "end": 12}]}, None, None),
        ("text", "/target", "not_an_object"),
        (None, "/target", "null"),
    ],
)
def test_a_span_that_does_not_fit_is_refused_by_name(
    api, team, article, tag, target, pointer, code
):
    document = assert_problem(tag({"kind": "claim", "target": target}), 422)
    if pointer is not None:
        assert pointers(document).get(pointer) == code, document
        assert document["code"] == code
    assert nothing_stored(api, team, article)


def test_a_wrong_quote_is_answered_with_what_stands_there_and_where_it_is(tag):
    document = assert_problem(
        tag(claim(start=0, end=15, exact="Nobody was hurt")), 422, "quote_mismatch"
    )
    assert document["found"] == TEXT[0:15]
    assert [(c["start"], c["end"]) for c in document["candidates"]] == [(45, 60)]


def test_an_ambiguous_quote_is_answered_with_the_places_and_context_decides(tag):
    document = assert_problem(tag(claim(exact="said")), 422, "ambiguous_quote")
    assert [c["start"] for c in document["candidates"]] == [39, 62]
    assert tag(claim(exact="said", suffix=" the mayor")).json["target"]["start"] == 62


def test_units_agree_with_pythons_own_encoders(api, team):
    annotator = api.as_(team.annotator)
    article = new_article(annotator, team.project.slug, RTL)
    start = RTL.index("40")
    end = start + 3
    for unit, length in (
        ("utf16", lambda text: len(text.encode("utf-16-le")) // 2),
        ("byte", lambda text: len(text.encode())),
    ):
        span = {"start": length(RTL[:start]), "end": length(RTL[:end]), "unit": unit}
        made = annotator.post(f"/articles/{article}/annotations?unit={unit}", claim(**span)).json
        assert made["target"]["exact"] == RTL[start:end]
        assert (made["target"]["start"], made["target"]["end"]) == (span["start"], span["end"])
        read = annotator.get(f"/annotations/{made['id']}").json
        assert (read["target"]["start"], read["target"]["end"]) == (start, end)


def test_fragments_may_say_themselves_how_they_count(api, team):
    annotator = api.as_(team.annotator)
    article = new_article(annotator, team.project.slug, "😀 40 boats, 😀 a dozen crew")
    path = f"/articles/{article}/annotations"
    made = annotator.post(path, claim(fragments=[{"start": 2, "end": 4}, {"start": 14, "end": 21}]))
    told = annotator.get(f"/annotations/{made.json['id']}?unit=utf16").json["target"]["fragments"]
    assert [(piece["start"], piece["unit"]) for piece in told] == [(3, "utf16"), (16, "utf16")]
    again = annotator.post(path, claim(fragments=told))
    assert again.json["target"] == made.json["target"]
    mixed = [{"start": 2, "end": 4}, {"start": 16, "end": 23, "unit": "utf16"}]
    assert annotator.post(path, claim(fragments=mixed)).json["target"] == made.json["target"]
    halved = [{"start": 1, "end": 4, "unit": "utf16"}, {"start": 14, "end": 21}]
    document = assert_problem(annotator.post(path, claim(fragments=halved)), 422)
    assert pointers(document) == {"/target/fragments/0/start": "inside_code_point"}


def test_half_a_surrogate_pair_is_no_place(api, team):
    annotator = api.as_(team.annotator)
    article = new_article(annotator, team.project.slug, "a😀b")
    body = claim(start=0, end=2, unit="utf16")
    document = assert_problem(annotator.post(f"/articles/{article}/annotations", body), 422)
    assert pointers(document) == {"/target/end": "inside_code_point"}


def test_spans_nest_overlap_and_coincide_in_text_order(api, team, article, tag):
    spans = [(2, 19), (2, 7), (2, 19), (5, 30), (0, 76)]
    for start, end in spans:
        assert tag(claim(start=start, end=end)).status_code == 201
    read = api.as_(team.viewer).get(f"/articles/{article}/annotations").json["items"]
    found = [(a["target"]["start"], a["target"]["end"]) for a in read]
    assert found == sorted(spans, key=lambda span: (span[0], -span[1]))


def test_a_discontinuous_span_keeps_its_pieces_and_its_envelope(tag):
    made = tag(claim(fragments=[{"start": 2, "end": 7}, {"start": 14, "end": 18}])).json
    assert made["target"]["fragments"] == [
        {"start": 2, "end": 7, "exact": "Forty"},
        {"start": 14, "end": 18, "exact": "sank"},
    ]
    assert (made["target"]["start"], made["target"]["end"]) == (2, 18)
    assert made["target"]["exact"] == "Forty boats sank"


def test_what_lies_in_an_attributions_content_is_reported_by_the_innermost(api, team, tag):
    outer = tag(
        {
            "kind": "attribution",
            "target": {"start": 0, "end": 76},
            "parts": {"content": [{"start": 2, "end": 76}]},
        }
    ).json
    inner = tag(
        {
            "kind": "attribution",
            "target": {"start": 2, "end": 43},
            "parts": {"content": [{"start": 2, "end": 18}], "cue": [{"start": 39, "end": 43}]},
        }
    ).json
    figure = {
        "kind": "figure",
        "target": {"exact": "Forty boats"},
        "attributes": {"value": "40"},
    }
    assert tag(figure).json["reported_by"] == inner["id"]
    assert inner["reported_by"] == outer["id"]
    assert outer["reported_by"] is None
    assert tag(claim(exact="Nobody was hurt")).json["reported_by"] == outer["id"]


def test_a_list_is_stored_whole_or_not_at_all(api, team, article, tag):
    good, bad = claim(start=0, end=3), claim(start=3, end=999)
    document = assert_problem(tag([good, bad, {"kind": "wish", "target": {}}]), 422)
    assert pointers(document) == {"/2/kind": "not_a_choice"}
    document = assert_problem(tag([good, bad]), 422)
    assert pointers(document) == {"/1/target/end": "past_the_end"}
    assert_problem(tag([]), 422)
    assert nothing_stored(api, team, article)
    answer = tag([good, good])
    assert answer.status_code == 201
    assert len(answer.json["items"]) == 2


def test_a_list_past_the_limit_is_refused_with_the_limit(make_app, team, article):
    from tests.support.api import Api

    small = Api(make_app(max_items_per_request=2)).as_(team.annotator)
    answer = small.post(f"/articles/{article}/annotations", [claim(start=0, end=1)] * 3)
    assert "2" in assert_problem(answer, 413)["detail"]


@pytest.mark.parametrize(
    ("kind", "attributes", "pointer", "code"),
    [
        ("figure", {}, "/attributes/value", "value_needed"),
        ("figure", {"value": 1, "value_max": 2}, "/attributes/value_max", "value_max_unexpected"),
        ("figure", {"value": 1, "comparator": "between"}, "/attributes/value_max", None),
        ("figure", {"value": True}, "/attributes/value", "not_a_number"),
        ("figure", {"value": "NaN"}, "/attributes/value", "not_a_number"),
        ("figure", {"value": "1e999999"}, "/attributes/value", "too_many_digits"),
        ("figure", {"value": 1, "as_of": {"value": "2015", "precision": "day"}}, None, None),
        ("claim", {"modality": "certain"}, "/attributes/modality", None),
        ("claim", {"value": 1}, "/attributes/value", "unknown_field"),
        ("claim", {"extra": {"a": 1}}, "/attributes/extra", "no_attribute_schema"),
        ("attribution", {"sources": [{"type": "person"}]}, "/attributes/sources/0/name", None),
    ],
)
def test_attributes_are_checked_by_kind(tag, kind, attributes, pointer, code):
    body = {"kind": kind, "target": {"start": 0, "end": 3}, "attributes": attributes}
    document = assert_problem(tag(body), 422)
    if pointer is not None:
        assert pointer in pointers(document), document
    if code is not None:
        assert pointers(document)[pointer] == code


@pytest.mark.parametrize("value", [1700, "1700", "1700.50", 0.1, "0.10", -3])
def test_numbers_are_exact_decimals_answered_as_text(tag, value):
    body = {"kind": "figure", "target": {"start": 0, "end": 3}, "attributes": {"value": value}}
    assert tag(body).json["attributes"]["value"] == str(value)


def test_a_projects_own_schema_and_tags_are_held_to(api, team, tag):
    manager = api.as_(team.manager)
    path = f"/projects/{team.project.slug}"
    schema = {"type": "object", "required": ["desk"], "properties": {"desk": {"enum": ["city"]}}}
    settings = {"tag_set": ["losses"], "attribute_schema": schema}
    manager.patch(path, {"settings": settings}, if_match=manager.get(path))
    document = assert_problem(tag({**claim(start=0, end=1), "tags": ["people"]}), 422)
    assert pointers(document) == {
        "/attributes/extra": "attribute_schema",
        "/tags/0": "unknown_tag",
    }
    good = {**claim(start=0, end=1), "tags": ["losses"], "attributes": {"extra": {"desk": "city"}}}
    assert tag(good).json["attributes"] == {"extra": {"desk": "city"}}


@pytest.mark.parametrize(
    "more",
    [
        {"score": 0.5},
        {"origin": "machine", "score": 1.5},
        {"origin": "machine", "score": True},
        {"state": "approved"},
        {"parts": {"content": [{"start": 0, "end": 1}]}},
        {"tags": [""]},
        {"tags": "people"},
        {"id": "01a20a82-a638-7c17-8c1e-4734bcdf9532"},
        {"version": 3},
        {"note": "a\x00b"},
    ],
)
def test_what_a_body_may_not_say_is_refused(api, team, article, tag, more):
    assert_problem(tag({**claim(start=0, end=3), **more}), 422)
    assert nothing_stored(api, team, article)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b'{"kind": "claim", "kind": "claim", "target": {"start": 0, "end": 1}}', 422),
        (b'{"kind": "claim", "target": {"start": NaN, "end": 1}}', 400),
        (b'{"kind": "claim", "target": {"start": 0, "end": Infinity}}', 400),
        (b'{"kind": "claim"', 400),
        (b'"\xff"', 400),
        (b"[" * 200 + b"]" * 200, 400),
        (b'{"kind": "claim", "target": {"exact": "\\ud800"}}', 422),
        (b'{"kind": "claim", "note": "\\u0000", "target": {"exact": "Forty"}}', 422),
        (b"null", 422),
        (b"", 400),
    ],
)
def test_json_that_is_none_is_refused(api, team, article, raw, status):
    answer = api.as_(team.annotator).post(f"/articles/{article}/annotations", data=raw)
    assert_problem(answer, status)
    assert nothing_stored(api, team, article)


def test_a_body_of_ten_megabytes_and_another_media_type_are_refused(api, team, article):
    path = f"/articles/{article}/annotations"
    annotator = api.as_(team.annotator)
    huge = json.dumps({**claim(start=0, end=1), "note": "x" * 10_000_000}).encode()
    assert_problem(annotator.post(path, data=huge), 413)
    assert_problem(annotator.post(path, claim(start=0, end=1), content_type="text/plain"), 415)


def test_an_external_id_is_unique_even_at_the_same_moment(api, team, article, tag):
    body = {**claim(start=0, end=1), "external_id": "mine"}
    first, second = sorted(
        at_once(lambda: tag(body), lambda: tag(body)), key=lambda answer: answer.status_code
    )
    assert first.status_code == 201
    document = assert_problem(second, 409, "external_id_taken")
    assert document["id"] == first.json["id"]
    twice = [{**body, "external_id": "two"}, {**body, "external_id": "two"}]
    assert_problem(tag(twice), 409, "external_id_taken")


def test_a_viewer_tags_nothing_and_a_stranger_sees_nothing(api, team, article):
    path, body = f"/articles/{article}/annotations", claim(start=0, end=1)
    assert_problem(api.as_(team.viewer).post(path, body), 403)
    assert_problem(api.as_(team.outsider).post(path, body), 404)
    assert_problem(api.post(path, body), 401)


def test_who_reports_a_span_is_found_without_reading_all_of_its_article(
    api, team, article, database, statements
):
    annotator = api.as_(team.annotator)
    dense = [claim(start=0, end=n % 9 + 1) for n in range(400)]
    assert annotator.post(f"/articles/{article}/annotations", dense).status_code == 201
    with statements() as seen:
        new_claim(annotator, article)
    (near,) = (statement for statement in seen if "attribution" in statement)
    lite = database.dialect == "sqlite"
    given = {"project": team.project.id, "article": article, "revision": 1, "end": 9, "start": 3}
    with database.writer.connect() as opened:
        if not lite:  # so small a table it would read as a whole
            opened.exec_driver_sql("ANALYZE annotations")
            opened.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = f"{'EXPLAIN QUERY PLAN' if lite else 'EXPLAIN'} {near}"
        plan = opened.exec_driver_sql(explain, tuple(given.values()) if lite else given).all()
    assert "ix_annotations_places" in str(plan)


def test_no_more_than_four_statements(api, team, article, tag, statements):
    new_claim(api.as_(team.annotator), article)
    with statements() as seen:
        tag({**claim(start=0, end=3), "tags": ["a", "b"]})
    assert len(seen) <= 4, seen
    with statements() as seen:
        tag([{**claim(start=n, end=n + 3), "tags": ["a"]} for n in range(50)])
    assert len(seen) <= 4, seen
