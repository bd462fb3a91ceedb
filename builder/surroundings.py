"""Find templates, assets and program, and work out what every page depends on."""

from __future__ import annotations

import json
import os
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import unidata_version

import frontmatter
import msgspec
import yaml
import zlib_ng

from builder import __version__
from builder.plan.digest import digest, tree_digest
from builder.problems import BuildError

if TYPE_CHECKING:
    from collections.abc import Collection

    from builder.read.settings import Settings

__all__ = ["Program", "program", "program_version", "reader_version", "site_seed", "this_year"]

PACKAGE = Path(__file__).parent
READER_MODULES = ("model.py", "names.py", "problems.py", "urls.py", "vocabulary.py", "kept.py")
READER_LIBRARIES = frozenset({"msgspec", "python_frontmatter", "pyyaml", "yaml_rs"})
LIBRARIES = READER_LIBRARIES | {
    "jinja2", "markdown", "markupsafe", "nh3", "numpy", "pillow", "scipy", "xxhash", "zlib_ng",
}  # fmt: skip
"""Libraries on whose version the bytes of a site depend, by the names of their folders of metadata."""


class Program:
    """Where the templates and the bundled front end are: in the package, or beside it in a checkout."""

    def __init__(self) -> None:
        data = PACKAGE / "_data"
        checkout = PACKAGE.parent
        self.templates = data / "templates" if data.is_dir() else checkout / "templates"
        self.dist = data / "static" if data.is_dir() else checkout / "static" / "dist"
        self.default_pages = self.templates / "pages"

    def assets(self) -> dict[str, str]:
        """Plain name of each asset and its path in the site.

        Raises:
            BuildError: if the front end was not bundled.
        """
        try:
            manifest = json.loads((self.dist / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            message = f"the style sheet and scripts are not bundled ({self.dist} is missing or damaged): run make build"
            raise BuildError(message) from error
        return {name: f"assets/{hashed}" for name, hashed in manifest.items()}


@lru_cache(maxsize=1)
def program() -> Program:
    """The parts of the program beside its code."""
    return Program()


def _versions(libraries: Collection[str]) -> list[str]:
    """Names and versions of those that are installed, of Python and of its tables of Unicode.

    Read off the names of folders: ``importlib.metadata`` takes as long to load as half of a build without a change.
    """
    folders = {Path(str(module.__file__)).parents[1] for module in (frontmatter, msgspec, yaml, zlib_ng)}
    found = {name.lower() for folder in folders for name in os.listdir(folder) if name.endswith(".dist-info")}  # noqa: PTH208 - names alone
    own = sorted(name for name in found if name.partition("-")[0] in libraries)
    return [*own, sys.version, unidata_version]


@lru_cache(maxsize=1)
def reader_version() -> str:
    """Changes when records would be read differently: code of the reader, its libraries, Python."""
    own = [(PACKAGE / name).read_bytes() for name in READER_MODULES]
    return digest(own, tree_digest(PACKAGE / "read", (".py",)), _versions(READER_LIBRARIES)).hex()


@lru_cache(maxsize=1)
def program_version() -> bytes:
    """Changes when the program does, its libraries, or Python."""
    return digest(__version__, tree_digest(PACKAGE, (".py",)), _versions(LIBRARIES))


@lru_cache(maxsize=1)
def this_year() -> int:
    """The current year, in UTC: a check tells of years to come, and its findings hold for this one."""
    return time.gmtime().tm_year


def site_seed(settings: Settings, assets: dict[str, str], pages: list[tuple[str, str]]) -> bytes:
    """Changes when every page may: settings, templates, assets, names of text pages, program."""
    own = program()
    settings = msgspec.structs.replace(settings, rules={}, known_organisms=())  # what a check tells is on no page
    return digest(program_version(), tree_digest(own.templates, (".html",)), settings, assets, pages)
