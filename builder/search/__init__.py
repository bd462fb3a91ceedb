"""The search index: words, genes and rows of figures in shards that a browser fetches one by one."""
