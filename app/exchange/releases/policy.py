"""Who may make releases, and who may read them."""

from typing import Any

from app.kernel.actor import Actor, Role
from app.kernel.permissions import Rules, is_manager, is_viewer


def is_not_blinded(actor: Actor, _thing: Any) -> bool:
    """The project is not blind for them: a release holds everybody's work."""
    return not (actor.project.settings.get("blind") and actor.role == Role.annotator)


RULES: Rules = {
    "make_releases": [[is_manager]],
    "read_releases": [[is_viewer, is_not_blinded]],
}
