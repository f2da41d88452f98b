"""The command line carries out and in what HTTP does, through files and pipes."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.annotations.models import Annotation
from app.articles.models import Article
from app.exchange.formats.ndjson_writing import written
from app.exchange.imports import running, stepping
from app.kernel.db import reading, unit_of_work
from app.web.application import Application
from tests.exchange.making import TEXT
from tests.exchange.samples import importable
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject, add_project
from tests.support.api import Api

FIGURE = {
    "type": "annotation",
    "article_external_id": "one",
    "kind": "figure",
    "attributes": {"value": "14"},
}


def run(app: Application, *words: str, data: bytes | None = None) -> Any:
    return app.test_cli_runner().invoke(args=list(words), input=data)


@pytest.fixture
def lines() -> bytes:
    return b"".join(written(importable()))


@pytest.fixture
def full(app: Application, manager: Person, project: MadeProject, lines: bytes) -> MadeProject:
    """The project with the sample in it, brought in from standard input."""
    done = run(app, "import", project.slug, "-", "--as", manager.email, data=lines)
    assert done.exit_code == 0, done.output
    assert "6 articles, 20 annotations, 6 links, 3 sources made; 0 unchanged" in done.stdout
    return project


def over_http(app: Application, manager: Person, project: MadeProject, **query: Any) -> bytes:
    answer = Api(app).as_(manager).get(f"{project.path}/export", query=query)
    return bytes(answer.data)


def test_a_file_holds_what_http_gives(
    app: Application, manager: Person, full: MadeProject, tmp_path: Path
) -> None:
    for name in ("ndjson", "csv", "conll"):
        file = tmp_path / name
        file.write_text("what was there before")
        done = run(app, "export", full.slug, "--format", name, "-o", str(file))
        assert done.exit_code == 0, done.output
        assert file.read_bytes() == over_http(app, manager, full, format=name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["conll", "csv", "ndjson"]


def test_standard_output_holds_nothing_else(
    app: Application, manager: Person, full: MadeProject
) -> None:
    done = run(app, "export", full.id, "-w", "kind=figure", "--where", "state=draft")
    assert done.exit_code == 0
    assert done.stdout_bytes == over_http(app, manager, full, kind="figure", state="draft")


def test_an_import_is_resumed_by_doing_it_again(
    app: Application, manager: Person, full: MadeProject, lines: bytes, tmp_path: Path
) -> None:
    packed = tmp_path / "lines.ndjson.gz"
    packed.write_bytes(gzip.compress(lines))
    done = run(app, "import", full.slug, str(packed), "--as", manager.email)
    assert done.exit_code == 0, done.output
    assert "35 unchanged; 0 failed" in done.stdout


def _many(count: int) -> bytes:
    """An article and figures in it, in lines that go by external ids."""
    lines: list[Any] = [{"type": "article", "title": "T", "text": TEXT, "external_id": "one"}]
    for number in range(count - 1):
        target = {"start": 33, "end": 35, "exact": "14"}
        lines.append({**FIGURE, "target": target, "external_id": f"figure {number}"})
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def _stored(app: Application, project: MadeProject) -> int:
    """How many things the project has."""
    with reading(app.database) as session:
        wanted = select(func.count()).select_from(Annotation)
        here = session.scalar(wanted.where(Annotation.project_id == project.id)) or 0
        articles = select(func.count()).where(Article.project_id == project.id)
        return here + (session.scalar(articles) or 0)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_import_goes_on_where_it_stopped(
    app: Application,
    manager: Person,
    project: MadeProject,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    code: int,
) -> None:
    monkeypatch.setattr(stepping, "STEP", 10)
    file = tmp_path / "many.ndjson"
    file.write_bytes(_many(100))
    words = ("import", project.slug, str(file), "--as", manager.email)
    real, steps = stepping.bring_in, []

    def stopped(*given: Any) -> Any:
        steps.append(1)
        if len(steps) == 4:
            os.kill(os.getpid(), number)
        return real(*given)

    monkeypatch.setattr(stepping, "bring_in", stopped)
    done = run(app, *words, "--on-error", "skip")
    assert done.exit_code == code
    assert "Stopped. At least 30 things are here" in done.stderr
    assert _stored(app, project) == 30

    again = run(app, *words, "--on-error", "skip")
    assert again.exit_code == 0, again.output
    assert "The first 30 things are here already; going on." in again.stderr
    assert "0 articles, 70 annotations" in again.stdout
    assert "30 unchanged; 0 failed" in again.stdout
    assert _stored(app, project) == 100


def test_a_stopped_import_of_all_or_nothing_leaves_nothing(
    app: Application, manager: Person, project: MadeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = running.batched

    def stopped(*given: Any) -> Any:
        for batch in real(*given):
            yield batch
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(running, "batched", stopped)
    done = run(app, "import", project.slug, "-", "--as", manager.email, data=_many(100))
    assert done.exit_code == 130
    assert "Stopped. Nothing was imported." in done.stderr
    assert _stored(app, project) == 0


KILLED = """\
import sys
from app.exchange.imports import stepping
stepping.STEP = 500
from wsgi import app
app.test_cli_runner().invoke(args=sys.argv[1:])
"""


def test_a_killed_import_goes_on_where_it_was_killed(
    app: Application, manager: Person, project: MadeProject, tmp_path: Path
) -> None:
    file = tmp_path / "many.ndjson"
    file.write_bytes(_many(20_000))
    words = ("import", project.slug, str(file), "--as", manager.email, "--on-error", "skip")
    settings = ("DATABASE_URL", "SECRET_KEY", "DATA_DIR")
    environment = {name: str(app.config[name]) for name in settings}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, *words], env={**os.environ, **environment}
    ) as importing:
        ends = time.monotonic() + 60
        while _stored(app, project) < 1000 and time.monotonic() < ends:
            time.sleep(0.02)
        importing.kill()
    kept = _stored(app, project)
    assert 1000 <= kept < 20_000
    again = run(app, *words)
    assert again.exit_code == 0, again.output
    assert f"{20_000 - kept} annotations" in again.stdout
    assert f"{kept} unchanged; 0 failed" in again.stdout
    assert _stored(app, project) == 20_000


def test_a_stopped_export_leaves_the_old_file_and_no_half_one(
    app: Application, full: MadeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.exchange.export.dataset import ProjectDataset

    def stopped(self: ProjectDataset) -> Any:
        yield b"some\n"
        os.kill(os.getpid(), signal.SIGTERM)
        yield b"more\n"

    file = tmp_path / "out.ndjson"
    file.write_text("whole")
    with monkeypatch.context() as patched:
        patched.setattr(ProjectDataset, "native", stopped)
        done = run(app, "export", full.slug, "-o", str(file))
    assert done.exit_code == 143
    assert [path.name for path in tmp_path.iterdir()] == ["out.ndjson"]
    assert file.read_text() == "whole"
    (tmp_path / "out.ndjson.part").write_text("left by one who was killed")
    assert run(app, "export", full.slug, "-o", str(file)).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out.ndjson"]
    assert file.read_bytes() == run(app, "export", full.slug).stdout_bytes


def test_faults_are_told_by_line_and_exit_with_1(
    app: Application, manager: Person, project: MadeProject, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.ndjson"
    good = b'{"type": "article", "title": "T", "text": "x"}\n'
    bad.write_bytes(good + b'{"type": "article", "title": "T"}\n')
    words = ("import", project.slug, str(bad), "--as", manager.email)
    done = run(app, *words)
    assert done.exit_code == 1
    assert "2:/text: This field is required." in done.stderr
    assert "nothing was imported" in done.stderr
    kept = run(app, *words, "--on-error", "skip")
    assert kept.exit_code == 1
    assert "1 articles" in kept.stdout
    again = run(app, *words, "--on-error", "skip", "--dry-run")
    assert "would be made" in again.stdout


def test_what_is_not_there_is_told_in_a_sentence(
    app: Application, manager: Person, outsider: Person, project: MadeProject, tmp_path: Path
) -> None:
    missing = str(tmp_path / "missing" / "file")
    for words, told in (
        (("export", "no-such-project"), "There is no project"),
        (("export", project.slug, "-o", missing), "No such file"),
        (("export", project.slug, "-w", "colour=red"), "no such"),
        (("export", project.slug, "--format", "spacy", "-w", "ents=x"), "ents"),
        (("import", project.slug, missing, "--as", manager.email), "No such file"),
        (("import", project.slug, "-", "--as", outsider.email), "no member"),
    ):
        done = run(app, *words, data=b"")
        assert done.exit_code == 1, (words, done.output)
        assert told in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    assert run(app, "export", project.slug, "-w", "kind").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_or_link_named_as_the_file_stays_one(
    app: Application, full: MadeProject, tmp_path: Path
) -> None:
    pipe, link, file = tmp_path / "pipe", tmp_path / "link", tmp_path / "file"
    os.mkfifo(pipe)
    link.symlink_to(file)
    whole = run(app, "export", full.slug).stdout_bytes
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert run(app, "export", full.slug, "-o", str(pipe)).exit_code == 0
        assert reader.communicate(timeout=20)[0] == whole
    assert pipe.is_fifo()
    assert run(app, "export", full.slug, "-o", str(link)).exit_code == 0
    assert link.is_symlink()
    assert file.read_bytes() == whole
    assert run(app, "export", full.slug, "-o", str(tmp_path)).exit_code == 1


def test_an_import_reads_a_pipe_that_is_named_as_the_file(
    app: Application, manager: Person, project: MadeProject, tmp_path: Path, lines: bytes
) -> None:
    source, pipe = tmp_path / "source", tmp_path / "pipe"
    source.write_bytes(lines)
    os.mkfifo(pipe)
    with subprocess.Popen(["cp", str(source), str(pipe)]) as writer:
        done = run(app, "import", project.slug, str(pipe), "--as", manager.email)
        assert writer.wait(20) == 0
    assert "6 articles, 20 annotations, 6 links" in done.stdout, done.output


def test_a_broken_export_leaves_the_old_file(
    app: Application, full: MadeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.exchange.export.dataset import ProjectDataset

    def breaks(self: ProjectDataset) -> Any:
        yield b"some\n"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ProjectDataset, "native", breaks)
    file = tmp_path / "out.ndjson"
    file.write_text("whole")
    done = run(app, "export", full.slug, "-o", str(file))
    assert done.exit_code == 1
    assert "No space left" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["out.ndjson"]
    assert file.read_text() == "whole"


def test_viewers_do_not_import(app: Application, viewer: Person, project: MadeProject) -> None:
    done = run(app, "import", project.slug, "-", "--as", viewer.email, data=b"")
    assert done.exit_code == 1
    assert "annotator" in done.stderr


def test_an_export_goes_through_a_pipe_into_another_project(
    app: Application, manager: Person, full: MadeProject
) -> None:
    with unit_of_work(app.database):
        copy = add_project(manager)
    out = run(app, "export", full.slug).stdout_bytes
    assert run(app, "import", copy.slug, "-", "--as", manager.email, data=out).exit_code == 0
    assert run(app, "export", copy.slug).stdout_bytes == out
