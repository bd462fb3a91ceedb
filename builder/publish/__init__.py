"""Sitemap, feed, redirects, downloads: what machines fetch, as entries that ``write`` writes."""
