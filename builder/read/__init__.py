"""From bytes to front matter to a typed record, or to problems with file, line and column."""
