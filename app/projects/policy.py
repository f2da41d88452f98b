"""Who may do what with projects and their members."""

from app.kernel.permissions import Rules, is_admin, is_manager, is_viewer

RULES: Rules = {
    "read": [[is_viewer]],
    "edit": [[is_manager]],
    "delete": [[is_manager]],
    "manage_members": [[is_manager]],
    "rescue": [[is_admin]],  # give a manager to a project that has none who can sign in
}
