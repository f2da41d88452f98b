"""JSON-LD contexts for tests without a network.

`ANNO` lists the terms of the W3C's anno.jsonld (Web Annotation Vocabulary, appendix) that an
export uses, with the meanings published there.
"""

from typing import Any

from app.exchange.formats.jsonld_context import context

ANNO: dict[str, Any] = {
    "@context": {
        "oa": "http://www.w3.org/ns/oa#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "as": "http://www.w3.org/ns/activitystreams#",
        "id": "@id",
        "type": "@type",
        "Annotation": "oa:Annotation",
        "TextualBody": "oa:TextualBody",
        "SpecificResource": "oa:SpecificResource",
        "TextQuoteSelector": "oa:TextQuoteSelector",
        "TextPositionSelector": "oa:TextPositionSelector",
        "Person": "foaf:Person",
        "AnnotationCollection": "as:OrderedCollection",
        "AnnotationPage": "as:OrderedCollectionPage",
        "classifying": "oa:classifying",
        "commenting": "oa:commenting",
        "linking": "oa:linking",
        "tagging": "oa:tagging",
        "body": {"@type": "@id", "@id": "oa:hasBody"},
        "target": {"@type": "@id", "@id": "oa:hasTarget"},
        "source": {"@type": "@id", "@id": "oa:hasSource"},
        "selector": {"@type": "@id", "@id": "oa:hasSelector"},
        "creator": {"@type": "@id", "@id": "dcterms:creator"},
        "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
        "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
        "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
        "partOf": {"@type": "@id", "@id": "as:partOf"},
        "first": {"@type": "@id", "@id": "as:first"},
        "last": {"@type": "@id", "@id": "as:last"},
        "next": {"@type": "@id", "@id": "as:next"},
        "prev": {"@type": "@id", "@id": "as:prev"},
        "canonical": {"@type": "@id", "@id": "oa:canonical"},
        "via": {"@type": "@id", "@id": "oa:via"},
        "format": "dc:format",
        "created": {"@id": "dcterms:created", "@type": "xsd:dateTime"},
        "modified": {"@id": "dcterms:modified", "@type": "xsd:dateTime"},
        "value": "rdf:value",
        "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
        "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
        "exact": "oa:exact",
        "prefix": "oa:prefix",
        "suffix": "oa:suffix",
        "name": "foaf:name",
        "label": "rdfs:label",
        "total": {"@id": "as:totalItems", "@type": "xsd:nonNegativeInteger"},
        "startIndex": {"@id": "as:startIndex", "@type": "xsd:nonNegativeInteger"},
    }
}

LDP: dict[str, Any] = {
    "@context": {
        "ldp": "http://www.w3.org/ns/ldp#",
        "BasicContainer": "ldp:BasicContainer",
        "contains": {"@id": "ldp:contains", "@type": "@id"},
    }
}
"""Of the W3C's ldp.jsonld, what a container uses."""


def local_loader(url: str, options: Any = None) -> dict[str, Any]:
    """PyLD's document loader: what is known here, or an error."""
    known = {
        "http://www.w3.org/ns/anno.jsonld": ANNO,
        "http://www.w3.org/ns/ldp.jsonld": LDP,
        "http://localhost/ns/factmark.jsonld": context("http://localhost"),
        "https://facts.example/ns/factmark.jsonld": context("https://facts.example"),
    }
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": known[url],
    }
