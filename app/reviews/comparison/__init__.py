"""Comparison: the annotators' layers of an article side by side."""
