"""Projects: who may do what where."""
