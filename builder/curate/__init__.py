"""For curators: what is odd in records that build all the same, and how to mend it."""
