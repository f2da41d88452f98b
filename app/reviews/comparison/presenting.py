"""A comparison as the wire has it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from app.annotations.presenting import present_all
from app.articles.texts import text_of
from app.kernel.actor import Actor
from app.kernel.offsets import Unit
from app.links.presenting import present as present_link
from app.reviews.comparison.service import Comparison
from app.reviews.differences import Difference
from app.reviews.link_matching import LinkGroup
from app.reviews.matching import LIKENESS, Group

Json = dict[str, Any]


def present(actor: Actor, found: Comparison, unit: Unit) -> Json:
    """The comparison of the article that the actor entered, its offsets counted in `unit`."""
    article_id, revision = actor.seen["article_id"], actor.seen["revision"]
    rows = [row._mapping for row in found.annotations.values()]
    documents = {each["id"]: each for each in present_all(actor, rows, unit)}
    ruler = text_of(article_id, revision).ruler
    return {
        "article_id": article_id,
        "revision": revision,
        "unit": unit.value,
        "annotators": [_annotator(found, id_) for id_ in found.coders],
        "summary": _summary(found),
        "groups": [
            {
                **_group(found, group, documents),
                "start": ruler.from_codepoints(group.start, unit),
                "end": ruler.from_codepoints(group.end, unit),
            }
            for group in found.groups
        ],
        "links": [_link_group(found, group) for group in found.link_groups],
    }


def present_differences(differences: Iterable[Difference]) -> list[Json]:
    """Where those of a group are not of one mind, by JSON pointer."""
    return [{"path": each.path, "values": dict(each.values)} for each in differences]


def _annotator(found: Comparison, id_: str) -> Json:
    made = sum(row.author_id == id_ for row in found.annotations.values())
    linked = sum(row.author_id == id_ for row in found.links.values())
    return {"id": id_, "name": found.coders[id_], "annotations": made, "links": linked}


def _summary(found: Comparison) -> Json:
    kinds: dict[str, Counter[str]] = {}
    for group in found.groups:
        kinds.setdefault(group.kind, Counter())[group.likeness] += 1
    linked: Counter[str] = Counter(group.likeness for group in found.link_groups)
    return {
        "annotations": {kind: _counts(counts) for kind, counts in sorted(kinds.items())},
        "links": _counts(linked),
    }


def _counts(counts: Counter[str]) -> Json:
    return {likeness: counts[likeness] for likeness in LIKENESS}


def _group(found: Comparison, group: Group, documents: dict[str, Json]) -> Json:
    return {
        "kind": group.kind,
        "likeness": group.likeness,
        "members": [
            {
                "annotation": documents[marked.id],
                "decision": _decision(found, marked.id),
            }
            for marked in group.members.values()
        ],
        "missing": _people(found, group.missing),
        "differences": present_differences(group.differences),
        "adjudicated": all(marked.id in found.decided for marked in group.members.values()),
    }


def _link_group(found: Comparison, group: LinkGroup) -> Json:
    made = [link for own in group.members.values() for link in own]
    return {
        "likeness": group.likeness,
        "ends": list(group.ends),
        "members": [
            {
                "link": present_link(found.links[link.id]._mapping),
                "decision": _decision(found, link.id),
            }
            for link in made
        ],
        "missing": _people(found, group.missing),
        "differences": present_differences(group.differences),
        "adjudicated": all(link.id in found.decided for link in made),
    }


def _people(found: Comparison, ids: Iterable[str]) -> list[Json]:
    return [{"id": id_, "name": found.coders[id_]} for id_ in ids]


def _decision(found: Comparison, origin_id: str) -> Json | None:
    made = found.decided.get(origin_id)
    return {"id": made.id, "action": made.action, "result": made.result} if made else None
