"""What is committed: no machine's paths, no package host, no secret, and no link to nowhere."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Written in pieces, so that this file passes its own test.
FORBIDDEN = {
    "a machine's path": re.compile(
        r"(?<![\w.~/-])/(?:" + "|".join(("wor" + "k", "roo" + "t", "home")) + r")/\w"
    ),
    "a temporary folder": re.compile(r"(?<![\w.~/-])/tm" + r"p/\w"),
    "a package host": re.compile(
        r"py" + r"pi\.org|pythonho" + r"sted|npm" + r"js\.|--(?:extra-)?index" + r"-url [^ \\]"
    ),
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY"),
}
SETUP = ROOT / "setup.cfg"
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
VENDORED = "app/web/static/"


def committed() -> Iterator[tuple[Path, str]]:
    """Every text file that git knows, with what it holds."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and not name.startswith(VENDORED):
            yield path, path.read_bytes().decode("utf-8", "replace")


def test_nothing_tells_of_the_machine_it_was_written_on() -> None:
    found = [
        f"{path.relative_to(ROOT)} holds {what}: {match.group()!r}"
        for path, text in committed()
        for what, pattern in FORBIDDEN.items()
        if (match := pattern.search(text))
    ]
    assert found == []


def test_links_between_papers_lead_somewhere() -> None:
    papers = [(path, text) for path, text in committed() if path.suffix == ".md"]
    assert papers
    broken = [
        f"{path.relative_to(ROOT)} → {target}"
        for path, text in papers
        for target in LINK.findall(text)
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_locks_hold_what_the_package_asks_for() -> None:
    asked = set(re.findall(r"^    ([a-z0-9-]+)(?:\[\w+\])?==(\S+)", SETUP.read_text(), re.M))
    assert len(asked) > 20
    locked = set(
        re.findall(
            r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+)", (ROOT / "requirements-dev.lock").read_text(), re.M
        )
    )
    assert asked <= locked, f"run `make lock` for {asked - locked}"


def test_the_locks_pin_everything_with_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        assert len(entries) > 30
        for entry in entries:
            assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", entry), entry[:80]
            assert "--hash=sha256:" in entry, entry[:80]
