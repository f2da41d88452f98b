"""What is measured, beside the physical limit, in one run.

`python -m bench` measures single creates and the reader page and writes `bench/RESULTS.md`;
`python -m bench.exchange` imports and exports, into `RESULTS-exchange-*.md`; `make bench` both. A
machine's speed changes from minute to minute, so a figure by itself says
little: every figure stands beside what a bare driver reaches with the same rows, measured
right after it, several times over, and what counts is the ratio of the two.

The pieces, for whoever measures something else:

* `databases.places(folder)`: the SQLite and the PostgreSQL to measure on, migrated and empty;
  both keep what they acknowledged through a power cut.
* `servers.serve(url, folder)`: the production server on a free port, as a context manager.
* `scene.furnish(url, folder)`: people, a project, articles and a reader page to measure with.
* `load.load(address, requests, callers, seconds)`: keep-alive callers over HTTP; a `Sample`.
* `bare.run(job, arguments, callers, seconds)`: the same for a bare driver, in two processes.
* `samples.Sample`: rate, p50, p99, errors. `samples.middle(values)`: the median.
* `report`: the machine and the versions, tables in Markdown, one file a subject.

A measurement of one's own is then:

    with tempfile.TemporaryDirectory(prefix="factmark-bench-") as name, \\
            places(Path(name)) as found:
        for place in found:
            with serve(place.url, Path(name)) as server:
                made = furnish(place.url, Path(name))
                ours = load(server.address, [get(path, made.token)], callers=8, seconds=3)
                limit = bare.run(my_job, (place.bare,), callers=8, seconds=3)
"""
