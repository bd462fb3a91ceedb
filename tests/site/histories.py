"""What tests of random histories of edits share: how many they try, and where they build."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

__all__ = ["MEMORY", "histories"]

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - TemporaryDirectory makes the name
"""Where there is a disk in memory: on others making files is slow where as many were just removed."""


def histories(count: int) -> settings:
    """Return the settings of a test that tries so many histories, each of them several builds."""
    return settings(
        max_examples=count,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow],
    )
