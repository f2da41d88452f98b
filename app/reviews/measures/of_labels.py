"""Measures of the labels given to units that two coders or more marked. Pure."""

from collections import defaultdict
from itertools import combinations
from statistics import fmean

from app.reviews.agreement.alpha import NominalAlpha
from app.reviews.agreement.kappa import CohenKappa, FleissKappa
from app.reviews.measures.instruments import Json, Seen
from app.reviews.measures.sheets import Labelled, Sheet


class Cohen:
    """Cohen's kappa of every two coders, and the mean of these.

    Source of the mean: R. J. Light, "Measures of response agreement for qualitative data",
    Psychological Bulletin 76(5), 1971.
    """

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], CohenKappa] = defaultdict(CohenKappa)
        self._seen = Seen()

    def add(self, sheet: Sheet) -> None:
        """Take in the units that at least one of two coders labelled."""
        for unit, times in sheet.labelled.items():
            for one, other in combinations(zip(sheet.coders, unit.labels, strict=True), 2):
                (first, label), (second, other_label) = one, other
                if label is not None or other_label is not None:
                    self._pairs[first, second].add(label, other_label, times)
                if label is not None and other_label is not None:
                    self._seen.note(sheet, (first, second))

    def results(self) -> dict[str, Json]:
        """The mean kappa; with two coders, theirs."""
        found = [kappa.result() for kappa in self._pairs.values()]
        values = [one.value for one in found if one.value is not None]
        return {
            "cohen_kappa": self._seen.result(
                fmean(values) if values else None,
                sum(one.n_units for one in found),
                n_left_out=sum(one.n_left_out for one in found),
            )
        }


class Fleiss:
    """Fleiss' kappa over units with the same number of labels: of the number most units have."""

    def __init__(self) -> None:
        self._by_size: dict[int, FleissKappa] = {}
        self._seen: dict[int, Seen] = defaultdict(Seen)
        self._alone = 0

    def add(self, sheet: Sheet) -> None:
        """Take in the units that two coders or more labelled."""
        for unit, times in sheet.labelled.items():
            given = _given(sheet, unit)
            if len(given) < 2:
                self._alone += times
                continue
            kappa = self._by_size.setdefault(len(given), FleissKappa(len(given)))
            kappa.add(given.values(), times)
            self._seen[len(given)].note(sheet, given)

    def results(self) -> dict[str, Json]:
        """The kappa; `n_labels` is how many labels each of its units has."""
        if not self._by_size:
            none = Seen().result(None, 0, n_left_out=self._alone, n_labels=None)
            return {"fleiss_kappa": none}
        found = {size: kappa.result() for size, kappa in self._by_size.items()}
        size = max(found, key=lambda size: (found[size].n_units, size))
        others = sum(one.n_units for one in found.values()) - found[size].n_units
        chosen = self._seen[size].result(
            found[size].value,
            found[size].n_units,
            n_left_out=self._alone + others,
            n_labels=size,
        )
        return {"fleiss_kappa": chosen}


class NominalAgreement:
    """Krippendorff's nominal alpha of labels, gaps allowed."""

    def __init__(self) -> None:
        self._alpha, self._seen = NominalAlpha(), Seen()

    def add(self, sheet: Sheet) -> None:
        """Take in all units."""
        for unit, times in sheet.labelled.items():
            self._alpha.add(unit.labels, times)
            if len(given := _given(sheet, unit)) > 1:
                self._seen.note(sheet, given)

    def results(self) -> dict[str, Json]:
        """The alpha."""
        found = self._alpha.result()
        told = self._seen.result(found.value, found.n_units, n_left_out=found.n_left_out)
        return {"alpha_nominal": told}


def _given(sheet: Sheet, unit: Labelled) -> dict[str, str]:
    """The labels of those who gave one."""
    both = zip(sheet.coders, unit.labels, strict=True)
    return {who: label for who, label in both if label is not None}
