"""All figures as compact columns: genes, organisms, papers, years, redirects. No full records."""
