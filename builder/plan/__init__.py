"""From the catalogue to every output path and the digest of all that it depends on."""
