"""Annotations at hand: what one version of an annotation says is read and written once.

A version never changes, so a copy of it in memory is never wrong: the page of an article that
many read costs a look at the versions that stand. What changes beside them, the author's name,
the verdict, who reports what and how many links there are, is put in at every reading. Each
process keeps the versions that it read last, up to a total of characters.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import Any, NamedTuple

from orjson import Fragment
from sqlalchemy import Integer, Select, String, bindparam, select, type_coerce

from app.accounts.models import User
from app.annotations import queries
from app.annotations.beside import Counts, beside
from app.annotations.presenting import NONE, Values, content_of, lasting, target_of
from app.annotations.queries import annotations, seen, works_blind
from app.annotations.reported import innermost_of_each
from app.annotations.spans import Target
from app.kernel.actor import Actor
from app.kernel.db import run
from app.kernel.jsons import dumps

MOST_CHARACTERS = 16_000_000


class Kept(NamedTuple):
    """A version: where it lies, what it reports, and its JSON object but for the end."""

    id: str
    revision: int
    orphaned: bool
    target: Target
    content: Target | None
    told: str


class Read(NamedTuple):
    """A version as it is read: with its author and the verdict on it, as JSON."""

    kept: Kept
    author: str
    verdict: str


# By id, version, and when that was made, lest a restored backup count on differently.
_kept: OrderedDict[tuple[Any, ...], Kept] = OrderedDict()
_total = 0
_lock = Lock()


def of_article(actor: Actor, article_id: str, limit: int) -> list[Read]:
    """An article's annotations in text order, one more than the limit if there are more."""
    given = {"project": actor.project.id, "me": actor.id, "article": article_id, "most": limit + 1}
    found: list[Read] = []
    for *version, author_id, author, verdict in run(_versions(works_blind(actor)), given).all():
        kept = _kept.get(tuple(version))
        if kept is None:
            return _afresh(actor, article_id, limit)
        found.append(Read(kept, _author(author_id, author), verdict))
    return found


def _afresh(actor: Actor, article_id: str, limit: int) -> list[Read]:
    return [
        Read(_keep(row._mapping), _author(row.author_id, row.author_name), _json(row.verdict))
        for row in queries.of_article(actor, article_id, limit)
    ]


def completed(found: Iterable[Read], counts: Mapping[str, Counts]) -> list[Fragment]:
    """Annotations as the wire has them, with who reports each and how many links it has."""
    read = list(found)
    reporters = _reporters([each.kept for each in read])
    return [_completed(each, reporters, counts) for each in read]


def _completed(
    read: Read, reporters: Mapping[str, str | None], counts: Mapping[str, Counts]
) -> Fragment:
    """The members that `presenting.passing` names, after those that last."""
    kept = read.kept
    reporter = reporters.get(kept.id)
    links = counts.get(kept.id, NONE)
    return Fragment(
        f'{kept.told},"author":{read.author},"verdict":{read.verdict},"reported_by":'
        + (f'"{reporter}"' if reporter else "null")
        + f',"links":{{"corroborates":{links.get("corroborates", 0)},'
        f'"contradicts":{links.get("contradicts", 0)}}}}}'
    )


def _reporters(all_kept: Sequence[Kept]) -> dict[str, str | None]:
    reporters: dict[str, str | None] = {}
    for revision in {kept.revision for kept in all_kept}:
        here = [kept for kept in all_kept if kept.revision == revision]
        contents = [(kept.id, kept.content) for kept in here if kept.content]
        if contents:
            reporters |= innermost_of_each([(kept.id, kept.target) for kept in here], contents)
    return reporters


@lru_cache(1024)
def _author(id_: str, name: str) -> str:
    return _json({"id": id_, "name": name})


def _json(value: Any) -> str:
    return dumps(value).decode()


def _keep(row: Values) -> Kept:
    """The version in a row of `queries.of_article`, remembered."""
    global _total  # one memory for the process is the point
    key = (row["id"], row["version"], row["updated_at"])
    found = _kept.get(key)
    if found is not None:
        return found
    told = _json(lasting(row)).removesuffix("}")
    orphaned = row["anchoring"] == "orphaned"
    content = content_of(row["parts"])
    kept = Kept(row["id"], row["revision"], orphaned, target_of(row), content, told)
    with _lock:
        if key not in _kept:
            _kept[key] = kept
            _total += len(told)
        while _total > MOST_CHARACTERS:
            _, gone = _kept.popitem(last=False)
            _total -= len(gone.told)
    return kept


@cache
def _versions(blind: bool) -> Select[*tuple[Any, ...]]:
    users = User.__table__.c
    return (
        select(
            annotations.id,
            annotations.version,
            type_coerce(annotations.updated_at, String),
            annotations.author_id,
            users.name,
            type_coerce(beside.verdict, String),
        )
        .join(User.__table__, users.id == annotations.author_id)
        .where(seen(blind), annotations.article_id == queries.ARTICLE)
        .order_by(*queries.TEXT_ORDER)
        .limit(bindparam("most", type_=Integer))
    )
