"""The whole report on agreement, from sheets read one by one. Pure.

Memory: a few numbers for every measure, pair of coders and kind, and as many articles and
disagreements as are asked for; never more sheets than one.
"""

from collections.abc import Callable, Collection, Mapping
from heapq import heappush, heappushpop
from itertools import combinations
from typing import Any

from app.reviews.link_matching import LinkGroup
from app.reviews.matching import Group
from app.reviews.measures.instruments import Instrument
from app.reviews.measures.of_labels import Cohen, Fleiss, NominalAgreement
from app.reviews.measures.of_places import (
    GammaAgreement,
    LinkAgreement,
    SpanAgreement,
    UnitizingAgreement,
)
from app.reviews.measures.sheets import Sheet, disagrees

Json = dict[str, Any]
Made = tuple[tuple[str, ...], Callable[[], Instrument]]

OF_LABELS: tuple[Made, ...] = (
    (("cohen_kappa",), Cohen),
    (("fleiss_kappa",), Fleiss),
    (("alpha_nominal",), NominalAgreement),
)
INSTRUMENTS: Mapping[str, tuple[Made, ...]] = {
    "annotations": (
        (("span_f1_exact", "span_f1_overlap"), SpanAgreement),
        *OF_LABELS,
        (("alpha_unitizing",), UnitizingAgreement),
        (("gamma",), GammaAgreement),
    ),
    "links": ((("link_f1_exact", "link_f1_ends"), LinkAgreement), *OF_LABELS),
}
"""Of annotations and of links: the names of results, and the instrument that tells them."""

MEASURES = {
    of: tuple(name for names, _ in there for name in names) for of, there in INSTRUMENTS.items()
}
ONLY_WHOLE = frozenset({"gamma"})
"""Measured over everything alone: pair by pair and article by article it would take too long."""


class Panel:
    """Some measures of the same sheets."""

    def __init__(self, of: str, measures: Collection[str]) -> None:
        self._measures = measures
        self._instruments = [
            make() for names, make in INSTRUMENTS[of] if set(names) & set(measures)
        ]

    def add(self, sheet: Sheet) -> None:
        """Let every instrument read the sheet."""
        for instrument in self._instruments:
            instrument.add(sheet)

    def results(self) -> dict[str, Json]:
        """The results asked for, by name."""
        found = [each.results() for each in self._instruments]
        return {
            name: result
            for results in found
            for name, result in results.items()
            if name in self._measures
        }


class Report:
    """Agreement on everything, of every two coders, on every kind, and where it is least.

    `top` is how many articles to name, `most` how many disagreements.
    """

    def __init__(self, of: str, measures: Collection[str], *, top: int, most: int) -> None:
        self._of, self._top, self._most = of, top, most
        self._in_part = [name for name in measures if name not in ONLY_WHOLE]
        self._whole = Panel(of, measures)
        self._pairs: dict[tuple[str, ...], Panel] = {}
        self._kinds: dict[str, Panel] = {}
        self.coders: set[str] = set()
        self._articles, self._last = 0, ""
        self._worst: list[tuple[float, int, int, Json]] = []
        self._disagreements: list[Json] = []
        self._disagreeing = self._looked_at = 0

    def add(self, sheet: Sheet) -> None:
        """Take in a sheet; with fewer than two coders it says nothing and is passed over."""
        if len(sheet.coders) < 2:
            return
        self._articles += sheet.article_id != self._last
        self._last = sheet.article_id
        self.coders.update(sheet.coders)
        self._whole.add(sheet)
        for pair in combinations(sheet.coders, 2):
            self._of_part(self._pairs, pair).add(sheet.among(pair))
        for kind in sheet.kinds:
            self._of_part(self._kinds, kind).add(sheet.of_kind(kind))
        self._note(sheet)

    def result(self) -> Json:
        """The report; people are named by their ids."""
        return {
            "n_articles": self._articles,
            "measures": self._whole.results(),
            "pairs": [
                {"users": list(pair), "measures": panel.results()}
                for pair, panel in sorted(self._pairs.items())
            ],
            "kinds": [
                {"kind": kind, "measures": panel.results()}
                for kind, panel in sorted(self._kinds.items())
            ],
            "articles": [document for *_, document in sorted(self._worst, reverse=True)],
            "disagreements": {
                "total": self._disagreeing,
                "most": self._most,
                "items": self._disagreements,
            },
        }

    def _of_part(self, parts: dict[Any, Panel], part: Any) -> Panel:
        if part not in parts:
            parts[part] = Panel(self._of, self._in_part)
        return parts[part]

    def _note(self, sheet: Sheet) -> None:
        """Keep the article if it is among the worst, and what the coders differ on in it."""
        units = [group for group in sheet.groups if disagrees(group)]
        self._disagreeing += len(units)
        for group in units[: self._most - len(self._disagreements)]:
            self._disagreements.append(_unit(sheet, group))
        if not sheet.groups or not self._top:
            return
        self._looked_at += 1  # of equals, the one that came first is kept
        key = (len(units) / len(sheet.groups), len(units), -self._looked_at)
        full = len(self._worst) >= self._top
        if full and key < self._worst[0][:3]:
            return
        (heappushpop if full else heappush)(self._worst, (*key, self._article(sheet, len(units))))

    def _article(self, sheet: Sheet, disagreeing: int) -> Json:
        panel = Panel(self._of, self._in_part)
        panel.add(sheet)
        return {
            "article": {"id": sheet.article_id, "title": sheet.title},
            "other_article_id": sheet.other_id,
            "n_coders": len(sheet.coders),
            "n_units": len(sheet.groups),
            "n_disagreeing": disagreeing,
            "measures": panel.results(),
        }


def _unit(sheet: Sheet, group: Group | LinkGroup) -> Json:
    """A unit on which coders differ: who says what, who says nothing, and where they differ."""
    document: Json = {
        "article_id": sheet.article_id,
        "other_article_id": sheet.other_id,
        "likeness": group.likeness,
        "missing": list(group.missing),
        "differences": [difference.path for difference in group.differences],
    }
    if isinstance(group, LinkGroup):
        said = [(who, link.id) for who, own in group.members.items() for link in own]
        document["ends"] = list(group.ends)
    else:
        said = [(who, marked.id) for who, marked in group.members.items()]
        document |= {"kind": group.kind, "start": group.start, "end": group.end}
    document["members"] = [{"user": who, "id": id_} for who, id_ in said]
    return document
