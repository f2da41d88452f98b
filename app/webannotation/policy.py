"""Who may do what in a container: with annotations and with links alike.

It is what their own rooms allow. Their services ask again, each its own table; here the
question comes before anything is told of what is wrong with a request.
"""

from app.annotations.policy import RULES as ANNOTATIONS
from app.kernel.permissions import Rules

RULES: Rules = {verb: ANNOTATIONS[verb] for verb in ("read", "create", "edit", "delete")}
