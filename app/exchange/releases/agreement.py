"""The agreement that a release's manifest tells: numbers alone, nobody's name."""

from typing import Any

from app.exchange.export.selection import Selection
from app.kernel.actor import Actor
from app.kernel.db import Database, reading
from app.reviews.measures.service import agreement

Json = dict[str, Any]
KINDS_OF_WORK = ("annotations", "links")
FOLLOWED = {"kind", "article"}
"""The filters that agreement can follow; what others leave out, other annotators may have."""


def agreement_of(of: Database, actor: Actor, selection: Selection) -> Json:
    """How far the annotators agree on what is released, by measure; or why that is not told.

    It is that of the annotators' own layers, also where the release has only the adjudicated
    one: that is what its quality rests on.
    """
    if others := sorted(set(selection.filters) - FOLLOWED):
        told = f"Agreement is not told of a part chosen by {', '.join(others)}."
        return {"measures": None, "reason": told}
    with reading(of):
        return {"measures": {work: _measured(actor, selection, work) for work in KINDS_OF_WORK}}


def _measured(actor: Actor, selection: Selection, work: str) -> Json:
    asked: Json = {"of": work, "top": 0, "disagreements": 0}
    if "kind" in selection.filters:
        asked["kind"] = selection.filters["kind"]
    if "article" in selection.filters:
        asked["articles"] = [selection.filters["article"]]
    found = agreement(actor, asked)
    return {
        "n_articles": found["n_articles"],
        "n_coders": len(found["coders"]),
        **found["measures"],
    }
