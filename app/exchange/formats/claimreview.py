"""ClaimReview (schema.org): fact checks as search engines and aggregators read them."""

from collections.abc import Iterator

from app.exchange.formats import iris
from app.exchange.formats.base import Format, Options
from app.exchange.formats.chunks import chunked
from app.exchange.formats.jsons import dumped, present
from app.exchange.formats.judged import Judged, Speaker, judged
from app.exchange.rows import Dataset, Json

NAMES = {
    "supported": "Supported",
    "refuted": "Refuted",
    "not_enough_evidence": "Not enough evidence",
    "conflicting": "Conflicting evidence",
}
# Not enough evidence is no point on a scale of truth, so it has a name and no number.
_RATING = {"refuted": 1, "conflicting": 3, "supported": 5}
_ORGANISATIONS = ("organisation", "government", "media", "group")


class ClaimReview(Format):
    """JSON-LD with schema.org's context, one ClaimReview a verdict."""

    name, title = "claimreview", "ClaimReview (schema.org JSON-LD)"
    media_type, suffix = "application/ld+json", "claimreview.jsonld"
    keeps = (
        "Annotations with a verdict: claim, rating with its name, justification, who said it, and "
        "the article in which it appears."
    )
    loses = "Annotations without a verdict, spans, attributes, links and evidence."

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """One document whose `@graph` holds the reviews, one a line."""
        return chunked(_lines(dataset))


def _lines(dataset: Dataset) -> Iterator[bytes]:
    yield b'{"@context":"https://schema.org","@graph":['
    lead = b"\n"
    for item in judged(dataset):
        if item.label in NAMES:
            yield lead + dumped(_review(dataset, item))
            lead = b",\n"
    yield b"\n]}\n"


def _review(dataset: Dataset, item: Judged) -> Json:
    url = iris.annotation(dataset, item.row.id)
    project = dataset.project
    review: Json = {
        "@type": "ClaimReview",
        "@id": url,
        "url": url,
        "claimReviewed": item.statement,
        "datePublished": item.row.updated_at,
        "author": {"@type": "Organization", "name": project.name, "url": iris.container(dataset)},
        "reviewRating": _rating(item.label),
        "reviewBody": item.justification,
        "inLanguage": item.article.language,
        "license": project.licence,
        "itemReviewed": _claim(dataset, item),
    }
    return present(review)


def _rating(label: str) -> Json:
    rating: Json = {"@type": "Rating", "alternateName": NAMES[label]}
    if label in _RATING:
        rating.update(ratingValue=_RATING[label], bestRating=5, worstRating=1)
    return rating


def _claim(dataset: Dataset, item: Judged) -> Json:
    article, source = item.article, item.article.source
    appearance: Json = {
        "@type": "NewsArticle",
        "url": source.get("url") or iris.article(dataset, article.id, article.revision),
        "headline": article.title,
        "datePublished": source.get("published_on"),
    }
    if publisher := source.get("publisher"):
        appearance["publisher"] = {"@type": "Organization", "name": publisher}
    claim: Json = {
        "@type": "Claim",
        "text": item.statement,
        "author": _speaker(item.speaker) if item.speaker else None,
        "datePublished": source.get("published_on"),
        "appearance": present(appearance),
    }
    return present(claim)


def _speaker(speaker: Speaker) -> Json:
    known = {"person": "Person", **dict.fromkeys(_ORGANISATIONS, "Organization")}
    return {"@type": known.get(speaker.type or "", "Thing"), "name": speaker.name}
