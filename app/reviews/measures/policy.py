"""Who may read how much annotators agree. In a blind project annotators may not: see service."""

from app.kernel.permissions import Rules, is_viewer

RULES: Rules = {"read": [[is_viewer]]}
