"""The demo links join annotations that exist, once an author, and say why."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
LINKS: list[dict[str, Any]] = json.loads((SEEDS / "links.json").read_text(encoding="utf-8"))
BY_ID: dict[str, dict[str, Any]] = {
    a["external_id"]: a
    for a in json.loads((SEEDS / "annotations.json").read_text(encoding="utf-8"))
}
BASES = {
    "same_statement",
    "numeric",
    "negation",
    "temporal",
    "lexical",
    "factive",
    "world_knowledge",
}


def test_links_join_known_annotations_once() -> None:
    assert len({x["external_id"] for x in LINKS}) == len(LINKS) >= 25
    for link in LINKS:
        assert {link["from"], link["to"]} <= set(BY_ID)
        assert link["from"] != link["to"]
        assert link["author"] in {"ana", "ben"}
        assert link["relation"] in {"corroborates", "contradicts"}
        assert link["basis"] in BASES
        assert link["independence"] in {"independent", "same_origin", "unknown"}
        assert link["confidence"] in {"low", "medium", "high"}
        assert link["rationale"]
    pairs = Counter((x["author"], frozenset((x["from"], x["to"]))) for x in LINKS)
    assert max(pairs.values()) == 1


def test_links_cross_articles_and_contradict() -> None:
    across = [x for x in LINKS if BY_ID[x["from"]]["article"] != BY_ID[x["to"]]["article"]]
    assert len(across) > len(LINKS) / 2
    assert sum(x["relation"] == "contradicts" for x in LINKS) >= 8
    assert {x["basis"] for x in LINKS} == BASES
    assert {x["independence"] for x in LINKS} == {"independent", "same_origin", "unknown"}
