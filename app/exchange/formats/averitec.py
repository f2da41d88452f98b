"""AVeriTeC: claims with verdict, justification, evidence as answers (Schlichtkrull et al. 2023)."""

import re
from collections.abc import Iterator
from typing import Any

from app.exchange.formats import iris
from app.exchange.formats.base import Format, Options
from app.exchange.formats.chunks import chunked
from app.exchange.formats.jsons import dumped
from app.exchange.formats.judged import Evidence, Judged, Place, judged
from app.exchange.rows import Dataset, Json

LABELS = {
    "supported": "Supported",
    "refuted": "Refuted",
    "not_enough_evidence": "Not Enough Evidence",
    "conflicting": "Conflicting Evidence/Cherrypicking",
}
TYPES = {
    "event_property": "Event/Property Claim",
    "numerical": "Numerical Claim",
    "quote": "Quote Verification",
    "causal": "Causal Claim",
    "position": "Position Statement",
}
_COUNTRY = re.compile("[A-Z]{2}")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class Averitec(Format):
    """One JSON array, an object a claim."""

    name, title = "averitec", "AVeriTeC claims (JSON)"
    media_type, suffix = "application/json", "averitec.json"
    keeps = (
        "Annotations with a verdict: statement, all four labels, justification, speaker, date, "
        "country, type of claim, and each piece of linked evidence as an extractive answer."
    )
    loses = (
        "Annotations without a verdict, spans and other attributes. We hold no questions: each is "
        "made from a template and names where the answer was found. Strategies are empty; "
        "predictions and comparisons have no type of claim there."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The array, one claim a line."""
        return chunked(_lines(dataset))


def _lines(dataset: Dataset) -> Iterator[bytes]:
    evidence = Evidence.of(dataset)
    lead = b"[\n"
    for item in judged(dataset):
        if item.label in LABELS:
            yield lead + dumped(_claim(dataset, item, evidence))
            lead = b",\n"
    yield b"[]\n" if lead == b"[\n" else b"\n]\n"


def _claim(dataset: Dataset, item: Judged, evidence: Evidence) -> Json:
    attributes, source = item.row.attributes, item.article.source
    kind = TYPES.get(attributes.get("claim_type", ""))
    place = attributes.get("location") or ""
    return {
        "claim": item.statement,
        "required_reannotation": False,
        "label": LABELS[item.label],
        "justification": item.justification,
        "claim_date": _date(item),
        "speaker": item.speaker.name if item.speaker else None,
        "original_claim_url": source.get("url"),
        "reporting_source": source.get("publisher"),
        "location_ISO_code": place if _COUNTRY.fullmatch(place) else None,
        "claim_types": [kind] if kind else [],
        "fact_checking_strategies": [],
        "questions": [_question(dataset, found) for _, _, found in evidence.about(item)],
    }


def _question(dataset: Dataset, place: Place) -> Json:
    where = place.source.get("publisher") or place.title or place.article_id
    answer: Json = {
        "answer": place.quote,
        "answer_type": "Extractive",
        "source_url": place.source.get("url") or iris.article_of(dataset, place.article_id),
        "source_medium": "Web text",
    }
    return {"question": f"What does {where} report on this?", "answers": [answer]}


def _date(item: Judged) -> str | None:
    """The day of what is claimed, or else of publication, as `25-8-2020`."""
    moments: list[Any] = [(item.row.attributes.get("time") or {}).get("value")]
    moments.append(item.article.source.get("published_on"))
    for moment in moments:
        if found := _DAY.fullmatch(moment or ""):
            year, month, day = found.groups()
            return f"{int(day)}-{int(month)}-{year}"
    return None
