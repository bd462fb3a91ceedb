"""Similar figures computed by worker processes, and what a build remembers of neighbours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from builder import kept
from builder.catalog.former import Memory
from builder.catalog.similar import KeyGenes, SimilarRows, similar_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from builder.catalog.arrays import Longs
    from builder.catalog.partners import Over, PartnerRows
    from builder.workers import Workers

__all__ = ["SimilarTask", "load_memory", "save_memory", "similar_by", "threads"]

ROWS_A_TASK = 4096
THREADS = 2


class SimilarTask(msgspec.Struct, frozen=True):
    """Some figures to find similar ones for; plain data."""

    path: str
    """File of the key genes."""
    rows: bytes
    """The figures, int64."""
    genes: int


class _Keys(msgspec.Struct, array_like=True):
    """Key genes as a file holds them."""

    figure: bytes
    gene: bytes
    weight: bytes
    start: bytes
    length: bytes


@lru_cache(maxsize=1)
def _open_keys(path: str) -> KeyGenes:
    """The key genes in a file; a worker opens it once."""
    k = msgspec.msgpack.decode(Path(path).read_bytes(), type=_Keys)
    numbers = (np.frombuffer(k.weight, np.int64), np.frombuffer(k.start, np.int64), np.frombuffer(k.length, np.int64))
    return KeyGenes(np.frombuffer(k.figure, np.int32), np.frombuffer(k.gene, np.int32), *numbers)


def find_similar(task: SimilarTask) -> tuple[bytes, ...]:
    """The columns of ``SimilarRows``, int64."""
    found = similar_rows(_open_keys(task.path), np.frombuffer(task.rows, np.int64), task.genes)
    return tuple(column.astype(np.int64).tobytes() for column in found)


def similar_by(workers: Workers, cache: Path) -> Callable[[KeyGenes, Longs, int], Callable[[], SimilarRows]]:
    """A function that begins to find similar figures in worker processes where there are many to find.

    Args:
        workers: run batches.
        cache: the cache folder, through which workers get the key genes.
    """

    def begin(keys: KeyGenes, rows: Longs, genes: int) -> Callable[[], SimilarRows]:
        if workers.jobs == 1 or len(rows) <= ROWS_A_TASK:
            return lambda: similar_rows(keys, rows, genes)
        path = kept.handed(cache, "keys")
        columns = (
            keys.figure.astype(np.int32), keys.gene.astype(np.int32), keys.weight.astype(np.int64),
            keys.start.astype(np.int64), keys.length.astype(np.int64),
        )  # fmt: skip
        kept.write(path, msgspec.msgpack.encode(_Keys(*(c.tobytes() for c in columns))))
        parts = (rows[i : i + ROWS_A_TASK] for i in range(0, len(rows), ROWS_A_TASK))
        running = workers.run(find_similar, [SimilarTask(str(path), p.tobytes(), genes) for p in parts], small=False)

        def wait() -> SimilarRows:
            try:
                found = list(running)
            finally:
                path.unlink(missing_ok=True)
            columns = (b"".join(column) for column in zip(*found, strict=True))
            return SimilarRows(*(np.frombuffer(column, np.int64) for column in columns))

        return wait

    return begin


def threads(workers: Workers) -> Over:
    """What computes the partners of several blocks of genes at once, where more than one process may work.

    Two are enough beside the workers; each more would hold another block of pairs in memory.
    """
    if workers.jobs == 1:
        return map

    def over(function: Callable[[Longs], PartnerRows], blocks: Sequence[Longs]) -> list[PartnerRows]:
        if len(blocks) < THREADS:
            return list(map(function, blocks))
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(function, blocks))

    return over


def load_memory(path: Path, version: bytes) -> Memory | None:
    """What the build before left to know of neighbours; None if it is of another program, damaged or not there."""
    memory: Memory | None = kept.load(path, Memory, version)
    return memory


def save_memory(path: Path, version: bytes, memory: Memory) -> None:
    """Leave for the next build what this one knows of neighbours."""
    kept.leave(path, memory, version)
