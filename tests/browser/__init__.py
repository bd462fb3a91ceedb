"""Tests that drive Chromium over the built demonstration site, as readers do."""
