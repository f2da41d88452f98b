"""The agreement that a release's manifest tells."""

from typing import Any

from app.exchange.export.selection import Selection
from app.kernel.actor import Actor
from app.kernel.db import Database

Json = dict[str, Any]


def agreement_of(of: Database, actor: Actor, selection: Selection) -> Json:
    """How far the annotators of a project agree, by measure; or why that is not told."""
    del of, actor, selection
    return {"measures": None, "reason": "Agreement is not measured by this version."}
