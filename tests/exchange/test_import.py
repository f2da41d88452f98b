"""Imports over HTTP: what comes in, in which order, and what is refused where."""

import gzip
import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from app.exchange.formats import FORMATS
from app.exchange.formats.ndjson_writing import written
from app.exchange.imports import running, service
from app.exchange.imports.lite import SqliteStore
from app.exchange.imports.postgres import PostgresStore
from app.exchange.imports.reporting import Report
from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.exchange.formats.reading import zip_of
from tests.exchange.formats.sample import MemoryDataset
from tests.exchange.making import TEXT, add_annotation, add_article, change, unveil
from tests.exchange.samples import importable
from tests.factories.accounts import Person, add_person, add_token
from tests.factories.projects import MadeProject, add_member
from tests.factories.teams import Team
from tests.support.api import Answer, Api
from tests.support.feed import told_with
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once

Json = dict[str, Any]
KEY = "01900000-0000-7000-8000-00000000000{}"


def line(type_: str, **members: Any) -> Json:
    return {"type": type_, **members}


def article(**more: Any) -> Json:
    return line("article", title="A strike", text=TEXT, external_id="one", **more)


def figure(exact: str = "14 people", **more: Any) -> Json:
    start = TEXT.index(exact)
    target = {"start": start, "end": start + len(exact), "exact": exact}
    given = {"article_external_id": "one", "kind": "figure", "target": target}
    return line("annotation", **{**given, "attributes": {"value": "14"}, **more})


def link(one: str, other: str, **more: Any) -> Json:
    ends = {"from_external_id": one, "to_external_id": other}
    return line("link", relation="contradicts", **ends, **more)


def encoded(lines: list[Any]) -> bytes:
    return b"\n".join(x if isinstance(x, bytes) else json.dumps(x).encode() for x in lines)


@pytest.fixture
def mine(api: Api, annotator: Person) -> Api:
    return api.as_(annotator)


@pytest.fixture
def boss(api: Api, manager: Person) -> Api:
    return api.as_(manager)


def send(api: Api, project: MadeProject, lines: list[Any] | bytes, **query: Any) -> Answer:
    data = lines if isinstance(lines, bytes) else encoded(lines)
    headers = query.pop("headers", None)
    return api.post(
        f"{project.path}/import",
        data=data,
        query=query,
        headers=headers,
        content_type="application/x-ndjson",
    )


def counts(answer: Answer) -> tuple[list[int], int, int]:
    assert answer.status_code == 200, answer.text
    return list(answer.json["created"].values()), answer.json["unchanged"], answer.json["failed"]


def told(answer: Answer) -> list[tuple[int, str, str]]:
    return [(e["line"], e["pointer"], e["code"]) for e in answer.json["errors"]]


def listed(api: Api, project: MadeProject, what: str = "annotations") -> list[Json]:
    return list(api.get(f"{project.path}/{what}", query={"limit": "500"}).json["items"])


def test_machine_made_annotations_come_in_by_external_ids(
    mine: Api, project: MadeProject, annotator: Person
) -> None:
    lines = [
        article(),
        figure(external_id="m1", origin="machine", score=0.75, tags=["auto"], state="submitted"),
        figure("9 people", external_id="m2", origin="machine", score=1),
        link("m1", "m2", basis="numeric", external_id="l1"),
    ]
    assert counts(send(mine, project, lines)) == ([1, 2, 1, 0], 0, 0)
    first, second = listed(mine, project)
    assert (first["origin"], first["score"], first["tags"]) == ("machine", 0.75, ["auto"])
    assert first["author"]["id"] == annotator.id
    assert (first["state"], second["state"]) == ("submitted", "draft")
    assert first["target"]["prefix"] == TEXT[1:33]
    (made,) = listed(mine, project, "links")
    assert {made["from"], made["to"]} == {first["id"], second["id"]}
    assert counts(send(mine, project, lines)) == ([0, 0, 0, 0], 4, 0)


def test_an_import_is_found_by_tags_words_and_sources(mine: Api, project: MadeProject) -> None:
    said = figure(
        "Officials said 9 people died.",
        kind="attribution",
        attributes={"sources": [{"name": "Officials", "type": "government"}]},
        parts={"source": [{"exact": "Officials"}], "content": [{"exact": "9 people died"}]},
    )
    lines = [article(), figure(tags=["dead"]), figure("9 people"), said]
    assert counts(send(mine, project, lines)) == ([1, 3, 0, 1], 0, 0)
    dead = mine.get(f"{project.path}/annotations", query={"tag": "dead"}).json["items"]
    assert len(dead) == 1
    by_source = mine.get(f"{project.path}/annotations", query={"source": "officials"}).json["items"]
    assert len(by_source) == 1
    reported = [one["reported_by"] for one in listed(mine, project)]
    assert reported == [None, by_source[0]["id"], None]
    words = mine.get(f"{project.path}/articles", query={"q": "strike killed"}).json["items"]
    assert len(words) == 1


def test_offsets_may_count_in_another_unit(mine: Api, project: MadeProject) -> None:
    text = "😀 12 dead"
    words = line("article", title="T", text=text, external_id="e")

    def tagged(**target: Any) -> Json:
        return line("annotation", article_external_id="e", kind="claim", target=target)

    lines = [
        words,
        tagged(start=3, end=5, exact="12", unit="utf16"),
        tagged(start=5, end=7, exact="12", unit="byte"),
    ]
    assert counts(send(mine, project, lines)) == ([1, 2, 0, 0], 0, 0)
    lines = [words, tagged(start=3, end=5, exact="12"), tagged(start=3, end=10)]
    assert counts(send(mine, project, lines, unit="utf16")) == ([0, 2, 0, 0], 1, 0)
    spans = {(a["target"]["start"], a["target"]["end"]) for a in listed(mine, project)}
    assert spans == {(2, 4), (2, 9)}
    problem = assert_problem(send(mine, project, lines), 422, "import_failed")
    mismatch, past = problem["errors"]
    assert (mismatch["line"], mismatch["code"]) == (2, "quote_mismatch")
    assert mismatch["candidates"][0]["start"] == 2
    assert (past["line"], past["pointer"]) == (3, "/target/end")


def test_abort_leaves_nothing_and_skip_keeps_the_rest(mine: Api, project: MadeProject) -> None:
    lines = [
        article(),
        figure(external_id="good"),
        figure("9 people", attributes={"value": "nine", "unit": "x"}),
        b'{"type": "annotation", ',
        figure(external_id="tagged", tags=["a"] * 51),
        figure(kind="number"),
        line("remark"),
        b"[]",
        link("good", "gone", external_id="l1"),
        figure(external_id="last"),
        link("good", "last", external_id="l2"),
        {**figure(), "colour": "red"},
        figure(origin="human", score=0.5),
        figure(article_external_id="nobody"),
    ]
    expected = [
        (3, "/attributes/value", "not_a_number"),
        (4, "", "bad_json"),
        (5, "/tags", "length"),
        (6, "/kind", "not_a_choice"),
        (7, "/type", "unknown_type"),
        (8, "", "not_an_object"),
        (9, "/to_external_id", "unknown_annotation"),
        (12, "/colour", "unknown_field"),
        (13, "/score", "score_unexpected"),
        (14, "/article_external_id", "unknown_article"),
    ]
    refused = send(mine, project, lines)
    assert_problem(refused, 422, "import_failed")
    assert told(refused) == expected
    assert refused.json["failed"] == 10
    assert listed(mine, project) == listed(mine, project, "articles") == []
    dry = send(mine, project, lines, on_error="skip", dry_run="true")
    assert counts(dry) == ([1, 2, 1, 0], 0, 10)
    assert dry.json["dry_run"]
    assert listed(mine, project, "articles") == []
    kept = send(mine, project, lines, on_error="skip")
    assert counts(kept) == ([1, 2, 1, 0], 0, 10)
    assert told(kept) == expected
    assert {a["external_id"] for a in listed(mine, project)} == {"good", "last"}


def test_only_the_first_thousand_errors_are_told_and_all_are_counted(
    mine: Api, project: MadeProject
) -> None:
    answer = send(mine, project, [{"type": "remark"}] * 2500)
    assert len(answer.json["errors"]) == 1000
    assert answer.json["failed"] == 2500


def test_a_text_that_differs_from_the_stored_one_is_an_error(
    mine: Api, project: MadeProject
) -> None:
    stored = add_article(mine, project, external_id="one")
    changed = {**article(), "text": TEXT + "!"}
    refused = send(mine, project, [changed])
    assert told(refused) == [(1, "/text", "text_differs")]
    assert refused.json["errors"][0]["id"] == stored["id"]
    assert told(send(mine, project, [article(text_sha256="0" * 64)])) == [
        (1, "/text_sha256", "wrong_hash")
    ]


def test_lines_join_what_the_project_has_already(mine: Api, project: MadeProject) -> None:
    stored = add_article(mine, project, external_id="one")
    one = add_annotation(mine, stored, external_id="mine")
    lines = [
        figure("9 people", article_external_id=None, article_id=stored["id"], external_id="new"),
        line("link", relation="corroborates", **{"from": one["id"], "to_external_id": "new"}),
    ]
    assert counts(send(mine, project, lines)) == ([0, 1, 1, 0], 0, 0)
    again = line("link", relation="contradicts", from_external_id="new", to_external_id="mine")
    assert counts(send(mine, project, [again])) == ([0, 0, 0, 0], 1, 0)


def test_what_was_imported_is_found_by_the_id_it_has_here(boss: Api, project: MadeProject) -> None:
    lines = [article(id=KEY.format(1)), figure(id=KEY.format(2))]
    lines.append(line("source", id=KEY.format(3), name="Officials"))
    assert counts(send(boss, project, lines)) == ([1, 1, 0, 1], 0, 0)
    (stored,), (tagged,) = listed(boss, project, "articles"), listed(boss, project)
    (source,) = listed(boss, project, "sources")
    assert tagged["id"] != KEY.format(2)
    here = {"article_external_id": None, "article_id": stored["id"]}
    more = [
        {**article(id=stored["id"]), "external_id": "other"},
        figure(id=tagged["id"], **here),
        figure("9 people", external_id="b", **here),
        line("link", relation="contradicts", to_external_id="b", **{"from": tagged["id"]}),
        line("source", id=source["id"], name="Others"),
    ]
    assert counts(send(boss, project, more)) == ([0, 1, 1, 0], 3, 0)
    assert len(listed(boss, project)) == 2


def test_links_may_stand_before_nothing_they_need(mine: Api, project: MadeProject) -> None:
    lines = [article(), figure(external_id="a"), figure("9 people", external_id="b")]
    assert told(send(mine, project, [article(), link("a", "a")])) == [
        (2, "/from_external_id", "unknown_annotation")
    ]
    assert told(send(mine, project, [*lines, link("a", "a")])) == [(4, "/to", "self_link")]


def test_the_same_thing_twice_in_a_file_comes_in_once(mine: Api, project: MadeProject) -> None:
    lines = [article(), article(), figure(external_id="a"), figure(external_id="a")]
    lines += [figure("9 people", id=KEY.format(1)), figure("9 people", id=KEY.format(1))]
    lines += [link("a", "b"), figure(external_id="b"), link("b", "a")]
    assert counts(send(mine, project, lines)) == ([1, 3, 1, 0], 4, 0)


def test_other_things_of_the_server_are_out_of_reach(
    app: Application, api: Api, mine: Api, boss: Api, project: MadeProject, outsider: Person
) -> None:
    theirs = api.as_(outsider).post("/projects", {"slug": f"x{project.id}", "name": "X"}).json
    other = MadeProject(theirs["id"], theirs["slug"], theirs["name"])
    hidden = add_article(api.as_(outsider), other)
    secret = add_annotation(api.as_(outsider), hidden)
    lines = [
        article(),
        figure(external_id="a"),
        figure(article_external_id=None, article_id=hidden["id"]),
        line("link", relation="contradicts", from_external_id="a", to=secret["id"]),
    ]
    assert told(send(boss, project, lines)) == [
        (3, "/article_id", "unknown_article"),
        (4, "/to", "unknown_annotation"),
    ]
    # The same ids may still come in here as things of this project's own.
    own = [article(id=hidden["id"]), figure(id=secret["id"])]
    assert counts(send(boss, project, own)) == ([1, 1, 0, 0], 0, 0)


def test_only_managers_bring_in_what_was_decided(
    mine: Api, boss: Api, project: MadeProject
) -> None:
    verdict = {"label": "refuted", "justification": "No."}
    claim = figure(kind="claim", attributes={}, verdict=verdict)
    lines = [article(), figure(state="approved"), figure(layer="adjudicated"), claim]
    assert told(send(mine, project, lines)) == [
        (2, "/state", "state_not_allowed"),
        (3, "/layer", "layer_not_allowed"),
        (4, "/verdict", "verdict_unexpected"),
    ]
    assert counts(send(boss, project, lines)) == ([1, 3, 0, 0], 0, 0)
    assert told(send(boss, project, [figure(verdict=verdict)])) == [
        (1, "/verdict", "verdict_unexpected")
    ]
    assert told(send(boss, project, [figure(author={"id": "ann", "name": "Ann"})])) == [
        (1, "/author/id", "not_an_id")
    ]
    for no_time in ("yesterday", f"2026-01-05T10:00:00.{'0' * 100}Z"):
        assert told(send(boss, project, [figure(created_at=no_time)])) == [
            (1, "/created_at", "not_a_time")
        ]


def test_a_blind_annotator_links_only_their_own_work(
    mine: Api, boss: Api, project: MadeProject
) -> None:
    stored = add_article(boss, project, external_id="one")
    add_annotation(boss, stored, external_id="theirs")
    boss.patch(project.path, {"settings": {"blind": True}}, if_match="*")
    lines = [figure("9 people", external_id="mine"), link("mine", "theirs")]
    assert told(send(mine, project, lines)) == [(2, "/to_external_id", "unknown_annotation")]


@pytest.fixture
def blind(
    app: Application, boss: Api, project: MadeProject, manager: Person
) -> tuple[Person, Person]:
    """Two annotators in the project, which is blind and has an article."""
    boss.patch(project.path, {"settings": {"blind": True}}, if_match="*")
    add_article(boss, project, external_id="one")
    with unit_of_work(app.database):
        people = add_person(app), add_person(app)
        for person in people:
            add_member(manager, project, person, Role.annotator)
    return people


def test_who_works_blind_is_told_where_hidden_work_goes_by_the_same(
    api: Api, project: MadeProject, blind: tuple[Person, Person]
) -> None:
    one, other = map(api.as_, blind)
    lines = [
        figure(external_id="a", id=KEY.format(1)),
        figure("9 people", external_id="b"),
        link("a", "b", external_id="l"),
    ]
    assert counts(send(one, project, lines)) == ([0, 2, 1, 0], 0, 0)
    own = [figure(external_id="c"), figure("9 people", external_id="d")]
    same = [figure(external_id="a"), figure(id=KEY.format(1)), link("c", "d", external_id="l")]
    refused = [
        (3, "/external_id", "external_id_taken"),
        (4, "/id", "id_taken"),
        (5, "/external_id", "external_id_taken"),
    ]
    assert told(send(other, project, [*own, *same])) == refused
    assert counts(send(one, project, lines)) == ([0, 0, 0, 0], 3, 0)


def test_who_is_done_links_to_what_they_see(
    app: Application, api: Api, project: MadeProject, blind: tuple[Person, Person]
) -> None:
    one, other = map(api.as_, blind)
    lines = [figure(external_id="a"), figure("9 people", external_id="b")]
    send(one, project, [*lines, link("a", "b", external_id="l")])
    (stored,) = listed(one, project, "articles")
    mine = [figure(external_id="c"), link("c", "a")]
    assert told(send(other, project, mine)) == [(2, "/to_external_id", "unknown_annotation")]
    with unit_of_work(app.database):
        unveil(blind[1], stored)
    assert counts(send(other, project, mine)) == ([0, 1, 1, 0], 0, 0)
    assert counts(send(other, project, [link("c", "b", external_id="l")])) == ([0, 0, 0, 0], 1, 0)


@pytest.mark.parametrize("name", ["brat", "doccano", "label-studio"])
def test_who_work_blind_bring_in_their_own_files_of_the_same_texts(
    api: Api, project: MadeProject, blind: tuple[Person, Person], name: str
) -> None:
    for person in blind:
        for again in (False, True):
            done = send(api.as_(person), project, _tagged_with(name), format=name)
            created, _, failed = counts(done)
            assert (created[1:3], failed) == (([0, 0], 0) if again else ([2, 1], 0))
    for person in blind:
        found = listed(api.as_(person), project)
        assert {each["author"]["id"] for each in found} == {person.id}
        assert [each["target"]["exact"] for each in found] == ["14 people", "9 people"]
        assert len(listed(api.as_(person), project, "links")) == 1


@pytest.mark.parametrize("name", ["brat", "doccano", "label-studio"])
def test_a_file_is_known_again_by_who_brought_it_in_blind(
    api: Api, boss: Api, project: MadeProject, blind: tuple[Person, Person], name: str
) -> None:
    one, other = map(api.as_, blind)
    data = _tagged_with(name)
    for person in (one, other):
        assert counts(send(person, project, data, format=name))[0][1:3] == [2, 1]
    boss.patch(project.path, {"settings": {"blind": False}}, if_match="*")
    for person in (one, other):
        assert counts(send(person, project, data, format=name)) == ([0, 0, 0, 0], 4, 0)
    # Whose file a third has is not known: two may call different things by the same ids.
    assert counts(send(boss, project, data, format=name))[0][1:3] == [2, 1]
    for person in (one, other, boss):  # to each their own, though what is everybody's is there now
        assert counts(send(person, project, data, format=name)) == ([0, 0, 0, 0], 4, 0)
    assert len(listed(boss, project)) == 6


@pytest.mark.parametrize("name", ["brat", "doccano", "label-studio"])
def test_a_file_is_known_again_by_who_works_blind_since(
    api: Api, boss: Api, project: MadeProject, blind: tuple[Person, Person], name: str
) -> None:
    one, other = map(api.as_, blind)
    data = _tagged_with(name)
    boss.patch(project.path, {"settings": {"blind": False}}, if_match="*")
    assert counts(send(one, project, data, format=name))[0][1:3] == [2, 1]
    boss.patch(project.path, {"settings": {"blind": True}}, if_match="*")
    assert counts(send(one, project, data, format=name)) == ([0, 0, 0, 0], 4, 0)
    # The other is told nothing of it, and has a file of their own.
    assert counts(send(other, project, data, format=name)) == ([0, 2, 1, 0], 1, 0)
    assert len(listed(one, project)) == len(listed(other, project)) == 2


def test_what_is_known_again_is_linked_in_later_batches(
    api: Api,
    boss: Api,
    project: MadeProject,
    blind: tuple[Person, Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, data = api.as_(blind[0]), _tagged_with("doccano")
    task = json.loads(data)
    alone = encoded([{**task, "relations": []}])
    assert counts(send(one, project, alone, format="doccano"))[0][1:3] == [2, 0]
    boss.patch(project.path, {"settings": {"blind": False}}, if_match="*")
    for store in (PostgresStore, SqliteStore):
        monkeypatch.setattr(store, "at_once", 1)
    assert counts(send(one, project, data, format="doccano")) == ([0, 0, 1, 0], 3, 0)
    (made,) = listed(one, project, "links")
    assert {made["from"], made["to"]} == {each["id"] for each in listed(one, project)}
    # The pair is known too where the link has another id.
    task["relations"][0]["id"] = 2
    assert counts(send(one, project, [task], format="doccano")) == ([0, 0, 0, 0], 4, 0)


def _tagged_with(name: str) -> bytes:
    """A file of the tool: two claims, and a link between them."""
    places = [(33, 42), (TEXT.index("9 people"), TEXT.index("9 people") + 8)]
    if name == "brat":
        bound = "".join(
            f"T{n}\tClaim {start} {end}\t{TEXT[start:end]}\n"
            for n, (start, end) in enumerate(places, 1)
        )
        ann = f"{bound}R1\tContradicts Arg1:T1 Arg2:T2\n"
        return zip_of({"a.txt": TEXT.encode(), "a.ann": ann.encode()})
    if name == "doccano":
        entities = [
            {"id": n, "label": "claim", "start_offset": start, "end_offset": end}
            for n, (start, end) in enumerate(places, 1)
        ]
        relations = [{"id": 1, "from_id": 1, "to_id": 2, "type": "contradicts"}]
        return encoded([{"id": 1, "text": TEXT, "entities": entities, "relations": relations}])
    regions: list[Json] = [
        {"id": f"r{n}", "type": "labels", "from_name": "kind", "to_name": "text",
         "value": {"start": start, "end": end, "labels": ["Claim"]}}
        for n, (start, end) in enumerate(places, 1)
    ]  # fmt: skip
    joined = {"type": "relation", "from_id": "r1", "to_id": "r2", "labels": ["contradicts"]}
    task = {"id": 1, "data": {"text": TEXT}, "annotations": [{"result": [*regions, joined]}]}
    return json.dumps([task]).encode()


def test_two_who_name_the_same_sources_at_once_both_get_through(
    app: Application,
    make_app: Callable[..., Application],
    project: MadeProject,
    team: Team,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PostgresStore, "at_once", 300)  # so that no batch has all names
    names = [f"Source {number}" for number in range(1000)]

    def bring(here: Application, who: Person, text: str, told: list[str]) -> Answer:
        lines = [line("article", title="T", text=text, external_id=text)]
        lines += [
            line("annotation", article_external_id=text, kind="attribution",
                 target={"start": 0, "end": 1}, attributes={"sources": [{"name": name}]})
            for name in told
        ]  # fmt: skip
        return send(Api(here).as_(who), project, lines)

    both = at_once(
        lambda: bring(app, team.annotator, "one", names),
        lambda: bring(make_app(), team.manager, "other", names[::-1]),
    )
    assert [answer.status_code for answer in both] == [200, 200], [a.text for a in both]
    boss, query = Api(app).as_(team.manager), {"limit": "500"}
    first = boss.get(f"{project.path}/sources", query=query).json
    rest = boss.get(f"{project.path}/sources", query={**query, "after": first["next"]}).json
    assert {one["name"] for one in [*first["items"], *rest["items"]]} == set(names)
    assert rest["next"] is None


def test_the_projects_own_rules_hold(mine: Api, boss: Api, project: MadeProject) -> None:
    schema = {"type": "object", "required": ["desk"], "properties": {"desk": {"enum": ["home"]}}}
    settings = {"tag_set": ["dead"], "attribute_schema": schema}
    boss.patch(project.path, {"settings": settings}, if_match="*")
    lines = [
        article(),
        figure(tags=["dead"], attributes={"value": 1, "extra": {"desk": "home"}}),
        figure(tags=["alive"], attributes={"value": 1, "extra": {"desk": "home"}}),
        figure(attributes={"value": 1}),
        figure(attributes={"value": 1, "extra": {"desk": "sea"}}),
    ]
    assert told(send(mine, project, lines)) == [
        (3, "/tags/0", "unknown_tag"),
        (4, "/attributes/extra", "attribute_schema"),
        (5, "/attributes/extra/desk", "attribute_schema"),
    ]


def test_a_project_line_speaks_only_to_an_empty_project(
    mine: Api, boss: Api, project: MadeProject
) -> None:
    said = line("project", name="Restored", guidelines="Tag.", settings={"overlap": 2})
    send(mine, project, [said])
    assert boss.get(project.path).json["name"] == "A project"
    wrong = send(boss, project, [line("project", settings={"overlap": 0})])
    assert told(wrong) == [(1, "/settings/overlap", "out_of_range")]
    send(boss, project, [said, article()])
    restored = boss.get(project.path).json
    assert (restored["name"], restored["guidelines"]) == ("Restored", "Tag.")
    assert restored["settings"]["overlap"] == 2
    assert restored["settings"]["own_work_rule"] is True
    assert restored["version"] == 2
    send(boss, project, [line("project", name="Again")])
    assert boss.get(project.path).json["name"] == "Restored"


def test_a_project_that_is_edited_while_it_is_taken_over_keeps_the_edit(
    boss: Api, project: MadeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = ThreadPoolExecutor(1)
    edited: list[Future[Json]] = []

    def run(*given: Any, **more: Any) -> Report:
        report = running.run(*given, **more)
        edited.append(edits.submit(change, boss, project.path, {"name": "Edited"}))
        with suppress(TimeoutError):  # on PostgreSQL it waits for the import
            edited[0].result(1)
        return report

    monkeypatch.setattr(service, "run", run)
    send(boss, project, [line("project", name="Restored"), article()])
    assert edited[0].result(20)["name"] == "Edited"
    edits.shutdown()
    monkeypatch.undo()
    assert boss.get(project.path).json["name"] == "Edited"
    again = send(boss, project, [line("project", name="Restored"), article()])
    assert again.status_code == 200
    told = told_with(boss, project.path, add_article(boss, project)["id"])
    versions = [each["version"] for each in told if each["thing"] == "project"]
    assert versions == sorted(set(versions))


def test_who_may_import(api: Api, app: Application, project: MadeProject, viewer: Person) -> None:
    assert_problem(send(api, project, [article()]), 401)
    assert_problem(send(api.as_(viewer), project, [article()]), 403)


def test_a_token_needs_the_scope_to_write(
    api: Api, app: Application, project: MadeProject, annotator: Person
) -> None:
    with unit_of_work(app.database):
        reads = add_token(annotator, "read", "export")
    assert_problem(send(api.as_(reads), project, [article()]), 403, "missing_scope")


@pytest.mark.parametrize("name", ["label-studio", "doccano", "brat", "jsonld"])
def test_other_formats_come_in_and_repeat_without_change(
    boss: Api, project: MadeProject, name: str
) -> None:
    dataset = importable()
    if name == "jsonld":  # it has no texts, so these must be here before
        articles = MemoryDataset(dataset.articles, (), ())
        send(boss, project, b"".join(written(articles)))
    data = b"".join(FORMATS[name].write(dataset, {}))
    first = send(boss, project, data, format=name, on_error="skip")
    created, _, failed = counts(first)
    # doccano keeps no attributes, so its figures are read from their words, and no links across.
    figures = sum(row.kind == "figure" for row in dataset.rows) if name == "doccano" else 0
    assert sum(first.json["figures_from_words"].values()) == figures
    assert created[:3] == [0 if name == "jsonld" else 6, 20, {"doccano": 3}.get(name, 6)]
    assert failed == 0
    stored = {a["external_id"]: a for a in listed(boss, project, "articles")}
    for row in dataset.articles:
        if row.external_id:
            found = boss.get(f"/articles/{stored[row.external_id]['id']}").json
            assert found["text"] == row.text
    again = counts(send(boss, project, data, format=name, on_error="skip"))
    assert again == ([0, 0, 0, 0], sum(created[:3]), failed)


def test_ids_of_a_files_own_making_serve_within_it(mine: Api, project: MadeProject) -> None:
    entities = [{"id": 1, "label": "Claim", "start_offset": 0, "end_offset": 9}]
    entities.append({"id": 2, "label": "Premise", "start_offset": 14, "end_offset": 20})
    relations = [{"id": 1, "from_id": 1, "to_id": 2, "type": "corroborates"}]
    task = {"id": 7, "text": TEXT, "entities": entities, "relations": relations}
    lines = [task, {**task, "id": 8, "text": TEXT * 2}]
    query = {"format": "doccano", "labels": "Premise:claim"}
    assert counts(send(mine, project, lines, **query)) == ([2, 4, 2, 0], 0, 0)
    assert counts(send(mine, project, lines, **query)) == ([0, 0, 0, 0], 8, 0)
    refused = send(mine, project, lines, format="doccano")
    assert ("unknown_kind", 1) in {(e["code"], e["line"]) for e in refused.json["errors"]}
    nonsense = send(mine, project, lines, format="doccano", labels="Premise:nothing")
    assert pointers(assert_problem(nonsense, 422)) == {"/labels": "bad_option"}


def test_fragments_may_be_listed_as_they_were_tagged(mine: Api, project: MadeProject) -> None:
    pieces = [{"label": "claim", "annotation": KEY.format(1), "id": n} for n in (1, 2)]
    pieces[0] |= {"start_offset": 33, "end_offset": 42}
    pieces[1] |= {"start_offset": 0, "end_offset": 9}
    task = {"id": 7, "text": TEXT, "entities": pieces}
    assert counts(send(mine, project, [task], format="doccano")) == ([1, 1, 0, 0], 0, 0)
    (made,) = listed(mine, project)
    assert [piece["start"] for piece in made["target"]["fragments"]] == [0, 33]


def test_whole_numbers_past_64_bits_come_in(mine: Api, project: MadeProject) -> None:
    number = 10**29 + 1
    note = {"id": "a", "attributes": {"value": number}}
    ann = f"T1\tFigure 33 42\t14 people\n#1\tFactmark T1\t{json.dumps(note)}\n"
    files = {
        "a.txt": TEXT.encode(),
        "a.ann": ann.encode(),
        "a.json": b'{"meta": {"n": %d}}' % number,
    }
    assert counts(send(mine, project, zip_of(files), format="brat")) == ([1, 1, 0, 0], 0, 0)
    (made,) = listed(mine, project)
    assert made["attributes"]["value"] == str(number)


def test_a_text_comes_in_as_it_is(mine: Api, project: MadeProject) -> None:
    data = "\ufeffÜberschrift\r\nText 😀".encode("utf-16-le")
    assert counts(send(mine, project, data, format="text")) == ([1, 0, 0, 0], 0, 0)
    (stored,) = listed(mine, project, "articles")
    found = mine.get(f"/articles/{stored['id']}").json
    assert (found["title"], found["text"]) == ("Überschrift", "Überschrift\r\nText 😀")
    assert counts(send(mine, project, data, format="text")) == ([0, 0, 0, 0], 1, 0)


def test_gzip_bodies_are_unpacked(mine: Api, project: MadeProject) -> None:
    packed = gzip.compress(encoded([article()])) + gzip.compress(b"\n" + encoded([figure()]))
    headers = {"Content-Encoding": "gzip"}
    assert counts(send(mine, project, packed, headers=headers)) == ([1, 1, 0, 0], 0, 0)


def doccano(label: str, words: str) -> Json:
    return {"text": words, "id": words, "entities": [
        {"id": 1, "label": label, "start_offset": 0, "end_offset": len(words)}]}  # fmt: skip


def label_studio(label: str, words: str) -> Json:
    value = {"start": 0, "end": len(words), "text": words, "labels": [label]}
    region = {"id": "r", "from_name": "label", "to_name": "text", "type": "labels", "value": value}
    return {"id": 1, "data": {"text": words}, "annotations": [{"result": [region]}]}


def brat(label: str, words: str) -> bytes:
    ann = f"T1\t{label} 0 {len(words)}\t{words}\n"
    return zip_of({"a.txt": words.encode(), "a.ann": ann.encode()})


@pytest.mark.parametrize(
    ("name", "made"), [("doccano", doccano), ("label-studio", label_studio), ("brat", brat)]
)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("At least 1,234 people",
         {"value": "1234", "unit": "people", "comparator": "at_least", "form": "digits"}),
        ("dozens of people", {"form": "vague"}),
        ("1.234", {"form": "vague"}),
    ],
)  # fmt: skip
def test_a_figure_with_only_a_label_is_read_from_its_words(
    mine: Api, project: MadeProject, name: str, made: Any, words: str, said: Json
) -> None:
    thing = made("Quantity", words)
    lines = thing if isinstance(thing, bytes) else [thing]
    query = {"format": name, "labels": "Quantity:figure"}
    dry = send(mine, project, lines, dry_run="true", **query)
    first = send(mine, project, lines, **query)
    vague = int("value" not in said)
    assert first.json["figures_from_words"] == {"with_value": 1 - vague, "vague": vague}
    assert dry.json["figures_from_words"] == first.json["figures_from_words"]
    (stored,) = listed(mine, project)
    assert (stored["attributes"], stored["origin"]) == (said, "import")
    again = send(mine, project, lines, **query)
    assert counts(again) == ([0, 0, 0, 0], 2, 0)
    assert again.json["figures_from_words"] == {"with_value": 0, "vague": 0}


def test_what_a_file_says_of_a_figure_is_not_guessed_at(mine: Api, project: MadeProject) -> None:
    task = label_studio("Figure", "14 people")
    results = task["annotations"][0]["result"]
    unit = {"id": "r", "from_name": "unit", "to_name": "text", "type": "textarea"}
    results.append({**unit, "value": {"start": 0, "end": 9, "text": ["people"]}})
    refused = send(mine, project, [task], format="label-studio")
    assert [e["code"] for e in refused.json["errors"]] == ["value_needed"]
    # A claim has nothing to be read, and a prediction stays a machine's.
    task = label_studio("Figure", "14 people")
    task["predictions"] = [{"score": 0.5, "result": task.pop("annotations")[0]["result"]}]
    assert send(mine, project, [task], format="label-studio").json["created"]["annotations"] == 1
    (stored,) = listed(mine, project)
    assert (stored["attributes"]["value"], stored["origin"]) == ("14", "machine")
    send(mine, project, [doccano("Claim", "Prices rose")], format="doccano")
    claim = listed(mine, project)[-1]
    assert (claim["attributes"], claim["origin"]) == ({}, "human")


def test_the_language_of_texts_may_be_told(mine: Api, project: MadeProject) -> None:
    lines = [doccano("Figure", "1.234")]
    assert_problem(send(mine, project, lines, format="doccano", language="!"), 422)
    send(mine, project, lines, format="doccano", language="en")
    (stored,) = listed(mine, project)
    assert stored["attributes"] == {"value": "1.234", "form": "digits"}
    assert listed(mine, project, "articles")[0]["language"] == "en"
