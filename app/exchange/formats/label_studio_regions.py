"""One annotation of a Label Studio task: regions, what hangs on them, and what joins them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.annotations.kinds import KINDS
from app.exchange.formats.base import Unreadable
from app.exchange.formats.checks import Page, json_safe, optional, storable
from app.exchange.formats.details import annotation_fields, link_of, person_of
from app.exchange.formats.label_studio_config import FRAGMENT, PART_TAG, SHOWN
from app.exchange.formats.labels import ROLES, Labels
from app.exchange.rows import AnnotationRow, Fragment, Json, LinkRow, Person

Step = Callable[[], AnnotationRow | LinkRow | None]


@dataclass(frozen=True, slots=True)
class Home:
    """The task that results belong to: its article, and how its offsets and labels are meant."""

    article_id: str
    page: Page
    labels: Labels


@dataclass(slots=True)
class _Region:
    """A labelled stretch and what hangs on it."""

    item: Json
    piece: Fragment
    shown: Json = field(default_factory=dict)
    joined: list[tuple[str, str]] = field(default_factory=list)


class Layer:
    """The results of one annotation or prediction."""

    def __init__(self, home: Home, found: Json, *, machine: bool, place: str) -> None:
        self._home, self._found, self._machine, self._place = home, found, machine, place
        self._regions: dict[str, _Region] = {}
        self._relations: list[Json] = []
        self._ids: dict[str, str] = {}
        self._inner: set[str] = set()

    def steps(self) -> Iterator[Step]:
        """Its annotations, then its links, each to be made in turn; one may be `Unreadable`."""
        results = [item for item in as_list(self._found.get("result")) if isinstance(item, dict)]
        for item in results:
            if item.get("type") == "labels":
                yield partial(self._labelled, item)
        for item in results:
            if item.get("type") == "relation":
                yield partial(self._related, item)
            elif item.get("type") in ("choices", "textarea", "number"):
                self._shown(item)
        for key, region in self._regions.items():
            if key not in self._inner and region.item.get("from_name") != PART_TAG:
                yield partial(self._row, key, region)
        for item in self._relations:
            yield partial(self._link, item)

    def _labelled(self, item: Json) -> None:
        value = as_object(item.get("value"), "A region's `value`")
        quote = value.get("text")
        piece = self._home.page.fragment(
            value.get("start"), value.get("end"), quote if isinstance(quote, str) else None
        )
        given = item.get("id")  # models may leave it out
        key = f"region-{len(self._regions) + 1}" if given is None else storable(given, "Its id")
        if key in self._regions:
            raise Unreadable(f"Region {key[:40]!r} stands twice.", code="duplicate_id")
        self._regions[key] = _Region(item, piece)

    def _related(self, item: Json) -> None:
        label = _first(item.get("labels"))
        ends = [item.get("from_id"), item.get("to_id")]
        if not all(isinstance(end, str) and end in self._regions for end in ends):
            raise Unreadable("A relation names no region here.", code="unknown_reference")
        if label in (*ROLES, FRAGMENT):
            self._regions[str(ends[0])].joined.append((label, str(ends[1])))
            self._inner.add(str(ends[1]))
        else:
            self._relations.append(item)

    def _shown(self, item: Json) -> None:
        region = self._regions.get(str(item.get("id")))
        value = item.get("value")
        if region and isinstance(value, dict):
            said = value.get("choices") or value.get("text") or value.get("number")
            region.shown[str(item.get("from_name"))] = said[0] if isinstance(said, list) else said

    def _row(self, key: str, region: _Region) -> AnnotationRow | None:
        kind = self._kind(region)
        if kind is None:
            return None
        details = _details(region.item)
        given = annotation_fields(details)
        local = f"{self._home.article_id}#{self._place}/{key}"
        if not details:
            given["external_id"] = local
        self._ids[key] = ident = storable(details.get("id") or local, "An id")
        if self._machine:
            given["origin"] = "machine"
            given.setdefault("score", self._score(region))
        kept = {k: v for k, v in given.get("attributes", {}).items() if k not in SHOWN[kind]}
        said = {k: v for k, v in region.shown.items() if k in _known(kind) and v is not None}
        shown = json_safe(said, "An attribute")
        given["attributes"] = kept | shown
        return AnnotationRow(
            ident, self._home.article_id, kind, self._pieces(region, FRAGMENT, region.piece),
            person_of(details["author"]) if "author" in details else self._author(),
            parts={r: found for r in ROLES if (found := self._pieces(region, r))},
            **given,
        )  # fmt: skip

    def _score(self, region: _Region) -> float | None:
        """The model's own; a region that a person took over keeps one, which is theirs no more."""
        score: Any = region.item.get("score", self._found.get("score"))
        plain = isinstance(score, int | float) and not isinstance(score, bool)
        return float(score) if plain else None

    def _kind(self, region: _Region) -> str | None:
        labels = as_list(as_object(region.item.get("value"), "A value").get("labels"))
        if len(labels) != 1 or not isinstance(labels[0], str):
            raise Unreadable("A region has exactly one label.", code="unknown_kind")
        return self._home.labels.kind(labels[0])

    def _pieces(self, region: _Region, label: str, *first: Fragment) -> tuple[Fragment, ...]:
        joined = [self._regions[key].piece for name, key in region.joined if name == label]
        return (*first, *joined)

    def _author(self) -> Person:
        found = self._found.get("completed_by")
        if isinstance(found, dict):
            name = found.get("email") or found.get("first_name")
            return Person(str(found.get("id") or ""), optional(name, "An author") or "")
        return Person(str(found), "") if isinstance(found, int) else Person("", "")

    def _link(self, item: Json) -> LinkRow | None:
        relation = self._home.labels.relation(_first(item.get("labels")))
        if relation is None:
            return None
        keys = (str(item["from_id"]), str(item["to_id"]))
        if not all(key in self._ids for key in keys):
            raise Unreadable("A relation names no annotation.", code="unknown_reference")
        here = self._home.article_id
        local = f"{here}#{self._place}/{keys[0]}-{keys[1]}"
        details = _details(item) or {"id": local, "external_id": local}
        one, two = (self._ids[key] for key in keys)
        shown = {"from_id": one, "from_article_id": here, "to_id": two, "to_article_id": here}
        return link_of({**details, **shown, "relation": relation})


def _known(kind: str) -> set[str]:
    return {attribute.name for attribute in KINDS[kind].attributes}


def _details(item: Json) -> Json:
    meta = item.get("meta")
    found = meta.get("factmark") if isinstance(meta, dict) else None
    return found if isinstance(found, dict) else {}


def as_object(value: Any, what: str) -> Json:
    """The value, which must be an object; `what` names it in the refusal."""
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is no object.", code="not_an_object")
    return value


def as_list(value: Any) -> list[Any]:
    """The value, or nothing where it is no list."""
    return value if isinstance(value, list) else []


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) and value else ""
