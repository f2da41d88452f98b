"""Who names a source that nobody named before makes it: in one statement, and only the first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import select

from app.annotations import service
from app.annotations.models import Source, SourceName
from app.history.models import Change
from app.kernel.db import reading, session
from app.kernel.errors import Conflict
from tests.factories.teams import make_team
from tests.factories.writing import new_article
from tests.support.together import at_once

AWKWARD = '  The "Harbour"\t\\ Master 😀 '


def attribution(*names, **more):
    sources = [{"name": name, **more} for name in names]
    target = {"start": 0, "end": 10}
    return {"kind": "attribution", "target": target, "attributes": {"sources": sources}}


def in_project(database, team, table, **having):
    with reading(database):
        statement = select(table.__table__).filter_by(project_id=team.project.id, **having)
        return [row._asdict() for row in session().execute(statement)]


@pytest.fixture
def article(api, team):
    return new_article(api.as_(team.annotator), team.project.slug)


@pytest.fixture
def tag(api, team, article):
    """Tags the article as the annotator, or as somebody else."""

    def tag(body, who=team.annotator):
        return api.as_(who).post(f"/articles/{article}/annotations", body)

    return tag


@pytest.fixture
def made(database, team):
    """The names of the project's sources that stand whole: by their own name, told once."""

    def made():
        names = {row["source_id"]: row["name"] for row in in_project(database, team, SourceName)}
        told = {}
        for row in in_project(database, team, Change, thing="source"):
            assert row["thing_id"] not in told
            told[row["thing_id"]] = row["after"]["name"]
        sources = {row["id"]: row["name"] for row in in_project(database, team, Source)}
        assert names == told == sources
        return sorted(sources.values())

    return made


def test_an_attribution_with_new_sources_takes_four_statements(tag, made, statements):
    with statements() as seen:
        answer = tag({**attribution("FSB", "Mayor", type="person"), "tags": ["a", "b"]})
    assert answer.status_code == 201
    assert len(seen) <= 4, seen
    assert made() == ["FSB", "Mayor"]


def test_so_does_a_list_of_them(tag, made, statements):
    wanted = [f"Source {n:02}" for n in range(50)]
    with statements() as seen:
        answer = tag([attribution(name, name.upper(), "The same") for name in wanted])
    assert answer.status_code == 201
    assert len(seen) <= 4, seen
    assert made() == [*wanted, "The same"]


def by_itself(api, team):
    asked = {"name": AWKWARD, "type": "group"}
    assert api.post(f"{team.project.path}/sources", asked).status_code == 201


def by_a_create(api, team):
    path = f"/articles/{new_article(api, team.project.slug)}/annotations"
    assert api.post(path, attribution(AWKWARD, type="group")).status_code == 201


def by_an_edit(api, team):
    path = f"/articles/{new_article(api, team.project.slug)}/annotations"
    there = api.post(path, attribution()).json["id"]
    change = {"attributes": attribution(AWKWARD, type="group")["attributes"]}
    assert api.patch(f"/annotations/{there}", change, if_match="*").status_code == 200


@pytest.mark.usefixtures("clock")
def test_a_source_that_is_named_is_made_as_one_that_is_asked_for(app, api, database):
    def making(way):
        team = make_team(app)
        way(api.as_(team.annotator), team)
        (source,) = in_project(database, team, Source)
        (name,) = in_project(database, team, SourceName)
        (told,) = in_project(database, team, Change, thing="source")
        del told["seq"], told["tx"]
        ids = {team.project.id: "project", team.annotator.id: "annotator", source["id"]: "source"}
        return [
            {column: ids.get(str(value), value) for column, value in row.items()}
            for row in (source, name, told)
        ]

    plain = making(by_itself)
    assert plain[2]["after"] == {"name": plain[0]["name"], "type": "group", "aliases": []}
    assert making(by_a_create) == plain
    assert making(by_an_edit) == plain


def test_history_tells_of_a_source_before_the_attribution_that_names_it(tag, database, team):
    tag([attribution("FSB"), attribution("Mayor")])
    told = sorted(in_project(database, team, Change), key=lambda row: row["seq"])
    assert [row["thing"] for row in told][-4:] == ["source"] * 2 + ["annotation"] * 2


@pytest.mark.parametrize("falls", [False, True])
def test_of_two_at_the_same_moment_the_first_makes_the_source_if_he_stands(
    tag, made, team, database, monkeypatch, falls
):
    """Both found that nobody had named it, and the second comes while the first is under way."""
    claimed, looked, go_on = Event(), Event(), Event()
    insert, look_around = service._insert, service.look_around

    def slowly(actor, rows):
        if actor.id == team.annotator.id:
            claimed.set()
            assert go_on.wait(30)
            if falls:
                raise Conflict("He falls.")
        insert(actor, rows)

    def look(actor, *where):
        around = look_around(actor, *where)
        assert around.known == set()
        if actor.id == team.reviewer.id:
            looked.set()
        return around

    monkeypatch.setattr(service, "_insert", slowly)
    monkeypatch.setattr(service, "look_around", look)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(tag, attribution("Harbour master"))
        assert claimed.wait(30)
        second = pool.submit(tag, attribution("HARBOUR master"), team.reviewer)
        try:
            assert looked.wait(30)
            with pytest.raises(TimeoutError):
                second.result(0.2)  # he waits to learn what becomes of the first
        finally:
            go_on.set()
        statuses = first.result(30).status_code, second.result(30).status_code
    assert statuses == (409 if falls else 201, 201)
    assert made() == ["HARBOUR master" if falls else "Harbour master"]
    (told,) = in_project(database, team, Change, thing="source")
    assert told["actor_id"] == (team.reviewer if falls else team.annotator).id


def test_two_who_name_the_same_sources_in_other_orders_do_not_stop_each_other(tag, made, team):
    names = [f"Source {n:03}" for n in range(200)]
    there, back = ([attribution(name) for name in order] for order in (names, names[::-1]))
    answers = at_once(lambda: tag(there), lambda: tag(back, team.reviewer))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert made() == names


def test_what_a_reviewer_names_in_an_annotators_attribution_is_the_reviewers_source(
    api, tag, database, team
):
    there = tag(attribution()).json["id"]
    change = {"attributes": attribution("FSB")["attributes"]}
    edited = api.as_(team.reviewer).patch(f"/annotations/{there}", change, if_match="*")
    assert edited.status_code == 200
    (told,) = in_project(database, team, Change, thing="source")
    assert told["author_id"] == told["actor_id"] == team.reviewer.id
