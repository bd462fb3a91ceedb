"""Check the links of a built site: every link within it, and the form of those that lead out."""
