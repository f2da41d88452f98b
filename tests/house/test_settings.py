"""Settings: a wrong one stops the start with a sentence; the page for operators has them all."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from app.config import SettingError, Settings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operations.md"
BEGIN = "<!-- settings: the test of the settings holds this table against app/config.py -->\n"
END = "<!-- end of settings -->"
WRONG = {
    "ACCESS_TOKEN_MINUTES": ("0", "1.5", "soon", "99999999999999999999"),
    "COOKIE_SECURE": ("perhaps",),
    "CORS_ORIGINS": ("*", "front.example.org", "https://a.org, b.org", "https://a.org/page"),
    "DEMO": ("maybe",),
    "PUBLIC_URL": ("factmark.example.org", "ftp://a.org", "https://a.org/?a", "https://a.org/#a"),
    "LOG_LEVEL": ("LOUD",),
    "SECRET_KEY": ("too short",),
    "DATABASE_URL": ("nonsense", "mysql://someone@host/name", "sqlite://", "sqlite:///:memory:"),
    "POOL_SIZE": ("-1", ""),
}


def table() -> str:
    """The table of all settings as the page has it."""
    rows = ["| variable | default | what it is for |", "| --- | --- | --- |"]
    rows += [
        f"| `{spec.name.upper()}` |{default(spec.default)}| {spec.metadata['why']} |"
        for spec in fields(Settings)
    ]
    return "\n".join(rows) + "\n"


def default(value: Any) -> str:
    if isinstance(value, bool):
        value = int(value)
    return f" `{value}` " if str(value) not in {"", "()"} else " "


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in WRONG for value in WRONG[name] if value]
)
def test_a_wrong_setting_is_refused_by_its_name(name: str, value: str, tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), name: value}
    with pytest.raises(SettingError, match=name):
        Settings.from_environment(given)


def test_an_empty_setting_is_one_that_is_not_set(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "POOL_SIZE": "", "LOG_LEVEL": ""}
    settings = Settings.from_environment(given)
    assert (settings.pool_size, settings.log_level) == (10, "INFO")


def test_origins_are_written_as_browsers_send_them(tmp_path: Path) -> None:
    given = " https://Front.Example.org/ ,http://localhost:5173,, chrome-extension://abc"
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "CORS_ORIGINS": given})
    assert settings.cors_origins == (
        "https://front.example.org",
        "http://localhost:5173",
        "chrome-extension://abc",
    )


def test_a_server_with_a_wrong_setting_ends_with_one_sentence(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env={"DATA_DIR": str(tmp_path), "PORT": "1", "POOL_SIZE": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "factmark: POOL_SIZE must be a whole number from 1 to 200; it is 'many'.\n"
    )


@pytest.mark.parametrize("below", ["file", "file/folder"])
def test_a_folder_that_cannot_be_made_is_told(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match=r"^DATA_DIR must be a folder; .*: (File|Not a)"):
        Settings.from_environment({"DATA_DIR": str(tmp_path / below)})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_called_by_any_of_its_names(scheme: str, tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"{scheme}://me:secret@host/name"}
    url = Settings.from_environment(given).database_url
    assert url == "postgresql+psycopg://me:secret@host/name"


@pytest.mark.parametrize(
    "given",
    [
        {"THREADS": "6"},
        {"EXPORT_STREAMS": "4"},
        {"FEED_WAITERS": "2", "FEED_STREAMS": "2"},
        {"THREADS": "32", "FEED_STREAMS": "27"},
    ],
)
def test_those_who_stay_long_leave_a_thread_for_others(
    given: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(SettingError, match=r"raise THREADS, so that one is left for others\.$"):
        Settings.from_environment({"DATA_DIR": str(tmp_path), **given})
    Settings.from_environment({"DATA_DIR": str(tmp_path), **given, "THREADS": "40"})


@pytest.mark.parametrize(("given", "kept"), [({"THREADS": "40"}, 40), ({"POOL_SIZE": "15"}, 15)])
def test_no_thread_wants_for_a_connection(given: dict[str, str], kept: int, tmp_path: Path) -> None:
    assert Settings.from_environment({"DATA_DIR": str(tmp_path), **given}).pool_size == kept


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    first = Settings.from_environment({"DATA_DIR": str(tmp_path)})
    second = Settings.from_environment({"DATA_DIR": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_nothing_is_signed_with_half_a_key(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("\n")
    with pytest.raises(SettingError, match=r"secret\.key must have at least 32 characters"):
        Settings.from_environment({"DATA_DIR": str(tmp_path)})


def test_workers_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as workers:
        given = {"DATA_DIR": str(tmp_path)}
        keys = set(workers.map(lambda _: Settings.from_environment(given).secret_key, range(64)))
    assert len(keys) == 1
    assert {len(key) for key in keys} == {64}
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_every_setting_says_why_it_exists() -> None:
    for spec in fields(Settings):
        assert len(spec.metadata["why"].split()) >= 4, spec.name
        assert spec.metadata["parse"].__doc__, spec.name


def test_the_page_for_operators_has_every_setting() -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = page.partition(BEGIN)[2].partition(END)[0]
    assert shown == table(), f"In {PAGE.name}, between the two comments, must stand:\n{table()}"
