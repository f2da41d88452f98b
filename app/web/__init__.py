"""Web: the HTTP that belongs to no room."""
