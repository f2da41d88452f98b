"""Who may do what with comments."""

from app.kernel.permissions import Rules, is_annotator, is_author, is_manager, is_viewer

RULES: Rules = {
    "read": [[is_viewer]],
    "comment": [[is_annotator]],
    "resolve": [[is_annotator]],
    "edit": [[is_annotator, is_author]],
    "delete": [[is_annotator, is_author], [is_manager]],
}
