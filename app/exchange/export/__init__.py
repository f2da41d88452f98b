"""Export: what of a project goes out, read from one snapshot of the database."""
