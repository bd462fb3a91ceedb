"""Licences that records call by their names.

Source: https://creativecommons.org/licenses/
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["license_address", "license_name"]

_LICENSE = re.compile(
    r"CC-?(?:(0)(?:-V?1\.0)?(?:-UNIVERSAL)?|(BY(?:-NC)?(?:-(?:SA|ND))?)(?:-V?(1\.0|2\.[05]|3\.0|4\.0)(?:-(?:INTERNATIONAL|UNPORTED))?)?)\Z"
)
"""Names of the licences of Creative Commons, in capitals with a hyphen between their parts."""
_ADDRESS = re.compile(
    r"https?://creativecommons\.org/(?:publicdomain/(zero|mark)|licenses/(by(?:-nc)?(?:-(?:sa|nd))?))/([1-4]\.[05])(?:/|/deed.*|/legalcode.*)?\Z",
    re.IGNORECASE,
)
"""Addresses of those."""


@lru_cache(maxsize=256)
def license_address(name: str) -> str:
    """Address of a licence that is called by its name, as ``CC0``, ``CC BY-NC 4.0``, ``CC-BY``; empty for any other."""
    found = _LICENSE.match(re.sub(r"[\s_-]+", "-", name.strip().upper()))
    if found is None:
        return ""
    if found[1]:
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return f"https://creativecommons.org/licenses/{found[2].lower()}/{found[3] or '4.0'}/"


@lru_cache(maxsize=256)
def license_name(address: str) -> str:
    """Name of a licence given by its address, as ``CC BY-NC 4.0``; of any other the address without ``https://``."""
    found = _ADDRESS.match(address)
    if found is None:
        return address.split("://", 1)[-1].rstrip("/")
    if found[1]:
        return f"CC0 {found[3]}" if found[1].lower() == "zero" else f"Public Domain Mark {found[3]}"
    return f"CC {found[2].upper()} {found[3]}"
