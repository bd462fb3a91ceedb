"""Benchmarks: a corpus of any size, the phases of a build measured, and a peer for comparison."""
