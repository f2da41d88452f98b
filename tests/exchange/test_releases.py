"""Releases: immutable, hashed, pseudonymous, comparable, and safe on the disk."""

import csv
import errno
import gzip
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.exchange.formats.ndjson_writing import written
from app.exchange.releases import storage
from app.exchange.releases.pseudonyms import Pseudonyms, name_of
from app.kernel.db import unit_of_work
from app.kernel.errors import Unavailable
from app.kernel.ids import new_id
from tests.exchange.making import add_annotation, add_article, add_link, change, remove
from tests.exchange.samples import importable
from tests.factories.projects import add_project
from tests.factories.teams import make_team
from tests.support.api import Api
from tests.support.feed import told_with
from tests.support.problems import assert_problem, pointers
from tests.support.statements import count_statements

Json = dict[str, Any]


@pytest.fixture
def here(make_app, tmp_path):
    """The application with a folder of its own for files."""
    return make_app(data_dir=tmp_path)


@pytest.fixture
def api(here):
    return Api(here)


@pytest.fixture
def chief(api, team):
    """The API as the manager."""
    return api.as_(team.manager)


@pytest.fixture
def filled(api, project, team, chief):
    """A project with work of three people, and what makes rows awkward."""
    mine, theirs = api.as_(team.annotator), api.as_(team.reviewer)
    change(
        chief, project.path, {"guidelines": "Tag | what\nis said. 😀", "description": "Two\nlines"}
    )
    awkward = {
        "text": "“Ten” said\u2028the mayor of Zürich.\r\n14 people. 😀 9 people.",
        "meta": {"author": {"id": team.manager.id, "name": team.manager.name}, "n": 1.10},
        "language": "de",
    }
    first, second = add_article(mine, project, **awkward), add_article(theirs, project)
    one, two = add_annotation(mine, first), add_annotation(theirs, second, "9 people")
    three = add_annotation(mine, first, "9 people", note='","author":{"id":"x","name":"y"}')
    add_link(mine, project, one, two, rationale="They count the same dead.")
    add_link(mine, project, one, three)
    said = {
        "kind": "attribution",
        "parts": {"content": [{"exact": "14 people"}], "source": [{"exact": "the mayor"}]},
        "attributes": {"sources": [{"name": "The mayor", "type": "person"}]},
    }
    add_annotation(mine, first, "“Ten”", **said)
    _judge(theirs, mine, second)
    return project


def _judge(reviewer, author, article) -> None:
    claim = {"kind": "claim", "attributes": {"statement": "x"}, "state": "submitted"}
    made = add_annotation(author, article, "14 people", **claim)
    path = f"/annotations/{made['id']}"
    approved = reviewer.post(f"{path}/review", {"action": "approve"}, if_match="*")
    assert approved.status_code == 200, approved.text
    verdict = {"label": "supported", "justification": "Two say so."}
    assert reviewer.put(f"{path}/verdict", verdict, if_match="*").status_code == 200


def release(chief, project, version: str = "1.0", **data: Any) -> Json:
    answer = chief.post(f"{project.path}/releases", {"version": version, **data})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.json)


def rows(api, made: Json) -> bytes:
    answer = api.get(f"/releases/{made['id']}/files/ndjson")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return bytes(answer.data)


def parsed(data: bytes) -> list[Json]:
    return [orjson.loads(line) for line in data.splitlines()]


def folder(app) -> Path:
    return Path(app.config["DATA_DIR"]) / "releases"


def test_a_release_holds_what_an_export_holds_with_pseudonyms_for_people(api, chief, filled, team):
    made = release(chief, filled, notes="The first.", licence="CC-BY-4.0")
    lines = parsed(rows(chief, made))
    exported = parsed(chief.get(f"{filled.path}/export").data)
    assert len(lines) == len(exported)
    assert [_nobodys(line) for line in lines] == [_nobodys(line) for line in exported]
    authors = {line["author"]["name"] for line in lines if "author" in line}
    assert all(name.startswith("Person ") for name in authors)
    assert len({line["author"]["id"] for line in lines if "author" in line}) == 2


def _nobodys(line: Json) -> Json:
    line = {name: value for name, value in line.items() if name != "author"}
    if "verdict" in line:
        line["verdict"] = {**line["verdict"], "by": None}
    return line


def test_nobody_is_named_in_a_release(chief, filled, team):
    made = release(chief, filled)
    published = rows(chief, made) + orjson.dumps(made["manifest"])
    published += chief.get(f"/releases/{made['id']}/datasheet").data
    for person in (team.annotator, team.reviewer, team.viewer):
        for word in (person.id, person.name, person.email):
            assert word.encode() not in published, word
    # What somebody wrote into an article's own meta data is theirs to take out.
    assert published.count(team.manager.id.encode()) == 1


def test_the_manifest_tells_what_the_rows_are(chief, filled, team):
    made = release(chief, filled)
    data, manifest = rows(chief, made), made["manifest"]
    assert manifest["sha256"] == made["sha256"] == hashlib.sha256(data).hexdigest()
    assert manifest["bytes"] == made["bytes"] == len(data)
    lines = parsed(data)
    kinds = [line["type"] for line in lines]
    assert made["counts"] == {
        f"{kind}s": kinds.count(kind) for kind in ("article", "annotation", "link", "source")
    }
    assert manifest["counts_by"]["annotation"]["kind"] == {
        "attribution": 1,
        "claim": 1,
        "figure": 3,
    }
    assert manifest["counts_by"]["link"]["relation"] == {"contradicts": 2}
    assert manifest["guidelines"]["text"] == "Tag | what\nis said. 😀"
    assert manifest["schema"] == {"format": "factmark", "version": 1}
    people = {person["role"]: person for person in manifest["people"]}
    assert people["annotator"]["annotations"] == 4
    assert people["annotator"]["links"] == 2
    assert (people["reviewer"]["annotations"], people["reviewer"]["verdicts"]) == (1, 1)
    assert people["viewer"]["annotations"] == 0


def test_the_manifest_tells_how_far_annotators_agree(api, chief, filled, team):
    article = add_article(chief, filled)
    for who, quotes in (
        (team.annotator, ("14 people", "9 people")),
        (team.reviewer, ("14 people",)),
    ):
        for quote in quotes:
            add_annotation(api.as_(who), article, quote, state="submitted")
    made = release(chief, filled, filter={"article": article["id"]})
    told = made["manifest"]["agreement"]["measures"]["annotations"]
    assert (told["n_articles"], told["n_coders"]) == (1, 2)
    assert told["span_f1_exact"]["value"] == pytest.approx(2 / 3)
    sheet = chief.get(f"/releases/{made['id']}/datasheet").get_data(as_text=True)
    assert "| annotations | span_f1_exact | 0.667 |" in sheet
    part = release(chief, filled, "part", filter={"origin": "human"})
    assert part["manifest"]["agreement"]["measures"] is None
    assert "origin" in part["manifest"]["agreement"]["reason"]


def test_made_twice_of_the_same_state_it_is_byte_identical(here, chief, filled):
    first, second = release(chief, filled, "1.0"), release(chief, filled, "1.0.1", notes="Again.")
    assert first["sha256"] == second["sha256"]
    assert first["manifest"] == second["manifest"]
    files = [(folder(here) / f"{made['id']}.ndjson.gz").read_bytes() for made in (first, second)]
    assert files[0] == files[1]
    assert gzip.decompress(files[0]) == rows(chief, first)


def test_a_change_changes_the_hash(chief, filled):
    first = release(chief, filled, "1")
    change(chief, filled.path, {"guidelines": "Other."})
    assert release(chief, filled, "2")["sha256"] != first["sha256"]


def test_a_release_stays_as_it_was(chief, filled):
    made = release(chief, filled)
    before, datasheet = rows(chief, made), chief.get(f"/releases/{made['id']}/datasheet").data
    change(chief, filled.path, {"name": "Another name", "guidelines": "Others."})
    article = add_article(chief, filled)
    remove(chief, f"/articles/{article['id']}")
    assert rows(chief, made) == before
    assert chief.get(f"/releases/{made['id']}").json == made
    assert chief.get(f"/releases/{made['id']}/datasheet").data == datasheet
    for method in ("PATCH", "PUT", "DELETE"):
        assert chief.call(method, f"/releases/{made['id']}", {}).status_code == 405


def test_a_name_is_given_once(here, chief, filled):
    made = release(chief, filled)
    kept = sorted(folder(here).iterdir())
    answer = chief.post(f"{filled.path}/releases", {"version": "1.0"})
    assert assert_problem(answer, 409, "release_exists")["id"] == made["id"]
    assert sorted(folder(here).iterdir()) == kept


def test_two_who_take_the_same_name_at_once_leave_one_file(here, chief, filled, monkeypatch):
    """The second is refused by the database, after its file was written."""
    release(chief, filled)
    kept = sorted(folder(here).iterdir())
    monkeypatch.setattr("app.exchange.releases.service.check", lambda *_: None)
    answer = chief.post(f"{filled.path}/releases", {"version": "1.0"})
    assert_problem(answer, 409, "release_exists")
    assert sorted(folder(here).iterdir()) == kept


def test_a_retry_with_the_same_key_makes_nothing_new(chief, filled):
    ask = {"version": "1.0"}
    first, second = (chief.post(f"{filled.path}/releases", ask, key="k-1") for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json["id"] == second.json["id"]
    assert len(chief.get(f"{filled.path}/releases").json["items"]) == 1


def test_bad_names_and_filters_are_refused(chief, filled):
    for version in ("", "../x", "a b", ".hidden", "x" * 101, "1\n"):
        answer = chief.post(f"{filled.path}/releases", {"version": version})
        assert pointers(assert_problem(answer, 422)).keys() == {"/version"}
    bad = {"version": "1", "filter": {"kind": "guess", "limit": 5}}
    answer = chief.post(f"{filled.path}/releases", bad)
    assert pointers(assert_problem(answer, 422)).keys() == {"/filter/kind", "/filter/limit"}


def test_a_filter_chooses_what_is_released(chief, filled, team):
    made = release(
        chief,
        filled,
        filter={
            "kind": "figure",
            "author": team.annotator.id,
            "created_after": "2020-01-01T00:00:00Z",
        },
    )
    assert made["counts"] == {"articles": 1, "annotations": 2, "links": 1, "sources": 0}
    person = Pseudonyms(chief.app.config["SECRET_KEY"], filled.id).id_of(team.annotator.id)
    assert made["filter"]["author"] == person  # the filter names nobody either
    assert made["filter"]["kind"] == "figure"


# On the disk


def _names(here) -> set[str]:
    return {path.name for path in folder(here).glob("*")}


def test_a_full_disk_leaves_nothing_behind(here, chief, filled, monkeypatch):
    kept = _names(here)
    whole = storage._compress

    def fill_up(part: Path, given: Any) -> Any:
        part.write_bytes(b"the beginning")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "_compress", fill_up)
    answer = chief.post(f"{filled.path}/releases", {"version": "1.0"})
    assert_problem(answer, 503, "disk_full")
    assert _names(here) == kept
    assert chief.get(f"{filled.path}/releases").json["items"] == []
    monkeypatch.setattr(storage, "_compress", whole)
    release(chief, filled)  # the seat is free again, the name too


def test_a_disk_that_is_truly_full_is_told(here, chief, filled, monkeypatch):
    """The system itself says so: what is written there goes to /dev/full."""
    id_ = new_id()
    monkeypatch.setattr("app.exchange.releases.service.new_id", lambda: id_)
    folder(here).mkdir()
    (folder(here) / f"{id_}.ndjson.part").symlink_to("/dev/full")
    monkeypatch.setattr(storage, "FORGOTTEN", float("inf"))  # the device is old
    answer = chief.post(f"{filled.path}/releases", {"version": "1.0"})
    assert_problem(answer, 503, "disk_full")
    assert _names(here) == set()
    assert chief.get(f"{filled.path}/releases").json["items"] == []


def test_a_commit_that_fails_takes_the_file_away(here, chief, filled, monkeypatch):
    def fail(_session: Any) -> None:
        raise OperationalError("COMMIT", {}, Exception("the database went away"))

    monkeypatch.setattr(Session, "commit", fail)
    answer = chief.post(f"{filled.path}/releases", {"version": "1.0"})
    monkeypatch.undo()
    assert_problem(answer, 503, "unavailable")
    assert _names(here) == set()
    assert chief.get(f"{filled.path}/releases").json["items"] == []


def test_a_deleted_project_takes_its_files_along(here, chief, filled, team):
    with unit_of_work(here.database):
        other = add_project(team.manager)
    kept = release(chief, other)
    release(chief, filled, "1")
    release(chief, filled, "2")
    assert_problem(chief.delete(filled.path, if_match='"old"'), 412)
    assert len(_names(here)) == 3
    remove(chief, filled.path)
    assert _names(here) == {f"{kept['id']}.ndjson.gz"}


def test_what_goes_wrong_in_the_middle_leaves_nothing_behind(here, chief, filled, monkeypatch):
    kept = _names(here)

    def stop(*_: Any) -> Any:
        yield b"{}\n"
        raise RuntimeError("broken in the middle")

    monkeypatch.setattr("app.exchange.releases.canonical.Canonical.rows", stop)
    here.config["PROPAGATE_EXCEPTIONS"] = False
    answer = chief.post(f"{filled.path}/releases", {"version": "1.0"})
    assert answer.status_code == 500
    assert _names(here) == kept


def test_the_file_stands_before_the_row_commits(here, chief, filled, monkeypatch):
    seen = []
    real = storage.os.fsync

    def watch(handle: int) -> None:
        seen.append([row["id"] for row in chief.get(f"{filled.path}/releases").json["items"]])
        real(handle)

    monkeypatch.setattr(storage.os, "fsync", watch)
    release(chief, filled)
    assert seen == [[], []]  # the file, then its folder; nobody knows of the release yet


def test_nobody_waits_for_a_release_to_be_made(here, chief, filled, monkeypatch):
    """While the rows are written, somebody else writes to the database, on SQLite too."""
    real = storage._compress

    def meanwhile(part: Path, given: Any) -> Any:
        add_article(chief, filled, title="Meanwhile")
        return real(part, given)

    monkeypatch.setattr(storage, "_compress", meanwhile)
    made = release(chief, filled)
    assert b"Meanwhile" not in rows(chief, made)  # the snapshot was taken before


def test_a_file_that_was_changed_or_lost_is_noticed(here, chief, filled):
    made = release(chief, filled)
    path = folder(here) / f"{made['id']}.ndjson.gz"
    whole = path.read_bytes()
    other = release(chief, filled, version="2.0")
    *most, _last = gzip.decompress(whole).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(most), mtime=0))
    for name in ("ndjson", "csv"):  # something was sent before it is found out
        with pytest.raises(Unavailable, match="damaged"):
            chief.get(f"/releases/{made['id']}/files/{name}")
    answer = chief.get(f"/releases/{made['id']}/files/doccano")
    assert_problem(answer, 503, "release_file_damaged")
    for bad in (path.read_bytes(), whole[:15] + bytes(20) + whole[35:], whole[:-9]):
        path.write_bytes(bad)
        answer = chief.get(f"/releases/{other['id']}/diff", query={"against": made["id"]})
        assert_problem(answer, 503, "release_file_damaged")
    path.unlink()
    answer = chief.get(f"/releases/{made['id']}/files/ndjson")
    assert_problem(answer, 503, "release_file_missing")
    path.write_bytes(whole)


def test_the_check_of_the_server_reads_every_release(make_app, tmp_path):
    alone = make_app(fresh=True, data_dir=tmp_path)
    team = make_team(alone)
    chief = Api(alone, team.manager.token)
    made = release(chief, team.project)
    runner = alone.test_cli_runner()
    assert "ok     every release is as it was stored" in runner.invoke(args=["check"]).output
    path = folder(alone) / f"{made['id']}.ndjson.gz"
    lost = path.with_name(f"{new_id()}.ndjson.gz")
    lost.write_bytes(path.read_bytes())
    assert f"WRONG  {lost} is the file of no release" in runner.invoke(args=["check"]).output
    lost.unlink()
    whole = path.read_bytes()
    for bad in (whole[:-9], whole[:15] + bytes(20) + whole[35:]):
        path.write_bytes(bad)
        assert f"({made['id']}) is not what was stored" in runner.invoke(args=["check"]).output


# Formats


def test_other_formats_are_made_from_the_rows(chief, filled):
    made = release(chief, filled)
    names = [one["name"] for one in chief.get("/formats").json["items"] if one["writes"]]
    for name in names:
        answer = chief.get(f"/releases/{made['id']}/files/{name}")
        assert answer.status_code == 200, (name, answer.get_data(as_text=True))
        assert f"{filled.slug}-1.0." in answer.headers["Content-Disposition"]
        assert len(answer.data) > 100
    again = [chief.get(f"/releases/{made['id']}/files/csv").data for _ in range(2)]
    assert again[0] == again[1]


def test_who_has_a_file_already_is_not_sent_it_again(chief, filled):
    made = release(chief, filled)
    path = f"/releases/{made['id']}/files"
    asked = [{}, {"guard": "raw"}, {"guard": "formula"}]
    tags = {chief.get(f"{path}/csv", query=query).headers["ETag"] for query in asked}
    native, other = chief.get(f"{path}/ndjson"), chief.get(f"{path}/jsonld").headers["ETag"]
    assert native.headers["ETag"] == f'"{made["sha256"]}"'
    tags |= {native.headers["ETag"], other}
    assert len(tags) == len(asked) + 2
    assert not [tag for tag in tags if tag.startswith("W/")]
    assert chief.call("HEAD", f"{path}/jsonld").headers["ETag"] == other
    known = chief.get(f"{path}/jsonld", headers={"If-None-Match": other})
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", other)
    change(chief, filled.path, {"slug": filled.slug + "-anew"})  # it stands in the file
    anew = chief.get(f"{path}/jsonld", headers={"If-None-Match": other})
    assert (anew.status_code, anew.headers["ETag"] == other) == (200, False)
    held = {"If-None-Match": native.headers["ETag"]}
    assert chief.get(f"{path}/ndjson", headers=held).status_code == 304


def test_a_release_brought_in_elsewhere_has_the_same_hash(chief, filled, here, team):
    made = release(chief, filled)
    data = rows(chief, made)
    with unit_of_work(here.database):
        empty = add_project(team.manager)
    answer = chief.call(
        "POST",
        f"{empty.path}/import",
        data=data,
        content_type="application/x-ndjson",
        query={"format": "ndjson"},
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    again = release(chief, empty, "same")
    assert again["sha256"] == made["sha256"]
    assert rows(chief, again) == data
    assert again["manifest"]["counts_by"] == made["manifest"]["counts_by"]


def test_everything_there_is_survives_a_release_and_an_import(chief, here, project, team):
    """The formats' sample, decided and adjudicated, changed and partly deleted since."""
    _bring_in(chief, project, b"".join(written(importable())))
    article = add_article(chief, project, regions=[{"start": 0, "end": 9, "kind": "dateline"}])
    mine = add_annotation(chief, article)
    add_link(chief, project, mine, add_annotation(chief, article, "9 people"), group="a group")
    remove(chief, f"/annotations/{add_annotation(chief, article, '9 people')['id']}")
    remove(chief, f"/articles/{add_article(chief, project)['id']}")
    made = release(chief, project)
    lines = parsed(rows(chief, made))
    has = [{name for name, value in line.items() if value} for line in lines]
    for member in ("verdict", "aliases", "regions", "group", "parts", "score"):
        assert any(member in names for names in has), member
    layers = made["manifest"]["counts_by"]["annotation"]["layer"]
    assert layers.keys() == {"annotator", "adjudicated"}
    assert any(line.get("target", {}).get("fragments") for line in lines)

    with unit_of_work(here.database):
        empty = add_project(team.manager)
    _bring_in(chief, empty, rows(chief, made))
    again = release(chief, empty, "same")
    assert again["sha256"] == made["sha256"] == release(chief, project, "twice")["sha256"]
    assert again["counts"] == made["counts"]
    told = ("counts", "counts_by", "guidelines", "schema", "bytes", "project")
    assert {n: again["manifest"][n] for n in told} == {n: made["manifest"][n] for n in told}


def _bring_in(chief, project, data: bytes) -> None:
    given = {"data": data, "content_type": "application/x-ndjson"}
    answer = chief.post(f"{project.path}/import", **given)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json["failed"] == 0


def test_tables_of_a_release_agree_with_its_rows(chief, filled):
    made = release(chief, filled)
    data = chief.get(f"/releases/{made['id']}/files/csv", query={"guard": "raw"}).data
    lines = parsed(rows(chief, made))
    articles = {line["id"]: line["article_id"] for line in lines if line["type"] == "annotation"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        [name] = [name for name in archive.namelist() if "links" in name]
        table = list(csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8", newline="")))
    links = {line["id"]: line for line in lines if line["type"] == "link"}
    assert len(table) == len(links) == 2
    for row in table:
        ends = links[next(value for value in row.values() if value in links)]
        for end in ("from", "to"):
            assert articles[ends[end]] in row.values()


def test_a_format_nobody_knows_is_not_there(chief, filled):
    made = release(chief, filled)
    assert_problem(chief.get(f"/releases/{made['id']}/files/docx"), 404)


# Comparing


def test_a_difference_tells_what_came_went_and_changed(api, chief, filled, team):
    mine = api.as_(team.annotator)
    first = release(chief, filled, "1")
    lines = parsed(rows(chief, first))
    figures = [line for line in lines if line.get("kind") == "figure"]
    change(chief, f"/annotations/{figures[0]['id']}", {"note": "Counted again."})
    remove(chief, f"/annotations/{figures[1]['id']}")
    fresh = add_article(mine, filled)
    tagged = add_annotation(mine, fresh)
    change(chief, filled.path, {"guidelines": "Others."})
    second = release(chief, filled, "2")

    found = chief.get(f"/releases/{second['id']}/diff", query={"against": first["id"]}).json
    assert (found["before"], found["after"]) == (first["id"], second["id"])
    assert found["counts"]["projects"] == {"changed": 1}
    assert found["counts"]["articles"] == {"added": 1, "unchanged": 2}
    assert found["counts"]["annotations"] == {
        "added": 1,
        "changed": 1,
        "removed": 1,
        "unchanged": 3,
    }
    gone = found["counts"]["links"].get("removed", 0)
    assert gone == sum(
        figures[1]["id"] in (line["from"], line["to"]) for line in lines if line["type"] == "link"
    )
    items = {item["id"]: item for item in found["items"]}
    assert items[figures[0]["id"]]["change"] == "changed"
    assert {"note", "version"} <= set(items[figures[0]["id"]]["members"])
    assert items[figures[1]["id"]]["change"] == "removed"
    assert items[fresh["id"]]["change"] == items[tagged["id"]]["change"] == "added"
    assert items[None] == {
        "type": "project",
        "id": None,
        "change": "changed",
        "members": ["guidelines"],
    }
    for name in ("1", first["id"].upper()):
        assert chief.get(f"/releases/{second['id']}/diff", query={"against": name}).json == found
    back = chief.get(f"/releases/{first['id']}/diff", query={"against": second["id"]}).json
    assert back["counts"]["articles"] == {"removed": 1, "unchanged": 2}

    few = {"against": first["id"], "limit": 2}
    short = chief.get(f"/releases/{second['id']}/diff", query=few).json
    assert (len(short["items"]), short["truncated"]) == (2, True)
    assert short["counts"] == found["counts"]


def test_a_release_does_not_differ_from_itself(chief, filled):
    made = release(chief, filled)
    found = chief.get(f"/releases/{made['id']}/diff", query={"against": made["id"]}).json
    assert found["items"] == []
    assert {change for counts in found["counts"].values() for change in counts} == {"unchanged"}


def test_only_releases_of_one_project_are_compared(here, chief, filled, team):
    with unit_of_work(here.database):
        other = add_project(team.manager)
    made, foreign = release(chief, filled), release(chief, other)
    answer = chief.get(f"/releases/{made['id']}/diff", query={"against": foreign["id"]})
    assert_problem(answer, 404)
    release(chief, other, "of-the-other")
    for name in ("of-the-other", "no-such", str(uuid4())):
        unknown = chief.get(f"/releases/{made['id']}/diff", query={"against": name})
        assert_problem(unknown, 404, "not_found")
    assert_problem(chief.get(f"/releases/{made['id']}/diff"), 422)


# Reading


def test_the_data_sheet_is_filled_from_the_manifest(chief, filled):
    made = release(chief, filled, notes="Errors mended.", licence="CC-BY-4.0")
    answer = chief.get(f"/releases/{made['id']}/datasheet")
    assert answer.content_type == "text/markdown; charset=utf-8"
    text = answer.get_data(as_text=True)
    for told in ("release 1.0", "Errors mended.", "CC-BY-4.0", made["sha256"], "> Tag | what"):
        assert told in text
    assert "| annotations | 5 |" in text
    assert text.endswith("\n")


def test_a_release_has_an_etag_for_ever(chief, filled):
    made = release(chief, filled)
    first = chief.get(f"/releases/{made['id']}")
    assert chief.get(f"/releases/{made['id']}", if_none_match=first).status_code == 304


def test_while_blind_annotators_do_not_read_releases(api, chief, filled, team):
    made = release(chief, filled)
    change(chief, filled.path, {"settings": {"blind": True}})
    blinded = api.as_(team.annotator)
    for path in (
        f"{filled.path}/releases",
        f"/releases/{made['id']}",
        f"/releases/{made['id']}/files/ndjson",
        f"/releases/{made['id']}/diff?against={made['id']}",
        f"/releases/{made['id']}/datasheet",
    ):
        assert_problem(blinded.get(path), 403)
    assert api.as_(team.viewer).get(f"/releases/{made['id']}").status_code == 200
    for person, hears in ((team.annotator, False), (team.viewer, True)):
        told = told_with(api.as_(person), filled.path, add_article(chief, filled)["id"])
        assert (made["id"] in [item["id"] for item in told]) == hears


def test_pages_of_releases_cost_the_same(chief, filled, here):
    counts = []
    for number in range(2):
        release(chief, filled, str(number))
        with count_statements(here.database) as seen:
            chief.get(f"{filled.path}/releases")
        counts.append(len(seen))
    assert counts == [2, 2]


def test_pseudonyms_are_stable_apart_and_their_own():
    here, there = Pseudonyms("key", "project"), Pseudonyms("key", "another")
    person = "01a20aa1-e790-7967-96ac-e9f6700cba17"
    first = here.id_of(person)
    assert first == Pseudonyms("key", "project").id_of(person)
    assert first[14] == "8"
    assert first[19] in "89ab"
    assert len({first, there.id_of(person), Pseudonyms("other", "project").id_of(person)}) == 3
    assert there.id_of(first) == first
    assert name_of(first) == f"Person {first[:8]}"
