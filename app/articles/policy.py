"""Who may do what with articles."""

from app.kernel.permissions import Rules, is_annotator, is_manager, is_viewer

RULES: Rules = {
    "read": [[is_viewer]],
    "create": [[is_annotator]],
    "edit": [[is_annotator]],
    "revise": [[is_manager]],
    "delete": [[is_manager]],
}
