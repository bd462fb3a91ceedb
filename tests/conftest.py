"""Settings that all tests share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No deadline: the machine may be busy. No stored examples: a run leaves nothing behind.
settings.register_profile(
    "figpages", deadline=None, database=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("figpages")
