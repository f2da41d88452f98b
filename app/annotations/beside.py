"""What the rooms above know of annotations; the factory fills it in.

Imports run one way, so the annotations room cannot ask the links room how many links an
annotation has, nor tell it that one is about to go. It asks here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, false, literal_column

from app.kernel.actor import Actor
from app.kernel.columns import Stored

Counts = Mapping[str, int]


def _nothing(_actor: Actor, _ids: Sequence[str]) -> Mapping[str, Counts]:
    return {}


def _never(_actor: Actor) -> ColumnElement[bool]:
    return false()


def _none() -> ColumnElement[Any]:
    return literal_column("'null'", Stored())


@dataclass
class Beside:
    """`link_counts`: relation → number, for each id that has links the actor may see.
    `linked`: the condition that an annotation has such a link.
    `verdict`: a column with the verdict on an annotation as the wire has it, or null.
    `before_removal`: steps to take before the annotations whose ids this selects are deleted.
    `after_moving`: steps to take after annotations of an article followed its new text, with
    the article's id and, of those whose place is sure, id → version before and after.
    """

    link_counts: Callable[[Actor, Sequence[str]], Mapping[str, Counts]] = _nothing
    linked: Callable[[Actor], ColumnElement[bool]] = _never
    verdict: ColumnElement[Any] = field(default_factory=_none)
    before_removal: list[Callable[[Actor, Select[str]], None]] = field(default_factory=list)
    after_moving: list[Callable[[str, Mapping[str, tuple[int, int]]], None]] = field(
        default_factory=list
    )


beside = Beside()
