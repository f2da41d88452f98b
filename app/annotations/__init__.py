"""Annotations: claims, figures and attributions tagged in an article's text."""
