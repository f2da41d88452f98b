"""Releases: named states of a project that never change, to cite, compare and give away.

`service` makes one: `canonical` rows with `pseudonyms`, put on the shelf of `storage`, told by
`manifests` with the `agreement`. `reading` gives them back as a dataset, `diffing` compares two,
`datasheets` describes one.
"""
