"""Decisions: moving annotations and links through review, one or many at a time."""
