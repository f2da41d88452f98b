"""Regions of a text that are no part of the story: checked like every span."""

from typing import Any

from app.kernel.errors import Invalid, fault
from app.kernel.offsets import OffsetError, Ruler, Unit

Json = dict[str, Any]


def checked_regions(given: list[Json] | None, ruler: Ruler) -> list[Json]:
    """The regions in code points and text order; Invalid where one does not fit the text."""
    errors: list[Json] = []
    regions = []
    for index, region in enumerate(given or []):
        edges = [
            _edge(region, name, ruler, f"/regions/{index}", errors) for name in ("start", "end")
        ]
        start, end = edges
        if start is None or end is None:
            continue
        if start >= end:
            errors.append(fault(f"/regions/{index}/end", "empty_span", "It ends after it starts."))
        regions.append({"start": start, "end": end, "kind": region["kind"]})
    if errors:
        raise Invalid(
            "A region does not fit the text; see errors.", code="bad_region", errors=errors
        )
    return sorted(regions, key=lambda region: (region["start"], -region["end"], region["kind"]))


def _edge(region: Json, name: str, ruler: Ruler, at: str, errors: list[Json]) -> int | None:
    value = region[name]
    if isinstance(value, bool) or not isinstance(value, int):
        errors.append(fault(f"{at}/{name}", "not_an_integer", "An offset is an integer."))
        return None
    try:
        return ruler.to_codepoints(value, Unit(region.get("unit", "codepoint")))
    except OffsetError as error:
        code = "past_the_end" if error.code == "out_of_range" and value >= 0 else error.code
        errors.append(fault(f"{at}/{name}", "negative_offset" if value < 0 else code, error.detail))
        return None
