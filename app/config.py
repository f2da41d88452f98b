"""Every setting: its name in the environment, its default, and why it exists.

A wrong value stops the start with a sentence that names the variable and the rule.
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.parsers import address, flag, level, origins, path, text, whole

MIB = 1024 * 1024


class SettingError(Exception):
    """A setting that cannot be used; the message is for whoever starts the server."""


def _setting(default: Any, parse: Callable[[str], Any], why: str) -> Any:
    return field(default=default, metadata={"parse": parse, "why": why})


@dataclass(frozen=True)
class Settings:
    """All that can be set from outside. Each name in capitals is its environment variable."""

    data_dir: Path = _setting(
        Path("data"), path, "Where the embedded database, the secret key and releases are kept."
    )
    demo: bool = _setting(True, flag, "0 leaves the demo project out of an empty server.")
    database_url: str = _setting(
        "", text, "sqlite:///FILE or postgresql://…; empty means a SQLite file in DATA_DIR."
    )
    secret_key: str = _setting(
        "", text, "Signs tokens; empty means one is made once and kept in DATA_DIR/secret.key."
    )
    access_token_minutes: int = _setting(
        15, whole(1, 1440), "Short, so that a stolen access token is soon worthless."
    )
    refresh_token_days: int = _setting(
        30, whole(1, 365), "How long someone stays signed in without typing the password again."
    )
    sign_in_attempts: int = _setting(
        10,
        whole(1, 10_000),
        "Failed sign-ins for one e-mail before it must wait; twenty times as many for one address.",
    )
    sign_in_window_seconds: int = _setting(
        300, whole(1, 86_400), "The window in which failed sign-ins are counted."
    )
    password_memory_kib: int = _setting(
        19_456, whole(8, 1_048_576), "Argon2id memory: 19 MiB with two passes is OWASP's minimum."
    )
    max_body_bytes: int = _setting(
        8 * MIB, whole(1024, 1024 * MIB), "A larger JSON body is refused with 413."
    )
    max_text_codepoints: int = _setting(
        1_000_000, whole(100, 50_000_000), "The longest article text."
    )
    max_items_per_request: int = _setting(
        1000, whole(1, 100_000), "The longest list that one request may create."
    )
    max_reader_annotations: int = _setting(
        5000, whole(50, 1_000_000), "How many annotations a reader page holds before it says more."
    )
    idempotency_hours: int = _setting(
        24, whole(1, 720), "How long the answer to an Idempotency-Key is kept."
    )
    claim_hours: int = _setting(
        24, whole(1, 8760), "How long someone who took the next assignment keeps it unfinished."
    )
    cors_origins: tuple[str, ...] = _setting(
        (), origins, "Origins of browser front ends, separated by commas; none by default."
    )
    cookie_secure: bool = _setting(
        False, flag, "Set to 1 behind HTTPS, so that cookies never travel in the clear."
    )
    log_level: str = _setting("INFO", level, "How much is logged; JSON lines on standard error.")
    pool_size: int = _setting(
        10, whole(1, 200), "Database connections a worker keeps, or one a thread if that is more."
    )
    statement_timeout_seconds: int = _setting(
        30, whole(1, 3600), "PostgreSQL stops a request's statement after this; bulk has its own."
    )
    webhook_delivery: bool = _setting(
        True, flag, "Whether the server sends to webhooks itself; 0 leaves it to the command."
    )
    webhook_attempts: int = _setting(
        8, whole(1, 50), "Attempts of one batch, over about two hours, before a webhook is paused."
    )
    webhook_timeout_seconds: int = _setting(
        10, whole(1, 300), "How long a webhook's receiver may take to answer."
    )
    webhook_allow_private: bool = _setting(
        False, flag, "Set to 1 to let webhooks reach private, loopback and link-local addresses."
    )
    threads: int = _setting(
        8, whole(2, 1000), "Requests a worker handles at a time; the server is started with it."
    )
    feed_waiters: int = _setting(
        1, whole(0, 200), "Long polls a worker holds at once; each takes a thread while it waits."
    )
    feed_streams: int = _setting(
        1, whole(0, 200), "Event streams a worker holds at once; each takes a thread as it lasts."
    )
    feed_stream_seconds: int = _setting(
        300, whole(1, 86_400), "An event stream ends after this; its listener comes back."
    )

    export_streams: int = _setting(
        2, whole(1, 200), "Downloads a worker serves at once; each takes a thread as it lasts."
    )
    imports_at_once: int = _setting(
        1, whole(1, 200), "Imports a worker takes at once; each needs a thread and a connection."
    )
    bulk_timeout_seconds: int = _setting(
        3600, whole(1, 86_400), "PostgreSQL stops a statement of an export or import after this."
    )
    max_import_bytes: int = _setting(
        2048 * MIB, whole(1024, 1024 * 1024 * MIB), "The largest import, after decompression."
    )
    max_import_line_bytes: int = _setting(
        64 * MIB, whole(1024, 1024 * MIB), "The longest line or item of an import."
    )
    public_url: str = _setting(
        "", address, "Where the world finds this server; empty means as the request addressed it."
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """The settings as the environment gives them; SettingError where one is wrong."""
        environ = os.environ if environ is None else environ
        given = {
            spec.name: _parsed(spec.name.upper(), environ[spec.name.upper()], spec.metadata)
            for spec in fields(cls)
            if environ.get(spec.name.upper())
        }
        return cls(**given).completed()

    def completed(self) -> "Settings":
        """The same with what depends on others: connections, database file and secret key."""
        self._keep_threads_free()
        values = {spec.name: getattr(self, spec.name) for spec in fields(self)}
        _make(self.data_dir)
        values["pool_size"] = max(self.pool_size, self.threads)
        values["database_url"] = _database_url(self.database_url, self.data_dir)
        values["secret_key"] = _secret_key(self.secret_key, self.data_dir)
        return Settings(**values)

    def _keep_threads_free(self) -> None:
        """Refuse what lets those who stay long take every thread of a worker.

        Beside those with seats they are a release, and one who stands in line for a stream.
        """
        names = ("feed_waiters", "feed_streams", "export_streams", "imports_at_once")
        taken = sum(getattr(self, name) for name in names) + 2
        if taken >= self.threads:
            told = " + ".join(name.upper() for name in names)
            raise SettingError(
                f"{told}, one release and one who waits for a stream can take {taken} threads of a "
                f"worker, and THREADS is {self.threads}: lower some, or raise THREADS, so that "
                "one is left for others."
            )


def _parsed(name: str, raw: str, metadata: Mapping[str, Any]) -> Any:
    try:
        return metadata["parse"](raw)
    except (ValueError, KeyError):
        raise SettingError(f"{name} must be {metadata['parse'].__doc__}; it is {raw!r}.") from None


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError("it cannot be written")
    except OSError as error:
        reason = error.strerror or error
        raise SettingError(f"DATA_DIR must be a folder; {folder} is none: {reason}.") from None


def _database_url(raw: str, data_dir: Path) -> str:
    if not raw:
        return f"sqlite:///{data_dir.resolve() / 'factmark.db'}"
    try:
        url = make_url(raw)
    except ArgumentError:
        raise SettingError(
            "DATABASE_URL must look like sqlite:///FILE or postgresql://USER@HOST/NAME."
        ) from None
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise SettingError(
            f"DATABASE_URL names {url.drivername!r}; Factmark runs on sqlite and postgresql."
        )
    if url.drivername == "sqlite" and url.database in {None, "", ":memory:"}:
        raise SettingError("DATABASE_URL needs a file: several workers cannot share :memory:.")
    return url.render_as_string(hide_password=False)


def _secret_key(raw: str, data_dir: Path) -> str:
    if raw:
        return _long_enough(raw, "SECRET_KEY must have at least 32 characters.")
    kept = data_dir / "secret.key"
    if not kept.exists():
        _keep_a_new_key(kept)
    told = f"The key in {kept} must have at least 32 characters; without the file one is made."
    return _long_enough(kept.read_text().strip(), told)


def _long_enough(key: str, told: str) -> str:
    if len(key) < 32:
        raise SettingError(told)
    return key


def _keep_a_new_key(kept: Path) -> None:
    """Write a key that is there whole or not at all: workers that start together share one."""
    handle, name = tempfile.mkstemp(dir=kept.parent, prefix=kept.name)  # readable for us alone
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    with contextlib.suppress(FileExistsError):
        os.link(name, kept)
    os.unlink(name)
