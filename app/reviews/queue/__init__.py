"""The review queue: what waits for a decision, the most disputed and the oldest first."""
