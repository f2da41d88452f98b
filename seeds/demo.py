"""The demo project: five articles, what two annotators tagged in them, and the links between.

Loading goes through the same schemas and services as a request, and is told by external ids
what is there already: loading twice changes nothing.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.annotations import queries as annotation_queries
from app.annotations import service as annotation_service
from app.annotations.models import SourceName
from app.annotations.names import fold
from app.annotations.schemas import AnnotationIn
from app.annotations.sources import service as source_service
from app.articles import queries as article_queries
from app.articles import service as article_service
from app.articles.schemas import ArticleIn
from app.kernel.actor import Actor, Role
from app.kernel.db import session
from app.kernel.offsets import Unit
from app.links import queries as link_queries
from app.links import service as link_service
from app.links.schemas import LinkIn
from app.web.bodies import collected, load
from seeds.people import admit_administrators, ensure_member, ensure_person, ensure_project
from seeds.quotes import placed

Json = dict[str, Any]
HERE = Path(__file__).parent
Tell = Callable[[str], None]
LONGEST = 1_000_000


def load_demo(tell: Tell) -> None:
    """Load what is missing of the demo; `tell` hears one line a step."""
    known = _read("people.json")
    people = {each["key"]: ensure_person(_person(each)) for each in known["users"]}
    manager = people[next(each["key"] for each in known["users"] if each["role"] == "manager")]
    project = ensure_project(manager, known["project"])
    actors = {
        each["key"]: ensure_member(manager, project, people[each["key"]], Role[each["role"]])
        for each in known["users"]
    }
    admit_administrators(manager, project)
    chief = next(actor for actor in actors.values() if actor.role == Role.manager)
    made = _sources(actors["ana"], known["sources"])
    texts = _articles(chief)
    tell(f"{project.slug}: {len(texts)} articles, {made} new sources")
    tell(f"{project.slug}: {_annotations(actors, texts)} new annotations")
    tell(f"{project.slug}: {_links(actors)} new links")


def _person(each: Json) -> Json:
    return {"email": each["email"], "name": each["name"]}


def _sources(actor: Actor, known: Iterable[Json]) -> int:
    made = 0
    for source in known:
        if session().get(SourceName, (actor.project.id, fold(source["name"]))) is None:
            source_service.create(actor, source)
            made += 1
    return made


def _articles(actor: Actor) -> dict[str, tuple[str, str]]:
    """External id → (id, text), of every article; those not there are added."""
    there: dict[str, tuple[str, str]] = {}
    for article in _read("articles.json"):
        text = (HERE / article.pop("file")).read_bytes().decode("utf-8")
        external_id = article["external_id"]
        id_ = article_queries.find_by_external_id(actor, external_id)
        if id_ is None:
            regions = [_region(region, text) for region in article.pop("regions")]
            body = load(ArticleIn, {**article, "regions": regions, "text": text})
            id_ = article_service.create(actor, body, longest=LONGEST).id
        there[external_id] = id_, text
    return there


def _region(region: Json, text: str) -> Json:
    start = text.index(region["quote"])
    return {"kind": region["kind"], "start": start, "end": start + len(region["quote"])}


def _annotations(actors: dict[str, Actor], texts: dict[str, tuple[str, str]]) -> int:
    """Tag what is not tagged yet, a list an author and article; the number of new ones."""
    every = _read("annotations.json")
    names = [each["external_id"] for each in every]
    there = annotation_queries.find_by_external_ids(actors["ana"], names)
    waiting: dict[tuple[str, str], list[Json]] = {}
    for each in every:
        if each["external_id"] not in there:
            waiting.setdefault((each.pop("author"), each.pop("article")), []).append(each)
    for (author, external_id), items in waiting.items():
        id_, text = texts[external_id]
        bodies = collected(AnnotationIn, [placed(item, text) for item in items])
        pointers = [f"/{index}" for index in range(len(bodies))]
        annotation_service.create(actors[author], id_, 1, bodies, Unit.CODEPOINT, pointers=pointers)
    return sum(map(len, waiting.values()))


def _links(actors: dict[str, Actor]) -> int:
    """Link what is not linked yet; the number of new links."""
    every = _read("links.json")
    any_actor = actors["ana"]
    ends = {name for each in every for name in (each["from"], each["to"])}
    ids = annotation_queries.find_by_external_ids(any_actor, list(ends))
    there = link_queries.find_external_ids(any_actor)
    fresh = [each for each in every if each["external_id"] not in there]
    for each in fresh:
        actor = actors[each.pop("author")]
        body = {**each, "from": ids[each["from"]], "to": ids[each["to"]], "state": "submitted"}
        link_service.create(actor, load(LinkIn, body))
    return len(fresh)


def _read(name: str) -> Any:
    return json.loads((HERE / name).read_text(encoding="utf-8"))
