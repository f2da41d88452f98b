"""Exchange: what goes in and out in bulk. Import, export, releases and the change feed."""
