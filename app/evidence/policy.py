"""Who may read what the links of a project say together."""

from app.kernel.permissions import Rules, is_viewer

RULES: Rules = {"read": [[is_viewer]]}
