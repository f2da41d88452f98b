"""The IRIs of things, rooted at the address under which this installation is reached.

Projects are named by id, not by slug, because a slug may change and an IRI must not.
"""

import re

from app.exchange.rows import Home

NAMESPACE = "/ns/factmark#"
CONTEXT = "/ns/factmark.jsonld"

_ARTICLE = re.compile(r".*/articles/([^/?#]+)(?:/revisions/([0-9]{1,9}))?")


def container(home: Home) -> str:
    """The Web Annotation container of the project; ends in a slash, as the protocol asks."""
    return f"{home.base_url}/wa/{home.project.id}/"


def annotation(home: Home, ident: str) -> str:
    """One annotation or link in that container."""
    return f"{container(home)}{ident}"


def article(home: Home, ident: str, revision: int) -> str:
    """The revision of the text that offsets are counted over."""
    return f"{article_of(home, ident)}/revisions/{revision}"


def article_of(home: Home, ident: str) -> str:
    """The article, whatever its revision."""
    return f"{home.base_url}/api/v1/articles/{ident}"


def user(home: Home, ident: str) -> str:
    """One who tagged or linked."""
    return f"{home.base_url}/api/v1/users/{ident}"


def term(home: Home, name: str) -> str:
    """A word of our vocabulary."""
    return f"{home.base_url}{NAMESPACE}{name}"


def article_id(iri: str) -> tuple[str, int]:
    """The id and revision in an article's IRI of any installation; of others the IRI itself."""
    found = _ARTICLE.fullmatch(iri)
    return (found[1], int(found[2] or 1)) if found else (iri, 1)


def revision_of(iri: str) -> int | None:
    """The revision that an article's IRI names; None where it names none."""
    found = _ARTICLE.fullmatch(iri)
    return int(found[2]) if found and found[2] else None


def last_step(iri: str) -> str:
    """What stands after the last slash, hash or colon: an id, or a word of a vocabulary."""
    return re.split("[/#:]", iri)[-1]
