"""Records made to break a site, and what of them may come out."""
