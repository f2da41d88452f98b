"""Who may do what with annotations and sources."""

from app.kernel.permissions import (
    Rules,
    is_annotator,
    is_author,
    is_manager,
    is_reviewer,
    is_viewer,
)

RULES: Rules = {
    "read": [[is_viewer]],
    "create": [[is_annotator]],
    "edit": [[is_annotator, is_author], [is_reviewer]],
    "restore": [[is_annotator, is_author], [is_reviewer]],
    "delete": [[is_annotator, is_author], [is_manager]],
    "edit_sources": [[is_annotator]],
    "merge_sources": [[is_reviewer]],
}
