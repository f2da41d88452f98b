"""Databases for the tests: migrated once, then copied, which is quicker than migrating."""

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, create_engine, make_url

from tests.support import postgres
from tests.support.home import home

MIGRATIONS = Path(__file__).parents[2] / "migrations"


class Databases:
    """The databases of one engine, `sqlite` or `postgresql`; all dropped at the end."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self._server = postgres.server_url() if engine == "postgresql" else None
        self._made: list[URL] = []
        self._template: URL | None = None

    def empty(self) -> str:
        """A database without any table."""
        return self._text(self._make(None))

    def migrated(self) -> str:
        """A database of its own with every migration, and nothing in it."""
        if self._template is None:
            fresh = self._make(None)
            migrate(self._text(fresh), lambda config: command.upgrade(config, "head"))
            self._template = fresh
        return self._text(self._make(self._template))

    def drop_all(self) -> None:
        """Drop every database that was made, whoever is still connected."""
        for url in self._made:
            if self._server is None:
                Path(url.database or "").unlink(missing_ok=True)
            else:
                postgres.run(self._server, f'DROP DATABASE "{url.database}" WITH (FORCE)')
        self._made.clear()
        self._template = None

    def _make(self, template: URL | None) -> URL:
        name = f"factmark_{uuid4().hex[:16]}"
        if self._server is None:
            url = make_url(f"sqlite:///{home() / name}.db")
            if template is not None:
                shutil.copyfile(template.database or "", url.database or "")
        else:
            url = self._server.set(database=name)
            source = template.database if template else "template0"
            postgres.run(self._server, f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        self._made.append(url)
        return url

    def _text(self, url: URL) -> str:
        driver = "sqlite" if self._server is None else "postgresql+psycopg"
        return url.set(drivername=driver).render_as_string(hide_password=False)


def migrate(url: str, step: Callable[[Config], object]) -> None:
    """Let Alembic do `step` on the database at `url`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            step(config)
    finally:
        engine.dispose()
