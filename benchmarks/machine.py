"""What a measurement was taken on: processor, memory, versions."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib import metadata
from pathlib import Path

import psutil

__all__ = ["describe", "version_of"]

_CPUINFO = Path("/proc/cpuinfo")


def _processor() -> str:
    """Return the model of the processor, as far as the system tells it."""
    if _CPUINFO.is_file():
        found = re.search(r"^model name\s*:\s*(.+)$", _CPUINFO.read_text(), re.MULTILINE)
        if found:
            return " ".join(found[1].split())
    return platform.processor() or platform.machine()


def _cores() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def version_of(command: list[str]) -> str:
    """Return the first version number that a command prints, or an empty text."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except OSError:
        return ""
    found = re.search(r"\d+\.\d+(?:\.\d+)*", done.stdout + done.stderr)
    return found[0] if found else ""


def describe() -> str:
    """Return one line about the machine and the versions."""
    memory = psutil.virtual_memory().total / 2**30
    try:
        figpages = metadata.version("figpages")
    except metadata.PackageNotFoundError:
        figpages = "not installed"
    return (
        f"{_cores()} cores of {_processor()}, {memory:.0f} GiB of memory, {platform.system()} "
        f"{platform.release()}; Python {platform.python_version()}, figpages {figpages}"
    )
