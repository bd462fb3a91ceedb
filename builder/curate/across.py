"""The rules for curators that records break together: genes, papers and images that two of them tell differently."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from builder.curate.figure import is_number
from builder.curate.notes import Note, shown
from builder.names import fold, is_pmc, year_number
from builder.urls import bare_doi
from builder.vocabulary import join

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

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
    place: str
    """The organism, by which genes are told apart."""


class _Genes:
    """The distinct genes of all records, how often each is mentioned, and in which record first."""

    def __init__(self, buckets: Sequence[Facts], organism: str) -> None:
        """Gather them; ``organism`` is that of genes which name none."""
        texts, _, self._maps = join([c.genes for c in buckets])
        self._buckets = buckets
        rows = (t.split("\0") for t in texts)
        self.genes = [_Gene(ncbi, symbol, own, fold(own or organism)) for ncbi, symbol, own in rows]
        self.mentions = np.zeros(len(texts), np.int64)
        for numbers, facts in zip(self._maps, buckets, strict=True):
            self.mentions[numbers] += np.frombuffer(facts.mentions, np.int32)

    def first_record(self, genes: Collection[int]) -> str:
        """Name of the first record that mentions one of the genes, in the order of names."""
        wanted = np.zeros(len(self.genes), np.bool_)
        wanted[list(genes)] = True
        found: list[str] = []
        for numbers, facts in zip(self._maps, self._buckets, strict=True):
            places = np.frombuffer(facts.first, np.int32)[wanted[numbers]]
            found += [facts.name[i] for i in places.tolist()]
        return min(found)

    def count(self, genes: Collection[int]) -> int:
        """How often genes are mentioned."""
        return int(self.mentions[list(genes)].sum())


class _Conflict(NamedTuple):
    """Genes of one key that say something else than most mentions of it."""

    own: list[int]
    expected: list[int]
    """Those that most mentions speak of."""


def _conflicts(
    genes: _Genes, key: Callable[[_Gene], tuple[str, str]], value: Callable[[_Gene], str]
) -> Iterator[_Conflict]:
    """Genes of the same key whose values differ, value by value; of values as frequent the shorter is expected."""
    groups: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(dict)
    for i, gene in enumerate(genes.genes):
        if all(key(gene)) and value(gene):
            groups[key(gene)].setdefault(value(gene), []).append(i)
    for told in groups.values():
        if len(told) > 1:
            best = min(told, key=lambda v: (-genes.count(told[v]), len(v), v))
            yield from (_Conflict(own, told[best]) for v, own in told.items() if v != best)


def _number(ncbi: str) -> str:
    """An NCBI Gene id; empty for what is none."""
    return ncbi if is_number(ncbi) else ""


def _letters(ncbi: str) -> str:
    """The id of a gene in another database than NCBI Gene, in small letters; empty for others."""
    return "" if is_number(ncbi) else ncbi.casefold()


class _Reading(NamedTuple):
    """What two genes have in common that may be one, and what tells them apart."""

    rule: str
    key: Callable[[_Gene], tuple[str, str]]
    value: Callable[[_Gene], str]
    message: str
    column: str
    """Key of a mention that is blamed,"""
    field: str
    """and what it holds, as a gene has it."""
    beside: tuple[str, str] = ("", "")
    """Another key of the mention, and what it holds."""


_READINGS = (
    _Reading(
        "symbol-two-ids", lambda g: (g.symbol, g.place), lambda g: _number(g.ncbi),
        "found the symbol '{gene.symbol}' with the id '{gene.ncbi}' in {count}, expected '{other.ncbi}' as in {as_in}",
        "entrez", "ncbi", ("hgnc_symbol", "symbol"),
    ),
    _Reading(
        "id-two-spellings", lambda g: (_letters(g.ncbi), g.place), lambda g: g.ncbi,
        "found the id '{gene.ncbi}' in {count}, expected '{other.ncbi}' as in {as_in}: two genes are made",
        "entrez", "ncbi",
    ),
    _Reading(
        "id-two-organisms", lambda g: (_number(g.ncbi), "id"), lambda g: g.place,
        "found the id '{gene.ncbi}' as a gene of {gene.organism} in {count}, expected {other.organism} as in {as_in}",
        "entrez", "ncbi", ("organism", "organism"),
    ),
    _Reading(
        "id-two-symbols", lambda g: (g.ncbi, g.place), lambda g: g.symbol,
        "found the id '{gene.ncbi}' with the symbol '{gene.symbol}' in {count}, expected '{other.symbol}' as in "
        "{as_in}",
        "hgnc_symbol", "symbol", ("entrez", "ncbi"),
    ),
)  # fmt: skip
"""In the order in which they are told."""


def _gene_notes(buckets: Sequence[Facts], rules: frozenset[str], organism: str) -> Iterator[Finding]:
    """Symbols with two ids, ids with two symbols or organisms; the rarer reading is blamed, where it first stands."""
    genes = _Genes(buckets, organism)

    def told(which: Sequence[int]) -> tuple[_Gene, str]:
        gene, count = genes.genes[which[0]], genes.count(which)
        said = gene._replace(organism=gene.organism or organism)
        return _Gene(*map(shown, said)), f"{count:,} mention{'' if count == 1 else 's'}"

    for reading in (r for r in _READINGS if r.rule in rules):
        for own, best in _conflicts(genes, reading.key, reading.value):
            (gene, count), (other, as_in) = told(own), told(best)
            message = reading.message.format(gene=gene, count=count, other=other, as_in=as_in)
            first, (column, field) = genes.genes[own[0]], reading.beside
            beside = (column, getattr(first, field)) if column else ("", "")
            note = Note(reading.rule, message, "genes", reading.column, getattr(first, reading.field), beside)
            # Of an organism that is spelt in several ways the first mention is that of one spelling.
            yield Finding(genes.first_record(own[:1] if column == "organism" else own), note)


AROUND = 40
"""Letters that are shown before those in which two texts differ."""


class _Said(NamedTuple):
    """What a record says of its paper."""

    name: str
    """Of the record."""
    text: str
    known: str
    """The text without what makes no difference."""


def _plain(title: str) -> str:
    """A title without what makes no difference."""
    return " ".join(title.casefold().split()).rstrip(".")


def _differing(text: str, other: str) -> tuple[str, str]:
    """Two texts for a message: of long ones the part in which they begin to differ."""
    at = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    first = max(at - AROUND, 0)
    here, there = (("..." if first else "") + shown(t[first:]) for t in (text, other))
    return here, there


def _disagreements(rows: Iterable[tuple[str, _Said]]) -> Iterator[tuple[str, _Said, _Said]]:
    """By pmcid, what a record says otherwise than most of its paper, and what those say; of as many the first."""
    papers: dict[str, list[_Said]] = defaultdict(list)
    for pmcid, said in rows:
        papers[pmcid].append(said)
    for pmcid, own in papers.items():
        counts = Counter(said.known for said in own)
        if len(counts) > 1:
            own.sort()
            best = max(own, key=lambda said: counts[said.known])
            yield from ((pmcid, said, best) for said in own if said.known != best.known)


def _papers(buckets: Sequence[Facts]) -> Iterator[Finding]:
    """Papers of which records say different things."""
    for key, what, told, known in (
        ("papertitle", "title", [c.paper for c in buckets], _plain),
        ("year", "year", [c.year for c in buckets], lambda text: text if year_number(text) else ""),
        ("doi", "DOI", [c.doi for c in buckets], lambda text: bare_doi(text).casefold()),
    ):
        rows = (r for c, texts in zip(buckets, told, strict=True) for r in zip(c.pmcid, c.name, texts, strict=True))
        says = ((pmcid, _Said(name, text, plain)) for pmcid, name, text in rows if (plain := known(text)))
        for pmcid, said, best in _disagreements(says):
            here, there = _differing(said.text, best.text)
            found = f"found the {what} '{here}' of the paper {shown(pmcid)}"
            note = Note("paper-contradicts", f"{found}, expected '{there}' as in ", key)
            yield Finding(said.name, note, best.name)


def _without_doi(buckets: Sequence[Facts]) -> Iterator[Finding]:
    """Records without the DOI that another of their paper has; there the page has no link to it."""
    given: dict[str, tuple[str, str]] = {}
    rows = [r for c in buckets for r in zip(c.name, c.pmcid, c.doi, strict=True)]
    for name, pmcid, doi in sorted(rows):
        if bare_doi(doi):
            given.setdefault(pmcid, (name, doi))
    for name, pmcid, doi in rows:
        if not bare_doi(doi) and pmcid in given:
            other, expected = given[pmcid]
            message = f"found no DOI of the paper {shown(pmcid)}, expected '{shown(expected)}' as in "
            yield Finding(name, Note("paper-contradicts", message, "pmcid"), other)


def _images(buckets: Sequence[Facts]) -> Iterator[Finding]:
    """Images that two records of a paper name."""
    first: dict[tuple[str, str], str] = {}
    rows = ((c.name[i], c.pmcid[i], c.filename[i]) for c in buckets for i in range(len(c.name)) if c.filename[i])
    for name, pmcid, filename in sorted(rows):
        owner = first.setdefault((pmcid, filename), name)
        if owner != name:
            message = f"found the image '{shown(filename)}', expected it in one record of {shown(pmcid)}; "
            yield Finding(name, Note("image-twice", message, "filename"), owner, " names it too")


def _missing(buckets: Sequence[Facts], images: Collection[str], *, unread: bool) -> Iterator[Finding]:
    """Images that neither the site has nor PubMed Central can have; ``unread`` as in ``notes_across``."""
    # By the name without its ending: capitals and endings are what is mistaken, and there may be many of both.
    own = {fold(name.rpartition(".")[0]): name for name in images}
    rows = (r for c in buckets for r in zip(c.name, c.pmcid, c.filename, strict=True))
    for name, pmcid, filename in rows:
        if filename and filename not in images and not is_pmc(pmcid):
            close = own.get(fold(filename.rpartition("/")[2].rpartition(".")[0]), "")
            hint = f"; did you mean '{shown(close)}'?" if close else f": '{shown(pmcid)}' is no paper of PubMed Central"
            hint = "; that folder is read beside a site.yml or a folder figures/ alone" if unread else hint
            message = f"found the image '{shown(filename)}', expected a file of that name in images/{hint}"
            yield Finding(name, Note("image-missing", message, "filename"))


def notes_across(
    buckets: Sequence[Facts],
    rules: frozenset[str],
    organism: str,
    images: Collection[str] | None = None,
    *,
    unread: bool = False,
) -> list[Finding]:
    """What is odd between records, by the rules that are not silent.

    Args:
        buckets: facts of all records.
        rules: names of the rules that are not silent.
        organism: that of genes which name none.
        images: names of the site's own; None where those of other figures may be anywhere.
        unread: whether there is a folder of images that is not read.
    """
    out: list[Finding] = []
    if not rules.isdisjoint({"symbol-two-ids", "id-two-symbols", "id-two-spellings", "id-two-organisms"}):
        out += _gene_notes(buckets, rules, organism)
    if "paper-contradicts" in rules:
        out += [*_papers(buckets), *_without_doi(buckets)]
    if "image-twice" in rules:
        out += _images(buckets)
    if "image-missing" in rules and images is not None:
        out += _missing(buckets, images, unread=unread)
    return out
