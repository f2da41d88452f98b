"""Where statements come from, gathered from their articles and from who reports them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from app.annotations.names import fold
from app.annotations.presenting import content_of, target_of
from app.annotations.spans import contains
from app.evidence import queries
from app.evidence.independence import Witness
from app.kernel.actor import Actor

Json = dict[str, Any]
UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some annotations: rows of `queries.SHOWN`, and whom each is credited to.

    `speakers` are {id, name} of the sources that are reported to say it; id is null where the
    project has no such source any more.
    """

    rows: Mapping[str, Row[Any]]
    speakers: Mapping[str, list[Json]]
    witnesses: list[Witness]


def know(connection: Connection, actor: Actor, ids: Collection[str]) -> Known:
    """What is known of these annotations, in three statements."""
    rows = queries.shown(connection, ids)
    said = _said(queries.reports(connection, actor, ids))
    written = {name for names in said.values() for name in names}
    written |= {name for row in rows.values() for name in (row.publisher, row.credited_source)}
    keys = {fold(name) for name in written if name}
    known = {row.key: row for row in queries.identities(connection, actor, keys)}
    return Known(
        rows,
        {id_: list(_speakers(names, known)) for id_, names in said.items()},
        [_witness(row, said.get(row.id, {}), known) for row in rows.values()],
    )


def _said(reports: queries.Rows) -> dict[str, dict[str, str | None]]:
    """Who is reported to say each annotation: names as written, with their types.

    All who report it count, the outermost too, and the medium that it came through.
    """
    found: dict[str, dict[str, str | None]] = defaultdict(dict)
    for row in reports:
        content = content_of(row.parts)
        if row.id != row.about and not (content and contains(content, target_of(row._mapping))):
            continue
        for source in row.attributes.get("sources", ()):
            found[row.about].setdefault(source["name"], source.get("type"))
        if via := row.attributes.get("via"):
            found[row.about].setdefault(via, None)
    return found


def _speakers(names: Mapping[str, str | None], known: Mapping[str, Row[Any]]) -> Iterator[Json]:
    told = set()
    for name in names:
        source = known.get(fold(name))
        speaker = (source.id, source.name) if source else (None, name)
        if speaker not in told:
            told.add(speaker)
            yield {"id": speaker[0], "name": speaker[1]}


def _witness(
    row: Row[Any], said: Mapping[str, str | None], known: Mapping[str, Row[Any]]
) -> Witness:
    def identity(name: str | None) -> str | None:
        """One word for all names of one source; unknown names stand for themselves."""
        key = fold(name or "")
        return known[key].id if key in known else key or None

    def is_named(name: str, type_: str | None) -> bool:
        source = known.get(fold(name))
        return UNNAMED not in {type_, source.type if source else None}

    speakers = {identity(name) for name, type_ in said.items() if is_named(name, type_)}
    return Witness(
        row.id,
        row.article_id,
        identity(row.publisher),
        identity(row.credited_source),
        frozenset(name for name in speakers if name is not None),
    )
