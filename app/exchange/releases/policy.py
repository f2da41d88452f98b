"""Who may make releases, and who may read them."""

from typing import Any

from app.annotations.queries import works_blind
from app.kernel.actor import Actor
from app.kernel.permissions import Rules, is_manager, is_viewer


def is_not_blinded(actor: Actor, _thing: Any) -> bool:
    """The project is not blind for them: a release holds everybody's work."""
    return not works_blind(actor)


RULES: Rules = {
    "make_releases": [[is_manager]],
    "read_releases": [[is_viewer, is_not_blinded]],
}
