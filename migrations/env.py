"""How Alembic meets the database: the caller hands it a connection, or a URL to make one."""

import importlib
import pkgutil
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine

import app
from app.config import Settings
from app.kernel.db import Base

KEPT_BY_HAND = ("article_words",)
"""Tables that migrations write by hand, since the two engines search differently."""


def _load_models() -> None:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.endswith("models"):
            importlib.import_module(module.name)


def _ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return not (kind == "table" and (name or "").startswith(KEPT_BY_HAND))


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=_ours,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_load_models()
given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    engine = create_engine(Settings.from_environment().database_url)
    with engine.connect() as opened:
        _run(opened)
    engine.dispose()
