"""Who may adjudicate. While the own-work rule holds, nobody decides what only they made."""

from app.kernel.permissions import Rules, is_reviewer, is_viewer

RULES: Rules = {
    "read": [[is_viewer]],
    "adjudicate": [[is_reviewer]],
}
