"""Measures of where coders mark, and of what they link. Pure."""

from itertools import combinations

from app.reviews.agreement.alignment import Effort, TooMuch
from app.reviews.agreement.gamma import Gamma
from app.reviews.agreement.link_f1 import LinkF1
from app.reviews.agreement.span_f1 import F1Result, SpanF1
from app.reviews.agreement.unitizing import UnitizingAlpha
from app.reviews.measures.instruments import Json, Seen
from app.reviews.measures.sheets import Sheet

GAMMA_MOST_STEPS = 10_000_000
"""Steps of aligning (see `alignment.Effort`) in one report: some ten seconds' work."""


class SpanAgreement:
    """Span F1 of every two coders, pooled: all pairs' spans weigh the same."""

    def __init__(self) -> None:
        self._f1, self._seen = SpanF1(), Seen()

    def add(self, sheet: Sheet) -> None:
        """Take in every two coders' spans."""
        for one, other in combinations(sheet.coders, 2):
            self._f1.add(sheet.met_by(one, other))
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
            self._alpha.add(sheet.unitized())
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
        self._gamma, self._seen = Gamma(effort=Effort(GAMMA_MOST_STEPS)), Seen()
        self._too_large = False

    def add(self, sheet: Sheet) -> None:
        """Take in an article, or give up."""
        if not sheet.length or self._too_large:
            return
        try:
            self._gamma.add_article(sheet.continuum())
            self._seen.note(sheet)
        except TooMuch:
            self._too_large = True

    def results(self) -> dict[str, Json]:
        """Gamma; null with the reason `too_large` past `GAMMA_MOST_STEPS`."""
        found = self._gamma.result()
        if self._too_large:
            none = self._seen.result(None, found.n_units, exact=False, per_kind={})
            return {"gamma": {**none, "reason": "too_large"}}
        per_kind = dict(found.per_label)
        told = self._seen.result(found.value, found.n_units, exact=found.exact, per_kind=per_kind)
        return {"gamma": told}
