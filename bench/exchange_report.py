"""What the bench of imports and exports tells: its figures, and the goals that they reach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bench import report
from bench.databases import Place
from bench.samples import middle

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


class Measured(Protocol):
    """What was measured on one database, by name."""

    place: Place
    runs: dict[str, Run]


def report_of(benches: Sequence[Measured], spans: int, repeats: int) -> Iterator[str]:
    """The figures in Markdown, and which goals they reach."""
    yield from (
        "# Import and export",
        "",
        f"{spans:,} spans over HTTP on the production server, one caller; beside each",
        "the bare driver with the same rows in the same run: for the import COPY of all rows that",
        "it writes (executemany on SQLite), for the export COPY (SELECT row_to_json …)",
        "of the annotations (a bare cursor on SQLite), for Parquet the native export just before.",
        f"Medians of {repeats} interleaved repeats; growth is the most that a worker's",
        "resident memory rose above what it was before.",
        "",
        *report.machine(bench.place for bench in benches),
        "",
    )
    header = ("database", "what", "spans/s", "bare", "share", "first bytes ms", "growth MiB")
    yield from report.table(header, (row for bench in benches for row in _rows(bench)))
    yield from ("", "## Goals", "")
    yield from report.table(("goal", "reached", ""), _goals(benches))
    yield from ("", f"Written by `python -m bench.exchange --spans {spans}`.")


def _rows(bench: Measured) -> Iterator[list[object]]:
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


def _goals(benches: Sequence[Measured]) -> Iterator[list[object]]:
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
