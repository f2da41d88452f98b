"""Stats: how much there is, of what, by whom, and since when."""
