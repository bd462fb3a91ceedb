"""Sparse matrices of SciPy, loaded without the parts of NumPy that nobody here asks for.

SciPy's layer for other arrays copies every name of NumPy, and so has NumPy load its parts that wait to be asked for:
f2py, testing, polynomials. They take four times as long as SciPy's matrices, and a build after an edit has no second to
spare. What is hidden while SciPy loads is there again afterwards, and comes as always when somebody asks for it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["sparse"]


@contextmanager
def _arrays_alone() -> Iterator[None]:
    """NumPy tells of no part that is not loaded."""
    numpy: Any = np
    names, listing = numpy.__all__, numpy.__dir__
    waiting = {n for n in getattr(numpy, "__numpy_submodules__", ()) if n not in vars(numpy)}
    numpy.__all__ = [n for n in names if n not in waiting]
    numpy.__dir__ = lambda: [n for n in listing() if n not in waiting]
    try:
        yield
    finally:
        numpy.__all__, numpy.__dir__ = names, listing


with _arrays_alone():
    from scipy import sparse
