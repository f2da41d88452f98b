"""Native NDJSON: one line a thing, written by the database itself and read by typed decoding.

Out: `written` says what the lines hold, in the `notation` that `engines` spell for each database;
`statements` select them and `streaming` runs them. In: `lines`. Ids are written as they were
where the thing was first made (decision 17).
"""
