"""Measures of where coders mark, and of what they link. Pure."""

from itertools import combinations

from app.reviews.agreement.gamma import Gamma
from app.reviews.agreement.link_f1 import LinkF1
from app.reviews.agreement.span_f1 import F1Result, LabelledSpan, SpanF1
from app.reviews.agreement.unitizing import UnitizingAlpha
from app.reviews.agreement.units import Continuum, Unit, continuum
from app.reviews.measures.instruments import Json, Seen
from app.reviews.measures.sheets import Sheet

GAMMA_MOST_WORK = 50_000
"""Units of an article times its coders cubed, summed over articles: some ten seconds' work."""


class SpanAgreement:
    """Span F1 of every two coders, pooled: all pairs' spans weigh the same."""

    def __init__(self) -> None:
        self._f1, self._seen = SpanF1(), Seen()

    def add(self, sheet: Sheet) -> None:
        """Take in every two coders' spans."""
        spans = {
            who: [LabelledSpan(marked.kind, marked.fragments) for marked in own]
            for who, own in sheet.spans.items()
        }
        for one, other in combinations(sheet.coders, 2):
            self._f1.add_article(spans[one], spans[other])
        self._seen.note(sheet)

    def results(self) -> dict[str, Json]:
        """Exact and overlapping F1."""
        found = {"exact": self._f1.exact(), "overlap": self._f1.overlapping()}
        return {f"span_f1_{name}": _f1(self._seen, one) for name, one in found.items()}


class LinkAgreement:
    """Link F1 of every two coders, pooled likewise."""

    def __init__(self) -> None:
        self._f1, self._seen = LinkF1(), Seen()

    def add(self, sheet: Sheet) -> None:
        """Take in every two coders' links."""
        for one, other in combinations(sheet.coders, 2):
            self._f1.add(sheet.links[one], sheet.links[other])
        self._seen.note(sheet)

    def results(self) -> dict[str, Json]:
        """F1 of links with the same relation, and of links that join the same two units."""
        found = {"exact": self._f1.exact(), "ends": self._f1.same_ends()}
        return {f"link_f1_{name}": _f1(self._seen, one) for name, one in found.items()}


def _f1(seen: Seen, found: F1Result) -> Json:
    return seen.result(found.value, found.n_units, matched=found.matched)


class UnitizingAgreement:
    """Krippendorff's alpha for unitizing: spans and kinds together, along the text."""

    def __init__(self) -> None:
        self._alpha, self._seen = UnitizingAlpha(), Seen()

    def add(self, sheet: Sheet) -> None:
        """Take in an article."""
        if sheet.length:
            self._alpha.add_article(continuum_of(sheet))
            self._seen.note(sheet)

    def results(self) -> dict[str, Json]:
        """The alpha, and that of each kind; overlaps of one coder and kind are left out."""
        found = self._alpha.result()
        per_kind = {kind: one.alpha for kind, one in found.per_label.items()}
        told = self._seen.result(
            found.value, found.n_units, n_left_out=found.n_left_out, per_kind=per_kind
        )
        return {"alpha_unitizing": told}


class GammaAgreement:
    """Gamma, as long as there is not too much to align."""

    def __init__(self) -> None:
        self._gamma, self._seen = Gamma(), Seen()
        self._work = 0

    def add(self, sheet: Sheet) -> None:
        """Take in an article, or give up."""
        if not sheet.length:
            return
        text = continuum_of(sheet)
        self._work += len(text.units) * len(text.coders) ** 3
        if self._work <= GAMMA_MOST_WORK:
            self._gamma.add_article(text)
            self._seen.note(sheet)

    def results(self) -> dict[str, Json]:
        """Gamma; null with the reason `too_large` past `GAMMA_MOST_WORK`."""
        found = self._gamma.result()
        too_large = self._work > GAMMA_MOST_WORK
        told = self._seen.result(
            None if too_large else found.value,
            found.n_units,
            exact=found.exact and not too_large,
            per_kind={} if too_large else dict(found.per_label),
        )
        return {"gamma": {**told, "reason": "too_large"} if too_large else {**told}}


def continuum_of(sheet: Sheet) -> Continuum:
    """The article as Krippendorff's and Mathet's measures see it: a unit for each fragment."""
    units = (
        Unit(who, start, end, marked.kind)
        for who, own in sheet.spans.items()
        for marked in own
        for start, end in marked.fragments
    )
    return continuum(units, length=sheet.length, coders=sheet.coders)
