"""Who may carry data out and in."""

from app.kernel.permissions import Rules, is_annotator, is_manager, is_viewer

RULES: Rules = {
    "export": [[is_viewer]],
    "import": [[is_annotator]],
    "restore": [[is_manager]],
}
"""`restore`: to bring things in as they were, with their authors, states and times."""
