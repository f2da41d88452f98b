"""The change feed: what happened in a project, in an order that skips nothing."""
