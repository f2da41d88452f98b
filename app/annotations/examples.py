"""Annotations of the article in `articles.examples`, one of each kind and two at once."""

from typing import Any

Json = dict[str, Any]

CLAIM: Json = {
    "kind": "claim",
    "target": {"exact": "Nobody was hurt."},
    "attributes": {
        "statement": "Nobody was hurt in the storm at the harbour.",
        "claim_type": "event_property",
        "modality": "denied",
        "check_worthiness": "check_worthy",
        "time": {"value": "2026-11-19", "precision": "day"},
    },
    "confidence": "high",
}
FIGURE: Json = {
    "kind": "figure",
    "target": {"start": 2, "end": 19, "exact": "At least 40 boats"},
    "attributes": {"value": "40", "comparator": "at_least", "unit": "boats", "form": "digits"},
    "tags": ["losses"],
    "state": "submitted",
}
ATTRIBUTION: Json = {
    "kind": "attribution",
    "target": {"exact": "At least 40 boats sank, the harbour master said"},
    "parts": {
        "source": [{"exact": "the harbour master"}],
        "cue": [{"exact": "said"}],
        "content": [{"exact": "At least 40 boats sank"}],
    },
    "attributes": {
        "sources": [{"name": "Harbour master", "type": "person"}],
        "quotation": "indirect",
        "act": "assertion",
    },
}
DISCONTINUOUS: Json = {
    "kind": "claim",
    "target": {"fragments": [{"start": 11, "end": 13}, {"start": 20, "end": 24}]},
    "attributes": {"statement": "40 sank."},
}
ANNOTATIONS: dict[str, Any] = {
    "claim": CLAIM,
    "figure": FIGURE,
    "attribution": ATTRIBUTION,
    "discontinuous": DISCONTINUOUS,
    "several": [CLAIM, FIGURE],
}
