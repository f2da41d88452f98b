"""Kernel: the words every room uses. It knows no room and no Flask.

- who acts, and what went wrong: `actor`, `permissions`, `errors`, `sentences`;
- the database: `db` (units of work), `engines`, `writers` and `queueing` (SQLite's writers),
  `snapshots`, `migrations`;
- tables and statements: `columns`, `ids`, `documents`, `upserts`, `letters`, `paging`;
- texts: `offsets`, `targets`, `quotes`; JSON: `jsons`, `mergepatch`;
- time and threads: `clock`, `seats`, `stopping`, `turns`; `cache`; `downloads`.
"""
