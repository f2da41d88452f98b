"""Evidence: what all the links together say. Who supports whom, independently or not; where
the links, or the figures they join, cannot all be right.

- what counts: `counting`, asked for by `asking`, read by `queries`;
- links added up: `stances` along chains, `graph` and `unions` into groups, `independence` by
  origin, whose marks `witnesses` gathers;
- figures held against each other: `discrepancies`, by `figures`, `units` and `days`;
- the whole graph, streamed: `files`, `streaming`.
"""
