"""Figures in Markdown, with what one must know to read them."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.databases import Place

FOLDER = Path(__file__).parent
PACKAGES = ("granian", "flask", "sqlalchemy", "psycopg", "marshmallow", "msgspec", "orjson")


def machine(places: Iterable[Place]) -> list[str]:
    """When and on what was measured, as a list in Markdown."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"load {os.getloadavg()[0]:.1f} at the end",
        f"- Python {platform.python_version()}, {', '.join(place.version for place in places)}",
        "- " + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    ]


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table in Markdown; floats are written short."""
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return (
            f"{value:,.0f}"
            if abs(value) >= 100
            else f"{value:.2f}"
            if abs(value) < 1
            else f"{value:.1f}"
        )
    return str(value)


def write(name: str, lines: Iterable[str]) -> Path:
    """Keep a report under this name beside the code that made it."""
    file = FOLDER / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
