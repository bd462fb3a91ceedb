"""The JSON files that PFOCR's users fetch, in the shapes of PFOCR's own.

Source: the folder ``json`` of github.com/wikipathways/pfocr-database. ``getFigureInfo.json`` is made of parts
(``builder/publish/parts.py``).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from builder.names import HUMAN, fold, is_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from builder.catalog.catalog import Catalog

__all__ = ["counts", "figures_by_organism", "gene_organisms", "organism_list"]

_encode = msgspec.json.Encoder().encode


def gene_organisms(catalog: Catalog, default_organism: str) -> dict[str, NDArray[np.bool_]]:
    """For each organism of genes, which figures show one."""
    genes = catalog.genes
    owners = np.array([o or default_organism for o in genes.organism], object)
    shown: dict[str, NDArray[np.bool_]] = {}
    # Genes of one organism stand together; the default organism may be named or not.
    first = np.flatnonzero(owners[1:] != owners[:-1]) + 1 if len(owners) else np.zeros(0, np.int64)
    bounds = [0, *first.tolist(), len(owners)] if len(owners) else []
    for a, b in pairwise(bounds):
        seen = shown.setdefault(owners[a], np.zeros(len(catalog.figures), bool))
        seen[genes.pair_figure[genes.start[a] : genes.start[b]]] = True
    return shown


def counts(
    catalog: Catalog,
    default_organism: str,
    shown: dict[str, NDArray[np.bool_]],
    rows: dict[str, int],
    ids: Sequence[int],
) -> bytes:
    """``getCounts.json``.

    Args:
        catalog: the collection.
        default_organism: organism of genes that name none.
        shown: which figures show a gene of each organism.
        rows: rows of each table, by its name.
        ids: distinct chemicals by MeSH and ChEBI, diseases by MeSH and Disease Ontology.
    """
    figures, genes = catalog.figures, catalog.genes
    human = np.flatnonzero(shown[HUMAN]).tolist() if HUMAN in shown else []
    numbered = list(map(is_number, genes.ncbi))
    data = {
        "figures": len(figures),
        "papers": len(catalog.papers),
        "human_figures": len(human),
        "human_papers": len({figures.pmcid[i] for i in human}),
        "organisms_by_ner": len(shown),
        "organisms_by_annotation": len(catalog.organisms),
        "ncbigenes": int(np.array(numbered, bool)[genes.mention_gene].sum()) if numbered else 0,
        "ncbigenes_unique": sum(numbered),
        "human_ncbigenes_unique": sum(
            n for n, o in zip(numbered, genes.organism, strict=True) if (o or default_organism) == HUMAN
        ),
        "chemicals": rows["chemicals"],
        "chemicals_unique_mesh": ids[0],
        "chemicals_unique_chebi": ids[1],
        "diseases": rows["diseases"],
        "diseases_unique_mesh": ids[2],
        "diseases_unique_doid": ids[3],
    }
    return _encode(data) + b"\n"


def organism_list(catalog: Catalog, shown: dict[str, NDArray[np.bool_]]) -> bytes:
    """``listOrganisms.json``: organisms of genes, and those that records name."""
    by_ner = [
        {"organism_id": o.ncbi if o else "", "organism_name": name, "organism_group": o.group if o else ""}
        for name in sorted(shown)
        for o in (catalog.known.get(fold(name)),)
    ]
    return _encode({"organisms_by_ner": by_ner, "organisms_by_annotation": sorted(catalog.organisms)}) + b"\n"


def figures_by_organism(catalog: Catalog, order: Sequence[int]) -> bytes:
    """``listFiguresByOrganism.json``: the figids of each organism that records name.

    Args:
        catalog: the collection.
        order: its figures in the order of figids.
    """
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    entries = [_encode({"figid": catalog.figures.figid[i]}) for i in order]
    organisms = [
        b'{"latin":%s,"common":%s,"figures":[%s]}'
        % (
            _encode(name.replace(" ", "_")),
            _encode(known.common if (known := catalog.known.get(fold(name))) and known.common else name),
            b",".join([entries[k] for k in np.sort(rank[catalog.organisms[name]]).tolist()]),
        )
        for name in sorted(catalog.organisms)
    ]
    return b'{"organisms":[\n' + b",\n".join(organisms) + b"\n]}\n"
