"""Which addresses records want, as numbers: of a hundred thousand, those that meet are found without reading a text."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from builder.names import fold_all, stub_paths
from builder.urls import figure_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from builder.model import Figure

__all__ = ["address_columns", "path_keys"]


def path_keys(paths: Sequence[str]) -> bytes:
    """A hash of each path as it is compared with others, uint64: equal where two would be one file somewhere."""
    from builder.vocabulary import pack  # noqa: PLC0415 - slow to load, and not always needed

    return pack(fold_all(paths)).hashes


def _page_keys(figids: Iterable[str]) -> bytes:
    """Keys of the pages that figures of some ids have, or would have."""
    return path_keys([figure_path(figid) for figid in figids])


def address_columns(figures: Sequence[Figure]) -> dict[str, bytes]:
    """Keys of the addresses of some figures.

    Returns:
        ``page_keys``: of the page of each; ``alias_keys``: of the page that its other identifier would have; and
        ``stub_keys``: of its redirects, those of one figure after those of another.
    """
    addresses = list(chain.from_iterable(f.redirects for f in figures))
    return {
        "page_keys": _page_keys(f.figid for f in figures),
        "alias_keys": _page_keys(f.alias for f in figures),
        "stub_keys": path_keys(stub_paths(addresses)),
    }
