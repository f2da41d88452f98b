"""Import and export through the production server, beside the bare drivers, in one run.

`python -m bench.exchange`, and `python -m bench.exchange --spans 1000000 --repeats 1 --no-formats`
to see that the memory stays the same.
"""

import argparse
import http.client
import json
import os
import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import bulk, report
from bench.databases import Place, places
from bench.exchange_report import FORMATS, Run, report_of
from bench.memory import Watch
from bench.scene import furnish
from bench.servers import Server, serve

Json = dict[str, Any]
PER_ARTICLE = 100
_SENTENCE = (
    "the report said that rebels held town and prices rose by percent Müller naïve “quoted” "
    "officials 👍 in May \n"
)
WORDS = _SENTENCE.split(" ")


class Caller:
    """The manager of the projects measured, over HTTP."""

    def __init__(self, server: Server, token: str) -> None:
        self._address, self._token = server.address, token

    def project(self, slug: str) -> str:
        """The id of a new project."""
        body = json.dumps({"slug": slug, "name": slug}).encode()
        return str(json.loads(self._call("POST", "/api/v1/projects", body))["id"])

    def bring_in(self, project: str, file: Path) -> float:
        """Seconds that an import takes, sending included."""
        began = time.perf_counter()
        with file.open("rb") as body:
            answer = self._call("POST", f"/api/v1/projects/{project}/import", body)
        seconds = time.perf_counter() - began
        if json.loads(answer)["failed"]:
            raise SystemExit(f"bench: {answer[:500]!r}")
        return seconds

    def export(self, project: str, name: str) -> tuple[float, float, int]:
        """Seconds, seconds to the first bytes of the body, and how many bytes came."""
        connection = http.client.HTTPConnection(*self._address)
        began = time.perf_counter()
        path = f"/api/v1/projects/{project}/export?format={name}"
        connection.request("GET", path, headers={"Authorization": f"Bearer {self._token}"})
        response = connection.getresponse()
        if response.status != 200:
            raise SystemExit(f"bench: {response.read()[:500]!r}")
        size = len(response.read1())
        first = time.perf_counter() - began
        buffer = bytearray(1024 * 1024)
        while got := response.readinto(buffer):
            size += got
        return time.perf_counter() - began, first, size

    def _call(self, method: str, path: str, body: Any) -> bytes:
        connection = http.client.HTTPConnection(*self._address, timeout=3600)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if not isinstance(body, bytes):
            headers["Content-Length"] = str(os.fstat(body.fileno()).st_size)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        data = response.read()
        if response.status not in {200, 201}:
            raise SystemExit(f"bench: {path} answered {data[:500]!r}")
        return data


def write_lines(file: Path, spans: int) -> Path:
    """Native lines without ids, so that every import of them makes new things."""
    chance = random.Random(1)
    with file.open("w", encoding="utf-8") as out:
        for number in range(spans // PER_ARTICLE):
            text = " ".join(chance.choice(WORDS) for _ in range(600))
            name = f"article-{number}"
            out.write(_line(type="article", external_id=name, title=name, text=text))
            for _ in range(PER_ARTICLE):
                out.write(_line(**_span(chance, text), article_external_id=name))
    return file


def _line(**members: Any) -> str:
    return json.dumps(members, ensure_ascii=False) + "\n"


def _span(chance: random.Random, text: str) -> Json:
    start = chance.randrange(len(text) - 60)
    end = start + chance.randrange(5, 50)
    kind = chance.choice(("claim", "figure"))
    claim = {"statement": "In the annotator's own words", "claim_type": "numerical"}
    figure = {"value": "12.5", "unit": "percent", "comparator": "exact"}
    return {
        "type": "annotation",
        "kind": kind,
        "target": {"start": start, "end": end, "exact": text[start:end]},
        "attributes": claim if kind == "claim" else figure,
        "confidence": "high",
        "state": "submitted",
    }


class Bench:
    """One database with a server over it."""

    def __init__(self, place: Place, server: Server, token: str, lines: Path, few: Path) -> None:
        self.place, self._server = place, server
        self._caller, self._lines = Caller(server, token), lines
        self.runs: dict[str, Run] = {}
        # What is loaded once and stays is no growth of an import: let all workers have it.
        for number in range(6):
            warm = self._caller.project(f"warm-{number}")
            self._caller.bring_in(warm, few)
            for name in ("ndjson", "parquet", *FORMATS):
                self._caller.export(warm, name)

    def measure(self, number: int, spans: int) -> str:
        """One import and one native export, each with the bare driver right after, and Parquet."""
        project = self._caller.project(f"run-{number}")
        watch = Watch(self._server.pid)
        seconds = self._caller.bring_in(project, self._lines)
        self._note("import", spans / seconds, watch.grown())
        other = self._caller.project(f"bare-{number}")
        rows = bulk.rows_for(self.place, project, other)
        self.runs["import"].limits.append(spans / bulk.put(self.place, rows))
        del rows
        self._export(project, "ndjson", spans)
        self.runs["export"].limits.append(spans / bulk.scan(self.place, project))
        self._export(project, "parquet", spans)
        self.runs["parquet"].limits.append(self.runs["export"].rates[-1])
        return project

    def formats(self, project: str, spans: int) -> None:
        """Every other format once."""
        for name in FORMATS:
            self._export(project, name, spans)

    def _export(self, project: str, name: str, spans: int) -> None:
        watch = Watch(self._server.pid)
        seconds, first, _ = self._caller.export(project, name)
        what = "export" if name == "ndjson" else name
        self._note(what, spans / seconds, watch.grown())
        self.runs[what].firsts.append(first * 1000)

    def _note(self, what: str, rate: float, growth: float) -> None:
        run = self.runs.setdefault(what, Run())
        run.rates.append(rate)
        run.growths.append(growth)
        print(f"{self.place.engine} {what}: {rate:,.0f}/s, grown {growth:.1f} MiB", flush=True)


def main() -> None:
    """Measure, print, and write `RESULTS-exchange-100k.md`, or what the number of spans is."""
    parser = argparse.ArgumentParser(prog="python -m bench.exchange", description=__doc__)
    parser.add_argument("--spans", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--no-formats", dest="formats", action="store_false")
    parser.add_argument("--no-write", dest="write", action="store_false", help="only print")
    arguments = parser.parse_args()
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="factmark-bench-")))
        lines = write_lines(folder / "lines.ndjson", arguments.spans)
        few = write_lines(folder / "few.ndjson", 2000)
        benches = []
        for place in held.enter_context(places(folder, tuple(arguments.engines))):
            token = furnish(place.url, folder).token
            server = held.enter_context(serve(place.url, folder))
            benches.append(Bench(place, server, token, lines, few))
        for number in range(arguments.repeats):
            last = [bench.measure(number, arguments.spans) for bench in benches]
        if arguments.formats:
            for bench, project in zip(benches, last, strict=True):
                bench.formats(project, arguments.spans)
        found = list(report_of(benches, arguments.spans, arguments.repeats))
    print("\n".join(found))
    if arguments.write:
        print(f"\nwritten to {report.write(_file_for(arguments.spans), found)}")


def _file_for(spans: int) -> str:
    millions, thousands = spans // 1_000_000, spans // 1000
    return f"RESULTS-exchange-{f'{millions}M' if millions else f'{thousands}k'}.md"


if __name__ == "__main__":
    main()
