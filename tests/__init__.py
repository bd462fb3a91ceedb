"""Tests of figpages."""
