"""Settings that all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = (
    "test_explore.py", "test_hostile.py", "test_histories.py", "test_axe.py", "test_kill_moments.py", "test_layouts.py",
    "test_network.py", "test_killed.py", "test_real.py", "test_search_renewed.py", "test_explore_trouble.py",
    "test_keyboard.py", "test_actions.py", "test_tables.py", "test_disks.py", "test_layout.py", "test_journey.py",
    "test_yaml.py", "test_processes.py", "test_gene_index.py", "test_incremental.py",
)  # fmt: skip
"""Files that take longest, so that none of them is left for the end, when other processes have nothing to do."""

# No deadline: the machine may be busy. No stored examples: a run leaves nothing behind.
settings.register_profile(
    "figpages", deadline=None, database=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("figpages")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take longest begin first."""

    def rank(item: pytest.Item, names: Sequence[str] = LONGEST) -> int:
        return names.index(item.path.name) if item.path.name in names else len(names)

    items.sort(key=rank)
