"""Adjudication: what a team settles on where its annotators differ, and what that came from."""
