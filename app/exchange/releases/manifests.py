"""The manifest of a release: what it holds, told without opening it. Pure.

Nobody is named in it but by pseudonym. `sha256` is of the canonical rows alone; the rest of the
manifest may tell more (roles, agreement) without another hash for the same content.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from app.exchange.releases.canonical import Canonical
from app.exchange.releases.pseudonyms import name_of
from app.exchange.releases.storage import Written
from app.exchange.rows import ProjectRow

Json = dict[str, Any]
SCHEMA = {"format": "factmark", "version": 1}
TYPES = ("article", "annotation", "link", "source")
WORK = ("article", "annotation", "link", "verdict")


def manifest_of(
    canonical: Canonical,
    written: Written,
    *,
    filters: Json,
    project: ProjectRow,
    roles: Mapping[str, str],
    agreement: Json,
) -> Json:
    """The manifest; `roles` are those of members by pseudonym."""
    return {
        "schema": SCHEMA,
        "sha256": written.sha256,
        "bytes": written.bytes,
        "counts": {f"{kind}s": canonical.types[kind] for kind in TYPES},
        "counts_by": _counts_by(canonical),
        "filter": filters,
        "project": {"name": project.name, "description": project.description},
        "guidelines": {
            "sha256": hashlib.sha256(project.guidelines.encode()).hexdigest(),
            "text": project.guidelines,
        },
        "people": [_person(canonical, id_, roles.get(id_)) for id_ in _everybody(canonical, roles)],
        "agreement": agreement,
    }


def _counts_by(canonical: Canonical) -> Json:
    """type → member → value → how many."""
    found: defaultdict[str, defaultdict[str, Json]] = defaultdict(lambda: defaultdict(dict))
    for (kind, member, value), count in sorted(canonical.values.items()):
        found[kind][member][value] = count
    return {kind: dict(members) for kind, members in found.items()}


def _everybody(canonical: Canonical, roles: Mapping[str, str]) -> list[str]:
    return sorted({person for person, _ in canonical.work} | set(roles))


def _person(canonical: Canonical, id_: str, role: str | None) -> Json:
    work = {f"{kind}s": canonical.work[id_, kind] for kind in WORK}
    return {"id": id_, "name": name_of(id_), "role": role, **work}
