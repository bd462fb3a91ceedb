"""Licences that records call by their names.

Source: https://creativecommons.org/licenses/
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["license_address"]

_LICENSE = re.compile(
    r"CC-?(?:(0)(?:-V?1\.0)?(?:-UNIVERSAL)?|(BY(?:-NC)?(?:-(?:SA|ND))?)(?:-V?(1\.0|2\.[05]|3\.0|4\.0)(?:-(?:INTERNATIONAL|UNPORTED))?)?)\Z"
)
"""Names of the licences of Creative Commons, in capitals with a hyphen between their parts."""


@lru_cache(maxsize=256)
def license_address(name: str) -> str:
    """Address of a licence that is called by its name, as ``CC0``, ``CC BY-NC 4.0``, ``CC-BY``; empty for any other."""
    found = _LICENSE.match(re.sub(r"[\s_-]+", "-", name.strip().upper()))
    if found is None:
        return ""
    if found[1]:
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return f"https://creativecommons.org/licenses/{found[2].lower()}/{found[3] or '4.0'}/"
