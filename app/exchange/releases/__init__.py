"""Releases: named states of a project that never change, to cite, compare and give away."""
