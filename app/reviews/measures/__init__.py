"""Measures: how much a project's annotators agree, read article by article."""
