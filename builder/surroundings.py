"""Find templates, assets and program, and work out what every page depends on."""

from __future__ import annotations

import json
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import frontmatter
import msgspec
import yaml
from zlib_ng import zlib_ng

from builder import __version__
from builder.plan.digest import digest, tree_digest
from builder.problems import BuildError

if TYPE_CHECKING:
    from builder.read.settings import Settings

__all__ = ["Program", "program", "program_version", "reader_version", "site_seed", "this_year"]

PACKAGE = Path(__file__).parent
READER_MODULES = ("model.py", "names.py", "problems.py", "vocabulary.py", "kept.py")


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


@lru_cache(maxsize=1)
def reader_version() -> str:
    """Changes when records would be read differently: code of the reader, PyYAML, python-frontmatter."""
    own = [(PACKAGE / name).read_bytes() for name in READER_MODULES]
    libraries = (yaml.__version__, getattr(frontmatter, "__version__", ""))
    return digest(own, tree_digest(PACKAGE / "read", (".py",)), libraries).hex()


@lru_cache(maxsize=1)
def program_version() -> bytes:
    """Changes when the program does, or the library that packs downloads."""
    return digest(__version__, tree_digest(PACKAGE, (".py",)), zlib_ng.ZLIBNG_RUNTIME_VERSION)


@lru_cache(maxsize=1)
def this_year() -> int:
    """The current year, in UTC: a check tells of years to come, and its findings hold for this one."""
    return time.gmtime().tm_year


def site_seed(settings: Settings, assets: dict[str, str], pages: list[tuple[str, str]]) -> bytes:
    """Changes when every page may: settings, templates, assets, names of text pages, program."""
    own = program()
    settings = msgspec.structs.replace(settings, rules={}, known_organisms=())  # what a check tells is on no page
    return digest(program_version(), tree_digest(own.templates, (".html",)), settings, assets, pages)
