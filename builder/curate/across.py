"""The rules for curators that records can only break together: genes and images that two of them tell differently."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from builder.curate.figure import is_number
from builder.curate.notes import Note, shown
from builder.names import fold, is_pmc
from builder.vocabulary import join

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from builder.read.facts import Facts

__all__ = ["Finding", "notes_across"]


class Finding(NamedTuple):
    """A note on one of several records."""

    name: str
    """Of the record to blame."""
    note: Note
    other: str = ""
    """Name of the other record, which is told behind the message; empty where none is to be named."""
    rest: str = ""
    """What is told behind that."""


class _Gene(NamedTuple):
    """A gene as records write it."""

    ncbi: str
    symbol: str
    organism: str


class _Genes:
    """The distinct genes of all records, how often each is mentioned, and in which record first."""

    def __init__(self, buckets: Sequence[Facts]) -> None:
        texts, _, self._maps = join([c.genes for c in buckets])
        self._buckets = buckets
        self.genes = [_Gene(*t.split("\0")) for t in texts]
        self.mentions = np.zeros(len(texts), np.int64)
        for numbers, facts in zip(self._maps, buckets, strict=True):
            self.mentions[numbers] += np.frombuffer(facts.mentions, np.int32)

    def first_record(self, gene: int) -> str:
        """Name of the first record that mentions a gene, in the order of names."""
        found: list[str] = []
        for numbers, facts in zip(self._maps, self._buckets, strict=True):
            places = np.frombuffer(facts.first, np.int32)[numbers == gene]
            found += [facts.name[i] for i in places.tolist()]
        return min(found)


def _conflicts(
    genes: _Genes, key: Callable[[_Gene], tuple[str, str]], value: Callable[[_Gene], str]
) -> Iterator[tuple[int, int]]:
    """Pairs of a gene and the one that most mentions of the same key speak of, where their values differ."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, gene in enumerate(genes.genes):
        if all(key(gene)) and value(gene):
            groups[key(gene)].append(i)
    for group in groups.values():
        if len({value(genes.genes[i]) for i in group}) > 1:
            best = min(group, key=lambda i: (-genes.mentions[i], len(value(genes.genes[i])), value(genes.genes[i])))
            yield from ((i, best) for i in group if value(genes.genes[i]) != value(genes.genes[best]))


def _count(genes: _Genes, gene: int) -> str:
    count = int(genes.mentions[gene])
    return f"{count:,} mention{'' if count == 1 else 's'}"


def _gene_notes(buckets: Sequence[Facts], rules: frozenset[str], organism: str) -> Iterator[Finding]:
    """Symbols with two ids, and ids with two symbols; the rarer reading is blamed, where it first stands."""
    genes = _Genes(buckets)

    def place(gene: _Gene) -> str:
        return fold(gene.organism or organism)

    if "symbol-two-ids" in rules:
        for i, best in _conflicts(genes, lambda g: (g.symbol, place(g)), lambda g: g.ncbi if is_number(g.ncbi) else ""):
            gene, other = genes.genes[i], genes.genes[best]
            found = f"found the symbol '{shown(gene.symbol)}' with the id '{shown(gene.ncbi)}' in {_count(genes, i)}"
            message = f"{found}, expected '{shown(other.ncbi)}' as in {_count(genes, best)}"
            yield Finding(genes.first_record(i), Note("symbol-two-ids", message, "genes", "entrez", gene.ncbi))
    if "id-two-symbols" in rules:
        for i, best in _conflicts(genes, lambda g: (g.ncbi, place(g)), lambda g: g.symbol):
            gene, other = genes.genes[i], genes.genes[best]
            found = f"found the id '{shown(gene.ncbi)}' with the symbol '{shown(gene.symbol)}' in {_count(genes, i)}"
            message = f"{found}, expected '{shown(other.symbol)}' as in {_count(genes, best)}"
            yield Finding(genes.first_record(i), Note("id-two-symbols", message, "genes", "hgnc_symbol", gene.symbol))


def _images(buckets: Sequence[Facts]) -> Iterator[Finding]:
    """Images that two records of a paper name."""
    first: dict[tuple[str, str], str] = {}
    rows = ((c.name[i], c.pmcid[i], c.filename[i]) for c in buckets for i in range(len(c.name)) if c.filename[i])
    for name, pmcid, filename in sorted(rows):
        owner = first.setdefault((pmcid, filename), name)
        if owner != name:
            message = f"found the image '{shown(filename)}', expected it in one record of {shown(pmcid)}; "
            yield Finding(name, Note("image-twice", message, "filename"), owner, " names it too")


def _missing(buckets: Sequence[Facts], images: Collection[str]) -> Iterator[Finding]:
    """Images that neither the site has nor PubMed Central can have."""
    # By the name without its ending: capitals and endings are what is mistaken, and there may be many of both.
    own = {fold(name.rpartition(".")[0]): name for name in images}
    rows = (r for c in buckets for r in zip(c.name, c.pmcid, c.filename, strict=True))
    for name, pmcid, filename in rows:
        if filename and filename not in images and not is_pmc(pmcid):
            close = own.get(fold(filename.rpartition(".")[0]), "")
            hint = f"; did you mean '{shown(close)}'?" if close else f": '{shown(pmcid)}' is no paper of PubMed Central"
            message = f"found the image '{shown(filename)}', expected a file of that name in images/{hint}"
            yield Finding(name, Note("image-missing", message, "filename"))


def notes_across(
    buckets: Sequence[Facts], rules: frozenset[str], organism: str, images: Collection[str] | None = None
) -> list[Finding]:
    """What is odd between records, by the rules that are not silent.

    Args:
        buckets: facts of all records.
        rules: names of the rules that are not silent.
        organism: that of genes which name none.
        images: names of the site's own; None where those of other figures may be anywhere.
    """
    out: list[Finding] = []
    if not rules.isdisjoint({"symbol-two-ids", "id-two-symbols"}):
        out += _gene_notes(buckets, rules, organism)
    if "image-twice" in rules:
        out += _images(buckets)
    if "image-missing" in rules and images is not None:
        out += _missing(buckets, images)
    return out
