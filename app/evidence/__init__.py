"""Evidence: what all the links together say. Who supports whom, independently or not; where
the links, or the figures they join, cannot all be right."""
