"""What clients send and must not: every fault by its place, whatever its shape."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel.errors import Invalid
from app.webannotation.reading import read
from tests.factories.teams import Team
from tests.support.api import Api
from tests.support.problems import assert_problem, pointers, pointers_of
from tests.webannotation.making import (
    ANNO,
    Container,
    Json,
    classifying,
    last,
    linked,
    position,
    quote,
    target,
    text,
    told,
)

HOME = "https://x.example/api/v1/articles/01a214e2-d7fb-77ef-9aea-7aea7c5e2920"
ONE, TWO = (f"https://x.example/wa/p/01a214e2-d7fb-77ef-9aea-7aea7c5e292{n}" for n in (1, 2))
DATA: Json = {"type": "Figure", "ft:value": "40", "ft:as_of": {"ft:date": "2015"}}


def at(*selectors: Json) -> Json:
    return target(HOME, *selectors)


def data(**more: Any) -> list[Json]:
    return [classifying("Figure"), {**DATA, **more}]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"@context": None}, "/@context", "unknown_context"),
        ({"@context": ["https://other.example"]}, "/@context", "unknown_context"),
        ({"@context": [ANNO, {"body": "https://evil.example"}]}, "/@context", "unknown_context"),
        ({"type": "Note"}, "/type", "not_an_annotation"),
        ({"type": {"@id": "Annotation"}}, "/type", "not_an_annotation"),
        ({"id": "no iri"}, "/id", "not_an_iri"),
        ({"id": ["urn:a:b", "urn:a:c"]}, "/id", "length"),
        ({"canonical": 7}, "/canonical", "not_an_iri"),
        ({"via": ["urn:x:y", "x"]}, "/via/1", "not_an_iri"),
        ({"bodyValue": "x"}, "/bodyValue", "two_bodies"),
        ({"body": None}, "/body", "unknown_kind"),
        ({"body": "https://x.example/claim"}, "/body", "unsupported_body"),
        ({"body": [text("x", "commenting")]}, "/body", "unknown_kind"),
        ({"body": [text("claim", "tagging"), 7]}, "/body/1", "unsupported_body"),
        ({"body": text("claim", "questioning")}, "/body/purpose", "unsupported_body"),
        ({"body": {"type": "Choice", "items": []}}, "/body", "unsupported_body"),
        ({"body": {**text("claim", "tagging"), "format": "text/html"}}, "/body/format",
         "unsupported_body"),
        ({"body": {**text("claim", "tagging"), "a/b": 1}}, "/body/a~1b", "unknown_field"),
        ({"body": {**text("claim", "tagging"), "value": {"x": 1}}}, "/body/value", "not_a_string"),
        ({"body": [text("claim", "tagging"), classifying("Person")]}, "/body/1",
         "unsupported_body"),
        ({"body": [text("claim", "tagging"), {"source": ONE, "purpose": "linking"}]}, "/body/1",
         "unsupported_body"),
        ({"body": [text("claim", "tagging"), {"source": ONE, "purpose": "identifying"}]},
         "/body/1/purpose", "unsupported_body"),
        ({"body": [classifying("Claim"), {"source": {"x": 1}, "purpose": "classifying"}]},
         "/body/1/source", "not_an_iri"),
        ({"body": [*data(), dict(DATA)]}, "/body/2", "two_bodies"),
        ({"body": data(**{"ft:valeu": 1})}, "/body/1/ft:valeu", "unknown_field"),
        ({"body": data(value=1)}, "/body/1/value", "unknown_field"),
        ({"body": [{"type": "Attribution", "ft:sources": ["X"]}]}, "/body/0/ft:sources/0",
         "not_an_object"),
        ({"body": [{"type": "Attribution", "ft:part_cue": [
            target("urn:x:other", quote("said"))]}]}, "/body/0/ft:part_cue/0/source", "bad_target"),
        ({"target": None}, "/target", "bad_target"),
        ({"target": []}, "/target", "bad_target"),
        ({"target": HOME}, "/target", "bad_target"),
        ({"target": {"selector": quote("x")}}, "/target/source", "bad_target"),
        ({"target": {"source": HOME}}, "/target/selector", "missing_selector"),
        ({"target": {"source": HOME, "selector": ["x"]}}, "/target/selector/0", "not_an_object"),
        ({"target": {**at(quote("x")), "x": 1}}, "/target/x", "unknown_field"),
        ({"target": at({"type": "XPathSelector", "value": "/"})}, "/target/selector",
         "missing_selector"),
        ({"target": at({**quote("x"), "refinedBy": position(1, 2)})}, "/target/selector/refinedBy",
         "unsupported_selector"),
        ({"target": at(quote("x"), quote("y"))}, "/target/selector/1", "two_selectors"),
        ({"target": at({"type": "TextQuoteSelector"})}, "/target/selector/exact", "not_a_string"),
        ({"target": at({"type": "TextPositionSelector", "start": 2})}, "/target/selector/end",
         "missing_offsets"),
        ({"target": [at(position(1, 2)), at(quote("x"))]}, "/target/1/selector",
         "missing_offsets"),
        ({"target": [at(position(1, 2)), target("urn:x:other", position(3, 4))]}, "/target",
         "bad_target"),
    ],
)  # fmt: skip
def test_faults_are_named_by_their_place(changes: Json, pointer: str, code: str) -> None:
    document = {name: value for name, value in {**told(HOME), **changes}.items() if value}
    with pytest.raises(Invalid) as refused:
        read(document)
    assert pointers_of(refused.value).get(pointer) == code, refused.value.errors


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"target": [ONE, TWO]}, "/target", "bad_target"),
        ({"target": {"x": 1}}, "/target", "bad_target"),
        ({"body": [{"source": ONE, "purpose": "linking"}]}, "/body", "unknown_relation"),
        ({"body": [{"source": ONE, "purpose": "linking"}, classifying("likes")]}, "/body",
         "unknown_relation"),
        ({"body": [{"source": ONE, "purpose": "linking"}, classifying("contradicts"),
                   text("x", "tagging")]}, "/body/2", "unsupported_body"),
        ({"body": [{"source": ONE, "purpose": "linking"}, {"source": TWO, "purpose": "linking"},
                   classifying("contradicts")]}, "/body/1", "unsupported_body"),
        ({"body": [{"source": ONE, "purpose": "linking"}, classifying("contradicts"),
                   {"type": "Link", "ft:value": 1}]}, "/body/2/ft:value", "unknown_field"),
    ],
)  # fmt: skip
def test_faults_of_links_too(changes: Json, pointer: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read({**linked(ONE, TWO), **changes})
    assert pointers_of(refused.value).get(pointer) == code, refused.value.errors


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"target": at(quote("Forty"), position(3, 8))}, "/target/selector/0/exact",
         "quote_mismatch"),
        ({"target": at(position(2, 5000))}, "/target/selector/end", "past_the_end"),
        ({"target": at(position(2, 2))}, "/target/selector/end", "empty_span"),
        ({"target": at({**position(0, 2), "start": 0.5})}, "/target/selector/start",
         "not_an_integer"),
        ({"target": at({**position(0, 2), "start": True})}, "/target/selector/start",
         "not_an_integer"),
        ({"target": at(quote("nowhere"))}, "/target/selector/exact", "quote_not_found"),
        ({"target": at(quote("Nobody was hurt"))}, "/target/selector/exact", "ambiguous_quote"),
        ({"target": [at(position(5, 7)), at(position(2, 6))]}, "/target/0/selector",
         "fragments_overlap"),
        ({"body": data(**{"ft:value": "x"})}, "/body/1/ft:value", None),
        ({"body": data(**{"ft:as_of": {"ft:date": "x", "ft:precision": "day"}})},
         "/body/1/ft:as_of/ft:date", None),
        ({"body": data(**{"ft:state": "approved"})}, "/body/1/ft:state", "not_a_choice"),
        ({"body": data(**{"ft:confidence": 7})}, "/body/1/ft:confidence", "not_a_string"),
        ({"body": [text("claim", "tagging"), text("x" * 101, "tagging")]}, "/body/1/value",
         "length"),
        ({"body": [text("claim", "tagging"), text("x" * 10_001, "commenting")]}, "/body/1/value",
         "length"),
        ({"rating": 5}, "/rating", "unknown_field"),
    ],
)  # fmt: skip
def test_faults_that_the_text_and_the_schemas_find(
    here: Container, source: str, changes: Json, pointer: str, code: str | None
) -> None:
    document = json.loads(json.dumps({**told(HOME), **changes}).replace(HOME, source))
    refused = assert_problem(here.post(document), 422)
    assert pointer in pointers(refused), refused
    assert code in (None, pointers(refused)[pointer])
    if code in {"quote_mismatch", "ambiguous_quote"}:
        assert refused["candidates"]
    assert here.get().json["total"] == 0


def test_places_of_several_stretches_lead_back_to_their_order(here: Container, source: str) -> None:
    spans = [target(source, position(14, 16), quote("🚤🚤")), target(source, position(2, 7))]
    made = here.made(told(source, target=spans))
    starts = [piece["selector"][0]["start"] for piece in made["target"]]
    assert starts == [2, 14]
    spans[0]["selector"][1]["exact"] = "no"
    refused = assert_problem(here.post(told(source, target=spans)), 422)
    assert pointers(refused) == {"/target/0/selector/1/exact": "quote_mismatch"}


def test_places_are_code_points_and_not_utf_16(here: Container, source: str) -> None:
    both = target(source, position(14, 16), quote("🚤🚤"))
    assert here.made(told(source, target=both))["target"]["selector"][0]["end"] == 16
    utf16 = target(source, position(14, 18), quote("🚤🚤"))
    assert_problem(here.post(told(source, target=utf16)), 422, "quote_mismatch")


def test_remote_contexts_are_never_fetched(
    here: Container, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.create_connection", forbidden)
    monkeypatch.setattr("socket.getaddrinfo", forbidden)
    contexts = [ANNO, "http://169.254.169.254/latest", "https://evil.example/context.jsonld"]
    assert here.post(told(source, **{"@context": contexts})).status_code == 201


WRONG = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("a:/#é", max_size=5)
    | st.sampled_from([ANNO, "Annotation", "TextualBody", "linking", "claim", HOME, ONE]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "type", "value", "source", "purpose", "selector", "exact", "start",
                         "end", "ft:value", "ft:sources", "ft:part_cue", "@id", "items"]),
        inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
SAMPLES = [
    told(HOME, body=data()),
    told(HOME, body=[{"type": "Attribution", "ft:sources": [{"ft:name": "X"}],
                      "ft:part_cue": [at(quote("said"))]}], target=[at(position(1, 2))] * 2),
    linked(ONE, TWO),
]  # fmt: skip


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Every member of every object and array in it."""
    pairs = list(node.items() if isinstance(node, dict) else enumerate(node))
    inner = [pair for _, value in pairs if isinstance(value, (dict, list))
             for pair in _places(value)]  # fmt: skip
    return [(node, name) for name, _ in pairs] + inner


@given(st.data(), st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_whatever_stands_where_it_does_not_belong_is_refused_or_read(
    drawn: st.DataObject, chance: random.Random
) -> None:
    document = copy.deepcopy(drawn.draw(st.sampled_from(SAMPLES)))
    for _ in range(drawn.draw(st.integers(1, 3))):
        node, name = chance.choice(_places(document))
        node[name] = drawn.draw(WRONG)
    sent = {name: value for name, value in document.items() if value is not None}
    for pointer in _faults(sent):
        assert pointer == "" or pointer.startswith("/")


def _faults(document: Json) -> list[str]:
    try:
        assert read(document).data
    except Invalid as refused:
        return [error["pointer"] for error in refused.errors]
    return []


@given(wrong=WRONG, name=st.sampled_from(["@context", "type", "target", "body", "id", "via"]))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_shape_is_too_much_for_the_server(
    here: Container, source: str, wrong: Any, name: str
) -> None:
    document = json.loads(json.dumps(told(HOME, **{name: wrong})).replace(HOME, source))
    assert here.post(document).status_code in {201, 409, 422}


def test_bodies_too_deep_too_large_or_broken(here: Container, source: str, make_app: Any) -> None:
    for raw, status in (
        (b'{"body":' * 70 + b"1" + b"}" * 70, 400),
        (b'{"@context": "\\ud800"}', 422),
        (b'{"type": "Annotation", "type": "Annotation"}', 422),
        (b"[]", 422),
        (b"7", 422),
        (b'{"id": NaN}', 400),
        (b" " * (8 * 1024 * 1024 + 1), 413),
    ):
        answer = here.api.post(here.path, data=raw, content_type="application/ld+json")
        assert answer.status_code == status, answer.text
    many = told(source, body=[text("claim", "tagging")] * 101)
    assert_problem(here.post(many), 422, "length")
    targets = told(source, target=[target(source, position(n, n + 1)) for n in range(65)])
    assert_problem(here.post(targets), 422, "bad_target")


def test_names_from_elsewhere_are_kept(here: Container, source: str) -> None:
    names = {"id": "https://other.example/a", "canonical": "urn:uuid:1-2", "via": "urn:x:via"}
    made = here.made(told(source, **names))
    assert (made["canonical"], made["via"]) == ("urn:uuid:1-2", ["urn:x:via", names["id"]])
    ident = last(made)
    assert made["id"] != names["id"]
    plain = told(source)
    for fixed in ({"canonical": "urn:uuid:2"}, {"via": "urn:x:other"}, {"id": "urn:x:else"}):
        refused = assert_problem(here.put(ident, {**plain, **fixed}), 409, "read_only")
        assert [error["pointer"] for error in refused["errors"]] == [f"/{next(iter(fixed))}"]
    kept = here.put(ident, plain).json
    assert (kept["canonical"], kept["via"]) == (made["canonical"], made["via"])
    assert kept["body"][1]["ft:external_id"] == names["id"]
    unnamed = last(here.made(plain))
    fresh = here.put(unnamed, {**plain, "canonical": "urn:uuid:3"}).json
    assert (fresh["canonical"], "via" in fresh) == ("urn:uuid:3", False)


def test_names_go_with_what_they_name(
    here: Container, me: Api, api: Api, team: Team, source: str, article: str
) -> None:
    named = [here.made(told(source, id=f"urn:x:{n}", canonical=f"urn:y:{n}")) for n in range(3)]
    link = here.made(linked(named[0]["id"], named[1]["id"], id="urn:x:l", canonical="urn:y:l"))
    assert here.get(last(link)).json["via"] == "urn:x:l"
    assert me.delete(f"/annotations/{last(named[0])}", if_match="*").status_code == 204
    assert here.get(last(link)).status_code == 410
    gone = api.as_(team.manager).delete(f"/articles/{article}", if_match="*")
    assert gone.status_code == 204, gone.text
    assert here.get(last(named[1])).status_code == 410


def test_markdown_is_taken_for_plain_text(here: Container, source: str) -> None:
    note = {**text("*So.*", "commenting"), "format": "text/markdown"}
    made = here.made(told(source, body=[text("claim", "tagging"), note]))
    assert made["body"][2] == {**text("*So.*", "commenting"), "format": "text/plain"}


def test_the_same_thing_from_elsewhere_is_not_made_twice(here: Container, source: str) -> None:
    foreign = told(source, id="https://other.example/a")
    made = here.made(foreign)
    assert assert_problem(here.post(foreign), 409, "external_id_taken")["id"] == last(made)
    long = told(source, id="https://other.example/" + "a" * 300)
    assert here.made(long)["via"] == long["id"]


def test_what_stays_as_it_is(here: Container, others: Container, source: str, article: str) -> None:
    ident = last(here.made(told(source)))
    served = here.get(ident).json
    state = copy.deepcopy(served)
    state["body"][1]["ft:state"] = "approved"
    refused = assert_problem(here.put(ident, state), 409, "read_only")
    assert refused["errors"][0]["pointer"] == "/body/1/ft:state"
    away = told("urn:x:elsewhere")
    assert_problem(here.put(ident, away), 409, "read_only")
    other = here.made(told(source))
    link = here.made(linked(served["id"], other["id"]))
    assert_problem(here.put(ident, link), 409, "read_only")
    assert_problem(here.put(last(link), served), 409, "read_only")
    swapped = linked(other["id"], served["id"])
    assert_problem(here.put(last(link), swapped), 409, "read_only")
    self_link = linked(other["id"], other["id"])
    assert_problem(here.post(self_link), 422, "self_link")
    nowhere = linked(other["id"], "https://x.example/wa/p/00000000-0000-7000-8000-000000000000")
    refused = assert_problem(here.post(nowhere), 422, "not_in_project")
    assert pointers(refused) == {"/target": "not_in_project"}
    wrong = linked("urn:x:y", other["id"])
    assert pointers(assert_problem(here.post(wrong), 422)) == {"/body/0/source": "not_an_id"}
    assert others.put(ident, served).status_code == 200  # a reviewer may edit


def test_an_edit_of_what_was_approved_goes_back_to_review(
    here: Container, others: Container, source: str
) -> None:
    made = here.made(told(source, body=[{"type": "Claim", "ft:state": "submitted"}]))
    review = f"/annotations/{last(made)}/review"
    assert others.api.post(review, {"action": "approve"}, if_match="*").status_code == 200
    served = here.get(last(made))
    assert served.json["body"][1]["ft:state"] == "approved"
    same = here.put(last(made), served.json, if_match=served)
    assert same.json["body"][1]["ft:state"] == "approved"
    other = {**served.json, "body": [*served.json["body"], text("Otherwise.", "commenting")]}
    answer = here.put(last(made), other, if_match=served)
    assert answer.json["body"][1]["ft:state"] == "submitted"
    history = here.api.get(f"/annotations/{last(made)}/history").json["items"]
    assert history[-1]["action"] == "edited"
