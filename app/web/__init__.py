"""Web: the HTTP that belongs to no room.

- a request: `application` (its unit of work), `auth` and `tokens` (who it is), `operations` (what
  an endpoint is), `bodies` and `fields` (what comes in), `replays` (the same one again);
- an answer: `replies`, `etag`, `attachments`, `errors`, `standing`, `cors`, `addresses`;
- the server itself: `operations_room`, `openapi` and `described`, `assets`, `metrics`,
  `workers`, `connections`.
"""
