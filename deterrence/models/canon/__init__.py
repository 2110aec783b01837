"""The published canon: one game of the literature a file, its propositions as claims that the tests check."""
