"""What a build is asked for, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from builder.problems import Problem, failures

if TYPE_CHECKING:
    from builder.publishing import Site

__all__ = ["Options", "Publication", "Result"]


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    source: Path = Path("site_src")
    out: Path = Path("_site")
    cache: Path = Path(".cache")
    url: str | None = None
    jobs: int | None = None
    strict: bool = False
    keep_going: bool = False
    clean: bool = False
    fix: bool = False
    """Of a check: mend what is certain first."""


@dataclass
class Publication:
    """What a build did to the output folder."""

    written: int = 0
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Paths that were written."""


@dataclass
class Result:
    """What a build or a check came to."""

    problems: list[Problem] = field(default_factory=list)
    published: Publication | None = None
    """None if nothing was written."""
    figures: int = 0
    genes: int = 0
    fixed: list[str] = field(default_factory=list)
    """Files that a check mended."""
    parsed: int = 0
    """Records that were parsed, not taken from the cache."""
    seconds: float = 0.0
    url: str = ""
    """Address of the site, of a build."""
    license: str = ""
    """Licence under which a build publishes data because the settings name none."""
    site: Site | None = None
    """The site as it was planned; None if there was nothing to do."""

    @property
    def exit_code(self) -> int:
        """0 if there is no error."""
        return 1 if failures(self.problems) else 0
