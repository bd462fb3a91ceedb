"""What a check compares between records, bucket by bucket.

A check makes no page, so it asks for none of the columns that lists, tables and the search are made of.
"""

from __future__ import annotations

from array import array
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from builder.model import Packed
from builder.problems import Problem
from builder.read.addresses import address_columns
from builder.vocabulary import pack

if TYPE_CHECKING:
    from builder.read.bucket import Opened

__all__ = ["Facts", "facts_of"]


class Facts(msgspec.Struct, array_like=True):
    """The facts of a bucket's good records that other records can contradict, column by column."""

    name: list[str]
    figid: list[str]
    alias: list[str]
    pmcid: list[str]
    paper: list[str]
    """Title of the paper."""
    year: list[str]
    doi: list[str]
    filename: list[str]
    redirects: list[tuple[str, ...]]
    genes: Packed
    """NCBI Gene id, symbol and organism of the genes of this bucket, with a NUL between them."""
    mentions: bytes
    """Mentions of each gene, int32."""
    first: bytes
    """The record that mentions each gene and whose name comes first, by its place in the columns, int32."""
    problems: list[Problem]
    """Of all records of the bucket, good and bad."""
    bad: list[tuple[str, str]]
    """Name and figid of records that have an error."""
    page_keys: bytes
    """As ``address_columns`` has them, likewise the next two."""
    alias_keys: bytes
    stub_keys: bytes


def facts_of(opened: Opened) -> Facts:
    """The facts of a bucket."""
    found = opened.figures()
    names = [s.name for s, _ in found]
    figures = [f for _, f in found]
    genes = [[(g.ncbi, g.symbol, g.organism) for g in f.genes] for f in figures]
    mentions = Counter(chain.from_iterable(genes))
    first: dict[tuple[str, str, str], int] = {}
    for i in sorted(range(len(names)), key=names.__getitem__, reverse=True):
        first.update(dict.fromkeys(genes[i], i))
    good = set(names)
    return Facts(
        name=names,
        figid=[f.figid for f in figures],
        alias=[f.alias for f in figures],
        pmcid=[f.pmcid for f in figures],
        paper=[f.paper for f in figures],
        year=[f.year for f in figures],
        doi=[f.doi for f in figures],
        filename=[f.filename for f in figures],
        redirects=[f.redirects for f in figures],
        genes=pack(map("\0".join, mentions)),
        mentions=array("i", mentions.values()).tobytes(),
        first=array("i", map(first.__getitem__, mentions)).tobytes(),
        problems=[p for s in opened.stored for p in s.problems],
        bad=[(s.name, s.figid) for s in opened.stored if s.name not in good],
        **address_columns(figures),
    )
