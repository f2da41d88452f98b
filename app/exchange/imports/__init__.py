"""Import: lines and files come in, each held to the checks of the API, in flat memory.

In the order in which things pass: `receiving` takes the body, `reading` makes `entries` of it
(`foreign` and `figures` for other formats), `service` opens the transaction, and `running` goes
through the batches: `known` asks what is there already, `annotations`, `articles`, `links`,
`people` and `project` check one kind of thing each within a shared `frame`, and a store
(`stores`; `lite` and `postgres` for each engine) writes their `tables`. `reporting` tells what
came of it, `explaining` why a line cannot be read; `stepping` is for imports that may be broken
off.
"""
