"""The change feed: what happened in a project, in an order that skips nothing.

`positions` are the places in it and their cursors, `queries` reads it, `listening` waits for more
and `streaming` tells it as it comes.
"""
