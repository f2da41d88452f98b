"""Reviews: assigning work, deciding on it, comparing annotators and adjudicating between them."""
