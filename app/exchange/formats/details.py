"""Rows as plain JSON objects and back: what formats carry beside their own notation."""

from dataclasses import fields
from typing import Any, TypeVar

from app.exchange.formats.base import Unreadable
from app.exchange.formats.checks import json_safe, optional, storable
from app.exchange.rows import AnnotationRow, ArticleRow, Json, LinkRow, Person

_ARTICLE = tuple(f.name for f in fields(ArticleRow) if f.name not in ("id", "text"))
_DETAILS = tuple(
    f.name
    for f in fields(AnnotationRow)
    if f.name not in ("id", "article_id", "kind", "fragments", "parts", "author")
)
_LINK = tuple(f.name for f in fields(LinkRow) if f.name != "author")
_Row = TypeVar("_Row", ArticleRow, AnnotationRow, LinkRow)


def article_details(article: ArticleRow) -> Json:
    """An article without its text: only what is known."""
    return {"id": article.id, "title": article.title, **_present(article, _ARTICLE)}


def annotation_details(row: AnnotationRow) -> Json:
    """What an annotation carries beside its span, parts and kind."""
    return {"id": row.id, "author": _person(row.author), **_present(row, _DETAILS)}


def link_object(link: LinkRow) -> Json:
    """A link with everything it carries."""
    return {"author": _person(link.author), **_present(link, _LINK)}


def article_fields(found: Any) -> Json:
    """Arguments of `ArticleRow` (but `id` and `text`) from what `article_details` made."""
    return _typed(found, _ARTICLE)


def annotation_fields(found: Any) -> Json:
    """Arguments of `AnnotationRow` from what `annotation_details` made."""
    given = _typed(found, _DETAILS)
    if "tags" in given:
        given["tags"] = tuple(storable(tag, "A tag") for tag in _listed(given["tags"], "tags"))
    if "score" in given and isinstance(given["score"], int | float):
        given["score"] = float(given["score"])
    return given


def link_of(found: Any) -> LinkRow:
    """A link from what `link_object` made; raises `Unreadable`."""
    if not isinstance(found, dict):
        raise Unreadable("A link is an object.", code="not_an_object")
    given = _typed(found, _LINK)
    needed = ("id", "from_id", "from_article_id", "to_id", "to_article_id", "relation")
    for name in needed:
        storable(given.get(name), f"`{name}` of a link")
    return LinkRow(**given, author=person_of(found.get("author")))


def person_of(found: Any) -> Person:
    """Who is named, or nobody known."""
    if not isinstance(found, dict):
        return Person("", "")
    return Person(*(optional(found.get(key), "An author") or "" for key in ("id", "name")))


def _person(person: Person) -> Json:
    return {"id": person.id, "name": person.name}


def _present(row: _Row, names: tuple[str, ...]) -> Json:
    # A score of 0.0 says something, an empty text or container does not.
    return {name: v for name in names if (v := getattr(row, name)) or v == 0}


def _typed(found: Any, names: tuple[str, ...]) -> Json:
    """The members that are known, of the type that the row's field has by default."""
    if not isinstance(found, dict):
        return {}
    given: Json = {}
    for name in names:
        value = json_safe(found.get(name), f"`{name}`")
        if isinstance(value, _type_of(name)) and not isinstance(value, bool):
            given[name] = value
        elif value is not None:
            raise Unreadable(f"`{name}` has the wrong type.", code="wrong_type")
    return given


def _type_of(name: str) -> type | tuple[type, ...]:
    if name in ("attributes", "verdict", "source", "meta"):
        return dict
    if name in ("tags", "regions"):
        return list
    if name in ("version", "revision"):
        return int
    return (int, float) if name == "score" else str


def _listed(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Unreadable(f"`{what}` is no list.", code="wrong_type")
    return value
