"""The kinds of annotation. A new kind is one file here and one name in `KINDS`."""

from app.annotations.kinds.attribution import ATTRIBUTION
from app.annotations.kinds.base import Column, Kind
from app.annotations.kinds.claim import CLAIM
from app.annotations.kinds.figure import FIGURE
from app.annotations.kinds.problems import Problem, Refused

KINDS: dict[str, Kind] = {kind.name: kind for kind in (CLAIM, FIGURE, ATTRIBUTION)}

__all__ = ["KINDS", "Column", "Kind", "Problem", "Refused"]
