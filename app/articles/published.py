"""When an article appeared, to the precision that is known. Pure."""

import re
from datetime import date

PRECISIONS = ("year", "month", "day")
_SHAPE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


def precision_of(published_on: str) -> str | None:
    """`year`, `month` or `day` for 2015, 2015-10 or 2015-10-13; None for what is no date."""
    match = _SHAPE.fullmatch(published_on)
    if match is None:
        return None
    parts = [int(part) for part in match.groups() if part]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return None
    return PRECISIONS[len(parts) - 1]
