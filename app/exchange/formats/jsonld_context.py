"""The JSON-LD context of our own terms, to be served beside the W3C's."""

from typing import Any

from app.exchange.formats.iris import NAMESPACE

ANNO = "http://www.w3.org/ns/anno.jsonld"
_DECIMALS = ("value", "value_max")
_WHOLE = ("version", "revision")
_IRIS = ("reported_by", "from_article", "to_article", "in")
_LISTS = ("sources", "part_source", "part_cue", "part_content", "part_antecedent")
_TYPES = ("Claim", "Figure", "Attribution", "Link", "Verdict", "Statement")


def context(base_url: str) -> dict[str, Any]:
    """The document at `/ns/factmark.jsonld` of the installation at `base_url`.

    All other `ft:` terms are plain strings. Lists keep their order.
    """
    terms: dict[str, Any] = {
        "@version": 1.1,
        "ft": f"{base_url}{NAMESPACE}",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
    terms |= {name: f"ft:{name}" for name in _TYPES}
    terms |= {f"ft:{name}": {"@type": "xsd:decimal"} for name in _DECIMALS}
    terms |= {f"ft:{name}": {"@type": "xsd:integer"} for name in _WHOLE}
    terms |= {f"ft:{name}": {"@type": "@id"} for name in _IRIS}
    terms |= {f"ft:{name}": {"@container": "@list"} for name in _LISTS}
    terms["ft:score"] = {"@type": "xsd:double"}
    terms["ft:extra"] = {"@type": "@json"}
    return {"@context": terms}
