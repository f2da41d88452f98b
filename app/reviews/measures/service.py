"""The report on agreement, for those who may read it."""

from collections.abc import Iterable
from typing import Any

from app.accounts.queries import names_of
from app.annotations.queries import works_blind
from app.kernel.actor import Actor
from app.kernel.errors import Forbidden
from app.kernel.permissions import require
from app.kernel.snapshots import one_moment
from app.reviews.measures.policy import RULES
from app.reviews.measures.queries import link_sheets, span_sheets
from app.reviews.measures.report import MEASURES, ONLY_WHOLE, Report
from app.reviews.measures.sheets import KIND

Json = dict[str, Any]


def agreement(actor: Actor, asked: Json) -> Json:
    """How much the project's annotators agree; `asked` is as its schema admitted it.

    Without measures named, all but those that take long.

    All of it is of one moment, whoever annotates meanwhile. Time: two pairings of every two
    coders' spans for every article (see `pairing`), a millisecond for twenty spans of two coders
    and four for fifty of three; gamma up to ten seconds more. Statements: three for every fifty
    articles. Memory: fifty articles and the report.
    """
    require(RULES, "read", actor)
    if works_blind(actor):
        told = "This project is blind: how much annotators agree is not theirs to read."
        raise Forbidden(told, code="blind")
    of = asked["of"]
    measures = asked.get("measure") or [name for name in MEASURES[of] if name not in ONLY_WHOLE]
    who = (actor, asked.get("users"), asked.get("articles"), asked.get("kind"))
    label = asked.get("label", KIND)
    report = Report(of, measures, top=asked["top"], most=asked["disagreements"])
    with one_moment():
        for sheet in link_sheets(*who) if of == "links" else span_sheets(*who, label):
            report.add(sheet)
    found = report.result()
    names = names_of(report.coders)
    return {
        "of": of,
        "label": "relation" if of == "links" else label,
        "coders": [{"id": id_, "name": name} for id_, name in sorted(names.items())],
        **found,
        "pairs": [{**pair, "users": _people(pair["users"], names)} for pair in found["pairs"]],
        "disagreements": {
            **found["disagreements"],
            "items": [_named(each, names) for each in found["disagreements"]["items"]],
        },
    }


def _people(ids: Iterable[str], names: dict[str, str]) -> list[Json]:
    return [{"id": id_, "name": names[id_]} for id_ in ids]


def _named(unit: Json, names: dict[str, str]) -> Json:
    members = [
        {"id": member["id"], "author": {"id": member["user"], "name": names[member["user"]]}}
        for member in unit["members"]
    ]
    return {**unit, "members": members, "missing": _people(unit["missing"], names)}
