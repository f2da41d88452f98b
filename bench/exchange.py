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
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import bulk, report
from bench.databases import Place, places
from bench.memory import Watch
from bench.samples import middle
from bench.scene import furnish
from bench.servers import Server, serve

Json = dict[str, Any]
PER_ARTICLE = 100
_SENTENCE = (
    "the report said that rebels held town and prices rose by percent Müller naïve “quoted” "
    "officials 👍 in May \n"
)
WORDS = _SENTENCE.split(" ")
GOALS = {
    ("postgresql", "import"): 0.70,
    ("sqlite", "import"): 0.50,
    ("postgresql", "export"): 0.90,
    ("sqlite", "export"): 0.55,
}
FIRST_BYTES_MS = 150.0
GROWTH_MIB = {"import": 32.0, "export": 10.0}
PLAIN = ("csv", "jsonld", "brat", "conll", "webanno-tsv", "label-studio", "doccano")
JUDGED = ("fever", "averitec", "claimreview")
"""Formats of claims with a verdict; what is measured has none, so a rate would say nothing."""
HEAVY = ("huggingface", "xmi", "spacy")
FORMATS = (*PLAIN, *JUDGED, *HEAVY)
PLAIN_RATE = 20_000
PARQUET_SHARE = 1.3
"""How many times the rate of native lines, in the same repeat."""
FLAT_MIB = 32.0
"""What may come and go with a batch of articles, whatever the number of articles."""


@dataclass
class Run:
    """One thing measured: spans a second, the bare driver's beside it, growth, first bytes."""

    rates: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    growths: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        pairs = zip(self.rates, self.limits, strict=True)
        return middle([ours / limit for ours, limit in pairs])


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
        found = list(_report(benches, arguments))
    print("\n".join(found))
    if arguments.write:
        print(f"\nwritten to {report.write(_file_for(arguments.spans), found)}")


def _file_for(spans: int) -> str:
    millions, thousands = spans // 1_000_000, spans // 1000
    return f"RESULTS-exchange-{f'{millions}M' if millions else f'{thousands}k'}.md"


def _report(benches: list[Bench], arguments: argparse.Namespace) -> Iterator[str]:
    yield from (
        "# Import and export",
        "",
        f"{arguments.spans:,} spans over HTTP on the production server, one caller; beside each",
        "the bare driver with the same rows in the same run: for the import COPY of all rows that",
        "it writes (executemany on SQLite), for the export COPY (SELECT row_to_json …)",
        "of the annotations (a bare cursor on SQLite), for Parquet the native export just before.",
        f"Medians of {arguments.repeats} interleaved repeats; growth is the most that a worker's",
        "resident memory rose above what it was before.",
        "",
        *report.machine(bench.place for bench in benches),
        "",
    )
    header = ("database", "what", "spans/s", "bare", "share", "first bytes ms", "growth MiB")
    yield from report.table(header, (row for bench in benches for row in _rows(bench)))
    yield from ("", "## Goals", "")
    yield from report.table(("goal", "reached", ""), _goals(benches))
    yield from ("", f"Written by `python -m bench.exchange --spans {arguments.spans}`.")


def _rows(bench: Bench) -> Iterator[list[object]]:
    for what, run in bench.runs.items():
        yield [
            bench.place.engine,
            what,
            "" if what in JUDGED else middle(run.rates),
            middle(run.limits) if run.limits else "",
            run.share if run.limits else "",
            middle(run.firsts) if run.firsts else "",
            max(run.growths),
        ]


def _goals(benches: list[Bench]) -> Iterator[list[object]]:
    for bench in benches:
        engine = bench.place.engine
        for what in ("import", "export"):
            run, goal = bench.runs[what], GOALS[engine, what]
            yield [
                f"{engine}, {what}: at least {goal:.2f} of bare",
                run.share,
                _met(run.share >= goal),
            ]
            most = GROWTH_MIB[what]
            grown = max(run.growths)
            yield [f"{engine}, {what}: growth at most {most:g} MiB", grown, _met(grown <= most)]
        first = middle(bench.runs["export"].firsts)
        told = f"{engine}, export: first bytes within {FIRST_BYTES_MS:g} ms"
        yield [told, f"{first:.0f} ms", _met(first <= FIRST_BYTES_MS)]
        share = bench.runs["parquet"].share
        told = f"{engine}, parquet: at least {PARQUET_SHARE:g} times the native export"
        yield [told, share, _met(share >= PARQUET_SHARE)]
        yield from _format_goals(engine, bench.runs)


def _format_goals(engine: str, runs: dict[str, Run]) -> Iterator[list[object]]:
    for what in (name for name in PLAIN if name in runs):
        rate = middle(runs[what].rates)
        told = f"{engine}, {what}: at least {PLAIN_RATE:,} spans/s"
        yield [told, rate, _met(rate >= PLAIN_RATE)]
    for what in (name for name in ("parquet", *FORMATS) if name in runs):
        grown = max(runs[what].growths)
        told = f"{engine}, {what}: growth at most {FLAT_MIB:g} MiB"
        yield [told, grown, _met(grown <= FLAT_MIB)]


def _met(reached: bool) -> str:
    return "met" if reached else "**not met**"


if __name__ == "__main__":
    main()
