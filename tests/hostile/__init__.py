"""Files that must be refused; `cases.CASES` has them."""
