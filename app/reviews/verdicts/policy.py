"""Who may do what with verdicts."""

from app.kernel.permissions import Rules, is_reviewer, is_viewer

RULES: Rules = {
    "read": [[is_viewer]],
    "set_verdict": [[is_reviewer]],
    "remove_verdict": [[is_reviewer]],
}
