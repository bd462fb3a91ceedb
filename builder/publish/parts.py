"""What some hundred figures contribute to the downloads: made in one pass, in a worker.

Where a part ends depends on the figids alone, so that a later build makes anew only the parts with a change in them.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, pairwise, repeat
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from builder.catalog.arrays import unique
from builder.names import DEMONSTRATION, is_number, leads_to
from builder.plan.facts import ConceptEntry
from builder.publish.cells import guarded, guarded_lines
from builder.publish.deflate import pack_part
from builder.publish.parquet import Column, row_group, stored, text_column
from builder.publish.pieces import Made, save_pieces
from builder.publish.rdf import concept_name, concept_turtle, figure_turtle, gene_turtle
from builder.read.card import CHEMICAL_COLUMNS, DISEASE_COLUMNS, FIGURE_COLUMNS
from builder.read.record import forget
from builder.render.atlas import address
from builder.urls import Urls, bare_doi, doi_href, figure_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from builder.catalog.arrays import Longs

__all__ = ["GENES_A_SET", "GenesTask", "PartTask", "Vocabulary", "make_genes", "make_part"]

GENES_A_SET = 3
"""A gene set of fewer genes cannot be tested for enrichment."""

_UNNUMBERED = 1 << 62
_NUMBER = slice(0, 18)


class Vocabulary(msgspec.Struct, array_like=True):
    """What mentions say by number, and what parts must know of the site."""

    words: list[bytes]
    matches: list[bytes]
    lexicons: list[bytes]
    symbols: list[str]
    """Of each gene; likewise the next three."""
    ncbi: list[str]
    organisms: list[str]
    paths: list[str]
    taxa: dict[str, str]
    """NCBI Taxonomy ids of organisms, by name."""
    chemicals: list[ConceptEntry]
    diseases: list[ConceptEntry]
    url: str
    """Of the site."""
    article_url: str


class PartTask(msgspec.Struct, frozen=True):
    """A part to make."""

    path: str
    """File to leave the pieces in."""
    vocabulary: str
    """File of the vocabulary."""
    figures: bytes
    """Lines of the table of figures; likewise the next two."""
    chemicals: bytes
    diseases: bytes
    counts: bytes
    """Gene mentions of each figure, int32."""
    mentions: list[bytes]
    """Words, matches, lexicons and genes of the mentions, int32."""
    concepts: list[tuple[bytes, bytes]]
    """Of chemicals, then of diseases: mentions of each figure, and what each mention is of, int32."""


class GenesTask(msgspec.Struct, frozen=True):
    """All genes, chemicals and diseases, to be told of in RDF."""

    path: str
    vocabulary: str


class _Names(dict[int, str]):
    """The names of genes in RDF, each made when it is asked for."""

    def __init__(self, v: Vocabulary) -> None:
        self.v = v
        self.urls = Urls(v.url)

    def __missing__(self, gene: int) -> str:
        ncbi = self.v.ncbi[gene]
        page = self.urls.absolute(self.v.paths[gene])
        self[gene] = name = f"ncbigene:{ncbi}" if is_number(ncbi) else f"<{page}#gene>"
        return name


class _Open:
    """A vocabulary as parts use it."""

    def __init__(self, v: Vocabulary) -> None:
        self.v = v
        # Ids of other databases are none of NCBI Gene.
        ids = [n if is_number(n) else "" for n in v.ncbi]
        others = ["" if i else n for i, n in zip(ids, v.ncbi, strict=True)]
        symbols, ncbi, organisms, other = (
            [guarded(t).encode("utf-8", "replace") for t in texts] for texts in (v.symbols, ids, v.organisms, others)
        )
        mentions = (v.words, v.matches, v.lexicons)
        self.cells = (*mentions, list(map(b"\t".join, zip(symbols, ncbi, organisms, other, strict=True))))
        """What the table of gene mentions says, in the order of its columns; a gene is four of them."""
        self.stored = tuple(list(map(stored, texts)) for texts in (*mentions, symbols, ncbi))
        self.organisms, self.organism = text_column(organisms)
        self.others, self.other = text_column(other)
        self.species = list(dict.fromkeys(v.organisms))
        """Of each number of an organism its name."""
        numbers = np.array([int(n[_NUMBER]) if n else _UNNUMBERED for n in ids], np.int64)
        self.rank = np.empty(len(numbers), np.int64)
        self.rank[np.argsort(numbers, kind="stable")] = np.arange(len(numbers))
        """The place of each gene by its NCBI Gene id, as a number; those without one come last."""
        self.named = np.array([bool(n) for n in ids], bool)
        self.names = _Names(v)
        self.urls = self.names.urls
        self.concepts = [
            [concept_name(kind, e.identifiers, self.urls.absolute(e.path)) for e in entries]
            for kind, entries in (("chemicals", v.chemicals), ("diseases", v.diseases))
        ]
        """The names of chemicals and of diseases in RDF."""


@lru_cache(maxsize=1)
def _open(path: str) -> _Open:
    """The vocabulary in a file; a worker opens it once, when it has read its records."""
    forget()
    return _Open(msgspec.msgpack.decode(Path(path).read_bytes(), type=Vocabulary))


def _packed(text: str | bytes, rows: int) -> Made:
    """A piece of a gzip file."""
    part = pack_part(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    return Made(part.data, rows, part.crc, part.length)


def _table(name: str, lines: bytes) -> dict[str, Made]:
    """Both forms of a table whose lines are there."""
    lines = guarded_lines(lines.decode()).encode()
    rows = [line.split(b"\t") for line in lines.split(b"\n")[:-1]]
    data, group = row_group([text_column(c) for c in zip(*rows, strict=True)]) if rows else (b"", None)
    return {f"{name}.tsv": _packed(lines, len(rows)), f"{name}.parquet": Made(data, len(rows), group=group)}


def _gene_table(
    figids: Sequence[bytes], owner: NDArray[np.int32], columns: Sequence[NDArray[np.int32]], v: _Open
) -> dict[str, Made]:
    """Both forms of the table of gene mentions."""
    *numbers, gene = columns
    counts = np.bincount(owner, minlength=len(figids)).tolist()
    names = chain.from_iterable(map(repeat, figids, counts))
    cells = (map(t.__getitem__, n.tolist()) for t, n in zip(v.cells, columns, strict=True))
    lines = b"\n".join(map(b"\t".join, zip(names, *cells, strict=True)))
    tsv = _packed(lines + b"\n" if lines else b"", len(gene))
    if not len(gene):
        return {"genes.tsv": tsv, "genes.parquet": Made(b"")}
    told = map(Column, v.stored, (*numbers, gene, gene))
    of_genes = (Column(v.organisms, v.organism[gene]), Column(v.others, v.other[gene]))
    data, group = row_group([Column(list(map(stored, figids)), owner), *told, *of_genes])
    return {"genes.tsv": tsv, "genes.parquet": Made(data, len(gene), group=group)}


def _sets(rows: Sequence[dict[str, str]], owner: Longs, gene: Longs, v: _Open) -> Made:
    """Lines of the gene sets of each organism, by organism.

    Args:
        rows: cells of each figure.
        owner: with ``gene``, each gene of each figure once, by figure.
        gene: the genes.
        v: the vocabulary.
    """
    owner, gene = owner[v.named[gene]], gene[v.named[gene]]
    sets = v.organism[gene].astype(np.int64) * len(rows) + owner
    order = np.argsort(sets * len(v.rank) + v.rank[gene])
    sets, gene = sets[order], gene[order]
    ends = np.flatnonzero(np.diff(sets, append=-1)) + 1
    ids = list(map(v.v.ncbi.__getitem__, gene.tolist()))
    lines: dict[str, list[str]] = {}
    first = 0
    for last, number in zip(ends.tolist(), sets[ends - 1].tolist(), strict=True):
        if last - first >= GENES_A_SET:
            organism, figure = divmod(number, len(rows))
            row = rows[figure]
            line = "\t".join((row["figid"], row["title"] or row["figid"], *ids[first:last])) + "\n"
            lines.setdefault(v.species[organism], []).append(line)
        first = last
    return Made(msgspec.msgpack.encode({o: (len(x), "".join(x).encode("utf-8", "replace")) for o, x in lines.items()}))


def _information(rows: Sequence[dict[str, str]], seen: Sequence[Sequence[str]], v: _Open) -> Made:
    """Entries of ``getFigureInfo.json``; the names are those of PFOCR's file."""
    entries = [
        msgspec.json.encode({
            "figid": r["figid"],
            "url": v.urls.absolute(figure_path(r["figid"])),
            "pmcid": r["pmcid"],
            "number": r["number"],
            "figtitle": r["title"],
            "year": r["year"],
            "organisms": r["organisms"].replace("|", ", "),
            "organisms_ner": ", ".join(names),
        })
        for r, names in zip(rows, seen, strict=True)
    ]  # fmt: skip
    return Made(b",\n".join(entries), len(entries))


def _concepts(counts: bytes, concepts: bytes, names: Sequence[str]) -> Iterator[list[str]]:
    """The chemicals or diseases that each figure mentions, by their names in RDF."""
    ends = np.cumsum(np.frombuffer(counts, np.int32)).tolist()
    told = list(map(names.__getitem__, np.frombuffer(concepts, np.int32).tolist()))
    return (told[a:b] for a, b in pairwise((0, *ends)))


def _turtle(task: PartTask, rows: Sequence[dict[str, str]], genes: Sequence[Sequence[int]], v: _Open) -> Made:
    """The figures in RDF."""
    told = (_concepts(*own, names) for own, names in zip(task.concepts, v.concepts, strict=True))
    out = []
    for row, own, chemicals, diseases in zip(rows, genes, *told, strict=True):
        page = v.urls.absolute(figure_path(row["figid"]))
        pmcid = row["pmcid"]
        known = row["figtype"] != DEMONSTRATION and leads_to(v.v.article_url, pmcid)
        at = address(v.v.article_url, pmcid=pmcid) if known else ""
        article = v.urls.paper(pmcid, doi_href(bare_doi(row["doi"])), at)
        mentions = dict.fromkeys((*map(v.names.__getitem__, own), *chemicals, *diseases))
        out.append(figure_turtle(row["uri"] or page + "#dataset", page, article, row, mentions))
    return _packed("".join(out), len(out))


def _gathered(task: PartTask) -> Made:
    """The distinct identifiers of chemicals, then of diseases: of MeSH, then of the other vocabulary."""
    found = [
        sorted(set(map(itemgetter(k), rows)) - {""})
        for lines, columns in ((task.chemicals, CHEMICAL_COLUMNS), (task.diseases, DISEASE_COLUMNS))
        for rows in ([line.split("\t") for line in lines.decode().split("\n")[:-1]],)
        for k in (columns.index("mesh"), columns.index("mesh") + 1)
    ]
    return Made(msgspec.msgpack.encode(found))


def make_part(task: PartTask) -> None:
    """Make what some figures contribute to every download, and leave it in the cache.

    Raises:
        BuildError: if the cache folder cannot be written.
    """
    v = _open(task.vocabulary)
    lines = task.figures.decode().split("\n")[:-1]
    rows = [dict(zip(FIGURE_COLUMNS, line.split("\t"), strict=True)) for line in lines]
    figids = [guarded(r["figid"]).encode() for r in rows]
    owner = np.repeat(np.arange(len(rows), dtype=np.int32), np.frombuffer(task.counts, np.int32))
    columns = [np.frombuffer(c, np.int32) for c in task.mentions]
    count = max(len(v.v.symbols), 1)
    pairs = unique(owner.astype(np.int64) * count + columns[-1])
    figure, gene = pairs // count, pairs % count
    start = np.searchsorted(figure, np.arange(len(rows) + 1)).tolist()
    genes = [gene[a:b].tolist() for a, b in pairwise(start)]
    seen = [dict.fromkeys(map(v.v.organisms.__getitem__, own)) for own in genes]
    save_pieces(Path(task.path), {
        **_table("figures", task.figures),
        **_gene_table(figids, owner, columns, v),
        **_table("chemicals", task.chemicals),
        **_table("diseases", task.diseases),
        "sets": _sets(rows, figure, gene, v),
        "information": _information(rows, [list(s) for s in seen], v),
        "turtle": _turtle(task, rows, genes, v),
        "gathered": _gathered(task),
    })  # fmt: skip


def make_genes(task: GenesTask) -> None:
    """Make what all genes, chemicals and diseases contribute to the RDF, and leave it in the cache.

    Raises:
        BuildError: if the cache folder cannot be written.
    """
    v = _open(task.vocabulary)
    taxa = v.v.taxa
    text = "".join(
        gene_turtle(
            v.names[i],
            symbol,
            ncbi,
            organism,
            taxa.get(organism, ""),
            v.urls.absolute(path),
        )
        for i, (symbol, ncbi, organism, path) in enumerate(
            zip(v.v.symbols, v.v.ncbi, v.v.organisms, v.v.paths, strict=True)
        )
    )
    text += "".join(
        concept_turtle(name, kind, e.name, e.identifiers)
        for kind, entries, names in zip(
            ("chemicals", "diseases"), (v.v.chemicals, v.v.diseases), v.concepts, strict=True
        )
        for e, name in zip(entries, names, strict=True)
    )
    save_pieces(Path(task.path), {"turtle": _packed(text, len(v.v.symbols))})
