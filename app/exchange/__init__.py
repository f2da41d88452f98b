"""Exchange: what goes in and out in bulk.

- `rows`: what every format receives and gives; `formats`: one class a format, pure;
- `export`: what of a project goes out, from one snapshot; `native`: the lossless lines, both ways;
- `imports`: what comes in; `releases`: states of a project that never change;
- `feed`: what happened, in order; `since`: what stands now of what changed; `webhooks`: sent out;
- here: the endpoints of export and import.

An export: the endpoint makes a `Selection` of the query, takes a seat, and opens a snapshot on a
connection that outlives the request. `ProjectDataset` reads it a few articles at a time; the
format writes it in chunks. Native lines and tables it takes as the database itself wrote them.

An import: the body is received whole; the format reads it, what is not native is turned into
native lines, and `imports` checks and writes them, in a transaction that nobody waits for.

A release: the native lines of a snapshot, with pseudonyms for people, in a file whose hash is kept
beside it. It is read through `ReleasedDataset`, so that it goes out in every format.
"""
