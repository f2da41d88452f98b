"""The page at the root: read articles with what is tagged in them, tag, link and review.

It is a client of the API like any other: plain modules that the browser runs as they are.
"""
