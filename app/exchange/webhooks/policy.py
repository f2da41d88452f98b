"""Who may do what with webhooks: they carry a project's content away, so managers only."""

from app.kernel.permissions import Rules, is_manager

RULES: Rules = {"manage_webhooks": [[is_manager]]}
