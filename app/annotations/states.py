"""The states that annotations and links share, and what an edit does to them. Pure."""

STATES = ("draft", "submitted", "approved", "rejected")

AFTER_EDIT = {"approved": "submitted", "rejected": "draft"}
"""An edit of something decided undoes the decision: what was judged no longer stands there."""
