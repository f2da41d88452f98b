"""The base line: single creates and the reader page, beside the bare drivers, on both engines."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import bare, limits, report
from bench.databases import Place, places
from bench.load import load, request
from bench.samples import Sample, middle
from bench.scene import Scene, furnish
from bench.servers import Server, serve

CALLERS = (1, 8, 32)
SHARE = 0.20
"""What a request may keep of the bare driver's rate, with HTTP, checks and JSON around it."""
SLOWEST = 60.0
"""Milliseconds within which 99 of 100 creates are done on SQLite at 32 callers."""


@dataclass
class Case:
    """One thing to measure on one database at so many callers, and what came of it."""

    place: Place
    what: str
    callers: int
    ours: list[Sample] = field(default_factory=list)
    limit: list[Sample] = field(default_factory=list)

    @property
    def share(self) -> float:
        return middle(
            [ours.rate / limit.rate for ours, limit in zip(self.ours, self.limit, strict=True)]
        )

    @property
    def errors(self) -> int:
        return sum(sum(sample.errors.values()) for sample in [*self.ours, *self.limit])

    @property
    def p99(self) -> float:
        return middle([sample.p99 for sample in self.ours])


@dataclass
class Bench:
    """A furnished database with a server over it."""

    place: Place
    server: Server
    scene: Scene

    def __post_init__(self) -> None:
        scene, engine = self.scene, self.place.engine
        self.cases = [Case(self.place, what, n) for what in ("create", "page") for n in CALLERS]
        # Creates leave the page alone, so that it has its fifty annotations in every repeat.
        others = scene.articles[2:]
        page = f"/api/v1/articles/{scene.page}?include=annotations,links"
        self.requests = {
            "create": [
                request("POST", f"/api/v1/articles/{article}/annotations", scene.token, body)
                for body in scene.figures()
                for article in others
            ],
            "page": [request("GET", page, scene.token)],
        }
        rows = limits.examples(engine, self.place.bare, [scene.page, *others])[1:]
        sqlite = engine == "sqlite"
        self.jobs = {
            "create": (limits.create_on_sqlite if sqlite else limits.create_on_postgresql, rows),
            "page": (limits.fetch_on_sqlite if sqlite else limits.fetch_on_postgresql, scene.page),
        }

    def measure(self, case: Case, seconds: float) -> None:
        """One repeat of a case: the product, and right after it the bare driver."""
        expect = 201 if case.what == "create" else 200
        requests = self.requests[case.what]
        case.ours.append(load(self.server.address, requests, case.callers, seconds, expect=expect))
        job, given = self.jobs[case.what]
        case.limit.append(bare.run(job, (self.place.bare, given), case.callers, seconds))


def main() -> None:
    """Measure, print, and write RESULTS.md."""
    arguments = _arguments()
    with ExitStack() as open_until_end:
        folder = Path(
            open_until_end.enter_context(tempfile.TemporaryDirectory(prefix="factmark-bench-"))
        )
        found = open_until_end.enter_context(places(folder, tuple(arguments.engines)))
        benches = []
        for place in found:
            scene = furnish(place.url, folder)
            server = open_until_end.enter_context(serve(place.url, folder))
            benches.append(Bench(place, server, scene))
        for repeat in range(arguments.repeats):
            for bench in benches:
                for case in bench.cases:
                    if case.what in arguments.what and case.callers in arguments.callers:
                        bench.measure(case, arguments.seconds)
                        _tell(repeat, case)
        lines = list(_report(benches, arguments))
    print("\n".join(lines))
    if arguments.write:
        print(f"\nwritten to {report.write('RESULTS.md', lines)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each measurement is")
    parser.add_argument("--repeats", type=int, default=5, help="how often each is repeated")
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--what", nargs="+", default=["create", "page"])
    parser.add_argument("--callers", nargs="+", type=int, default=list(CALLERS))
    parser.add_argument("--no-write", dest="write", action="store_false", help="only print")
    return parser.parse_args()


def _tell(repeat: int, case: Case) -> None:
    ours, limit = case.ours[-1], case.limit[-1]
    print(
        f"{repeat + 1}: {case.place.engine} {case.what} at {case.callers}: {ours.rate:.0f}/s of "
        f"{limit.rate:.0f}/s = {ours.rate / limit.rate:.2f}, p99 {ours.p99:.0f} ms, "
        f"errors {dict(ours.errors)} {dict(limit.errors)}",
        flush=True,
    )


def _report(benches: list[Bench], arguments: argparse.Namespace) -> Iterator[str]:
    yield from (
        "# The base line",
        "",
        "Single creates (one figure with a tag: token, revocation, membership, span check, row,",
        "history row, commit) and the reader page (an article of 25 paragraphs, 50 annotations,",
        "12 links) over HTTP on the production server with two workers. Beside each the bare",
        "driver with the same rows in the same tables, as many connections in two processes,",
        f"right after. Medians of {arguments.repeats} interleaved repeats of",
        f"{arguments.seconds:g} s; the share is the median of the repeats' ratios. The load",
        "generator runs on the same cores.",
        "",
        *report.machine(bench.place for bench in benches),
        "",
    )
    cases = [case for bench in benches for case in bench.cases if case.ours]
    header = ("database", "what", "callers", "a second", "p50 ms", "p99 ms", "bare", "bare p99 ms")
    yield from report.table([*header, "share", "errors"], [_row(case) for case in cases])
    yield from ("", "## Goals", "")
    yield from report.table(("goal", "reached", ""), _goals(benches, cases))
    yield from ("", "Written by `make bench`.")


def _row(case: Case) -> list[object]:
    return [
        case.place.engine,
        case.what,
        case.callers,
        middle([sample.rate for sample in case.ours]),
        middle([sample.p50 for sample in case.ours]),
        case.p99,
        middle([sample.rate for sample in case.limit]),
        middle([sample.p99 for sample in case.limit]),
        case.share,
        case.errors,
    ]


def _goals(benches: list[Bench], cases: list[Case]) -> Iterator[list[object]]:
    for case in cases:
        if case.callers == 8:
            name = f"{case.place.engine}, {case.what} at 8 callers: at least {SHARE:.2f} of bare"
            yield [name, case.share, _verdict(case.share >= SHARE)]
        if (case.place.engine, case.what, case.callers) == ("sqlite", "create", 32):
            name = f"sqlite, create at 32 callers: p99 at most {SLOWEST:g} ms"
            yield [name, f"{case.p99:.1f} ms", _verdict(case.p99 <= SLOWEST)]
    for bench in benches:
        if bench.place.engine == "sqlite":
            locks = bench.server.says("locked", "busy")
            yield ["sqlite, lock errors: none", locks, _verdict(locks == 0)]
    errors = sum(case.errors for case in cases)
    yield ["errors of any kind: none", errors, _verdict(errors == 0)]


def _verdict(reached: bool) -> str:
    return "met" if reached else "**not met**"


if __name__ == "__main__":
    main()
