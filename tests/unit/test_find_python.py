"""Which Python the Makefile takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "find-python.sh"
OPTIMISED, PLAIN, NO_VENV, OLD = 2, 3, 4, 1
"""How the script's question to a Python ends."""


def _fake(folder: Path, name: str, ends: int) -> Path:
    """A program that answers as a Python of that kind does."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "{path}"\nexit {ends}\n')
    path.chmod(0o755)
    return path


def _found(*folders: Path | str) -> str:
    """What the script prints for a PATH."""
    env = {"PATH": ":".join(map(str, folders))}
    done = subprocess.run(["/bin/sh", str(SCRIPT)], env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_python_compiled_with_optimisation_is_preferred_wherever_it_stands(tmp_path: Path) -> None:
    """One compiled with optimisation is taken, by name before folder."""
    _fake(tmp_path / "a", "python3", PLAIN)
    good = _fake(tmp_path / "b", "python3.12", OPTIMISED)
    _fake(tmp_path / "c", "python3.11", OPTIMISED)
    assert _found(tmp_path / "a", tmp_path / "c", tmp_path / "b") == str(good)


def test_without_one_the_first_that_can_make_environments_is_taken(tmp_path: Path) -> None:
    """Else the first that is new enough and can make environments."""
    _fake(tmp_path / "a", "python3", OLD)
    _fake(tmp_path / "b", "python3", NO_VENV)
    plain = _fake(tmp_path / "c", "python3", PLAIN)
    _fake(tmp_path / "c", "python3.13", PLAIN)
    assert _found(tmp_path / "a", tmp_path / "b", tmp_path / "c") == str(plain)


def test_one_that_lacks_venv_is_named_so_that_its_lack_is_told(tmp_path: Path) -> None:
    """One that cannot make them is named where there is no other: the Makefile says what to install."""
    bare = _fake(tmp_path / "a", "python3", NO_VENV)
    assert _found(tmp_path / "a") == str(bare)


def test_nothing_is_printed_where_there_is_none_of_3_11_or_newer(tmp_path: Path) -> None:
    """None is found where all are too old."""
    _fake(tmp_path / "a", "python3", OLD)
    assert _found(tmp_path / "a", tmp_path / "missing") == ""


def test_a_real_python_answers_with_its_own_path_also_from_an_environment(tmp_path: Path) -> None:
    """The script's question works, and is answered with the Python behind an environment."""
    pytest.importorskip("ensurepip", reason="this Python cannot make virtual environments")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)
    assert Path(_found(tmp_path / "env" / "bin")).resolve() == Path(sys._base_executable).resolve()  # type: ignore[attr-defined]
