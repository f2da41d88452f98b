"""The IRIs of things, rooted at the address under which this installation is reached.

Projects are named by id, not by slug, because a slug may change and an IRI must not.
"""

import re

from app.exchange.rows import ArticleRow, Dataset

NAMESPACE = "/ns/factmark#"
CONTEXT = "/ns/factmark.jsonld"

_ARTICLE = re.compile(r".*/articles/([^/?#]+)(?:/revisions/([0-9]{1,9}))?")


def container(dataset: Dataset) -> str:
    """The Web Annotation container of the project; ends in a slash, as the protocol asks."""
    return f"{dataset.base_url}/wa/{dataset.project.id}/"


def annotation(dataset: Dataset, ident: str) -> str:
    """One annotation or link in that container."""
    return f"{container(dataset)}{ident}"


def article(dataset: Dataset, row: ArticleRow) -> str:
    """The revision of the text that offsets are counted over."""
    return f"{article_of(dataset, row.id)}/revisions/{row.revision}"


def article_of(dataset: Dataset, ident: str) -> str:
    """The article, whatever its revision."""
    return f"{dataset.base_url}/api/v1/articles/{ident}"


def user(dataset: Dataset, ident: str) -> str:
    """One who tagged or linked."""
    return f"{dataset.base_url}/api/v1/users/{ident}"


def term(dataset: Dataset, name: str) -> str:
    """A word of our vocabulary."""
    return f"{dataset.base_url}{NAMESPACE}{name}"


def article_id(iri: str) -> tuple[str, int]:
    """The id and revision in an article's IRI of any installation; of others the IRI itself."""
    found = _ARTICLE.fullmatch(iri)
    return (found[1], int(found[2] or 1)) if found else (iri, 1)


def last_step(iri: str) -> str:
    """What stands after the last slash, hash or colon: an id, or a word of a vocabulary."""
    return re.split("[/#:]", iri)[-1]
