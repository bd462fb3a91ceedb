"""The tests of the JavaScript, which Node.js runs, count as tests of the project."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.support.installed import NODE, needs_node

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tests/js").glob("*.test.mjs"))


@needs_node
def test_javascript() -> None:
    """Every test in tests/js passes; where one does not, its name and what it found are shown."""
    assert FILES, "tests/js holds no test"
    command = [str(NODE), "--test", "--test-reporter=tap", *map(str, FILES)]
    # A run within another run of Node's would report to that one.
    clean = {k: v for k, v in os.environ.items() if k not in {"NODE_TEST_CONTEXT", "NODE_OPTIONS"}}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=clean, encoding="utf-8")
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    # Passing tests and the timings of failing ones only hide what is wrong.
    told = [
        x for x in done.stdout.splitlines() if not re.match(r"\s*(ok|duration_ms|type|---|\.\.\.|# Subtest|1\.\.)", x)
    ]
    assert done.returncode == 0, "\n".join([*told, done.stderr])
    assert passed
    assert int(passed[1]) >= len(FILES)
