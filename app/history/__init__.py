"""History: what happened, in the order of commits. It stands low, since every room records."""
