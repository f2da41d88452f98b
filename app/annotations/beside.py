"""What the rooms above know of annotations; the factory fills it in.

Imports run one way, so the annotations room cannot ask the links room how many links an
annotation has, nor tell it that one is about to go. It asks here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, false

from app.kernel.actor import Actor

Counts = Mapping[str, int]


def _nothing(_actor: Actor, _ids: Sequence[str]) -> Mapping[str, Counts]:
    return {}


def _never(_actor: Actor) -> ColumnElement[bool]:
    return false()


@dataclass
class Beside:
    """`link_counts`: relation → number, for each id that has links the actor may see.
    `linked`: the condition that an annotation has such a link.
    `before_removal`: steps to take before annotations with these ids are deleted.
    """

    link_counts: Callable[[Actor, Sequence[str]], Mapping[str, Counts]] = _nothing
    linked: Callable[[Actor], ColumnElement[bool]] = _never
    before_removal: list[Callable[[Actor, Sequence[str]], None]] = field(default_factory=list)


beside = Beside()
