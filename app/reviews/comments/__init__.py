"""Comments: threads on annotations, links and articles, resolved or open."""
