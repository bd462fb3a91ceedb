"""Find templates, assets and program, and work out what every page depends on."""

from __future__ import annotations

import json
import os
import sys
import time
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import unidata_version

import msgspec

from builder import __version__
from builder.plan.digest import digest, tree_digest
from builder.problems import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.read.settings import Settings

__all__ = ["Program", "program", "program_version", "reader_version", "site_seed", "this_year"]

PACKAGE = Path(__file__).parent
READER_MODULES = ("model.py", "names.py", "problems.py", "urls.py", "vocabulary.py", "kept.py")
READER_LIBRARIES = {"msgspec": "msgspec", "python_frontmatter": "frontmatter", "pyyaml": "yaml", "yaml_rs": "yaml_rs"}
LIBRARIES = READER_LIBRARIES | {
    "jinja2": "jinja2", "markdown": "markdown", "markupsafe": "markupsafe", "nh3": "nh3", "numpy": "numpy",
    "pillow": "PIL", "scipy": "scipy", "xxhash": "xxhash", "zlib_ng": "zlib_ng",
}  # fmt: skip
"""Libraries on whose version the bytes of a site depend: what their folders of metadata are called, and they."""


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


@lru_cache(maxsize=8)
def _metadata(folder: str) -> list[str]:
    """Names of the folders of metadata in a folder of libraries, in small letters."""
    return [name.lower() for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info"))]  # noqa: PTH208 - names alone


def _versions(libraries: Mapping[str, str]) -> list[str]:
    """Names and versions of libraries, Python's and that of its tables of Unicode.

    Read off the names of folders: ``importlib.metadata`` takes as long to load as half of a build without a change.
    Each is looked for where it would be loaded from, as some may be the system's and others somebody's own.
    """
    found = []
    for library, module in sorted(libraries.items()):
        spec = find_spec(module)
        folder = str(Path(spec.origin).parents[1]) if spec and spec.origin else ""
        own = sorted(name for name in (_metadata(folder) if folder else ()) if name.partition("-")[0] == library)
        found += own or [f"{library} {spec.origin if spec else ''}"]
    return [*found, sys.version, unidata_version]


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
