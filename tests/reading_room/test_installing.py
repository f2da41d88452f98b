"""Where no browser can be installed that is said; it stops nothing but a run in CI."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "bin" / "browser"


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_machine_that_cannot_have_a_browser_is_told(tmp_path: Path, ci: str, code: int) -> None:
    bare = {"PATH": str(tmp_path), "CI": ci}  # no apt-get, no chromium
    ended = subprocess.run(
        ["/bin/sh", SCRIPT], env=bare, capture_output=True, text=True, check=False
    )
    assert ended.returncode == code
    assert ended.stderr.startswith("No browser: install Chromium and chromedriver")


def test_who_wants_no_browser_gets_none(tmp_path: Path) -> None:
    bare = {"PATH": str(tmp_path), "CI": "true", "FACTMARK_BROWSER": ""}
    ended = subprocess.run(["/bin/sh", SCRIPT], env=bare, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
