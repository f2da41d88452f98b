"""Native NDJSON: one line a thing, written by the database itself and read by typed decoding.

`docs/decisions` tells why ids are written as they were where the thing was first made.
"""
