"""A small site with every branch of records and pages, and the tree that must come out of it."""
