"""Verdicts: what the evidence says of a claim that was approved."""
