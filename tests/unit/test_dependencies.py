"""Every dependency is in docs/dependencies.md, with its licence and the reason why it is here."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def listed() -> dict[str, tuple[str, str]]:
    """Return licence and reason of every package that the page lists."""
    rows = ROW.findall((ROOT / "docs/dependencies.md").read_text(encoding="utf-8"))
    assert len(rows) == len({name for name, _, _ in rows})
    return {name: (licence.strip(), why.strip()) for name, licence, why in rows}


def wanted() -> set[str]:
    """Return what pyproject.toml and package.json ask for, and what a build installs besides."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *(line for g in project["dependency-groups"].values() for line in g)]
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    names = [re.split(r"[<>=~!\[; ]", line)[0] for line in lines]
    return {*names, *package["dependencies"], *package["devDependencies"], *locked}


def test_every_dependency_is_listed() -> None:
    """The page lists what is asked for and what a build installs, and nothing that is gone."""
    assert listed().keys() == wanted()


def test_every_dependency_has_a_reason() -> None:
    """Each has a licence and a reason, and what is only brought along names who brings it."""
    for name, (licence, why) in listed().items():
        assert licence, name
        assert why, name


def installed() -> list[str]:
    """Return the packages of the page that are Python's and installed here."""
    return [name for name in listed() if not isinstance(stated(name), PackageNotFoundError)]


def stated(name: str) -> Any:
    """Return what a package states of itself, or the error that it is not here."""
    try:
        return metadata(name)
    except PackageNotFoundError as error:
        return error


PARTS = {
    "BSD": "BSD",
    "MIT": "MIT",
    "Apache": "Apache",
    "Mozilla": "MPL",
    "MPL": "MPL",
    "Unlicense": "Unlicense",
    "PSF": "PSF",
}


@pytest.mark.parametrize("name", sorted(installed()))
def test_licence_is_that_of_the_package(name: str) -> None:
    """The licence is the one that the installed package states itself."""
    found = stated(name)
    states = [c.split("::")[-1] for c in found.get_all("Classifier") or [] if c.startswith("License ::")]
    own = " ".join([found.get("License-Expression") or "", *states]) or (found.get("License") or "")[:60]
    known = {kind for part, kind in PARTS.items() if part in (own.strip() or (found.get("License") or "")[:60])}
    assert not known or any(kind in listed()[name][0] for kind in known), own
