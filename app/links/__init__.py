"""Links: two annotations that corroborate or contradict each other, in any articles."""
