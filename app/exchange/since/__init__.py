"""Since: what stands now of all that changed after a place in the feed, and what is gone."""
