"""What the names in a record stand for: lexicons, vocabularies, organisms, identifiers.

Identifier addresses follow the prefixes of Bioregistry (ncbigene, hgnc, mesh, doid, taxonomy,
wikipathways, ndex).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.names import NDEX, WPID, is_number
from builder.read.tables import identifiers
from builder.urls import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "LEXICONS",
    "UNKNOWN_LEXICON",
    "concept_address",
    "hgnc_href",
    "lexicon",
    "ncbi_gene_href",
    "ndex_href",
    "vocabulary",
    "wikipathways_href",
]

LEXICONS = {
    "hgnc_symbol": "symbol at HGNC",
    "hgnc_alias_symbol": "alias at HGNC",
    "hgnc_prev_symbol": "previous symbol at HGNC",
    "bioentities_symbol": "family in Bioentities",
    "famplex_relations": "family in FamPlex",
    "ncbigene_symbol": "symbol at NCBI Gene",
    "ncbigene_synonym": "synonym at NCBI Gene",
}
"""Id of a lexicon in a record -> what a match in it is. No two alike: the script finds the id by the words
(``static/js/lexicons.js``, which also has the sentence that explains each)."""

UNKNOWN_LEXICON = "lexicon not named"
"""What pages say where a record names no lexicon."""

BIOREGISTRY = "https://bioregistry.io/"
"""Resolves compact identifiers: ``mesh:D002118``, ``doid:162``, ``chebi:9168``."""


_OTHERS = {
    "cas": "CAS", "chembl.compound": "ChEMBL", "drugbank": "DrugBank", "efo": "EFO", "hmdb": "HMDB", "hp": "HPO",
    "inchikey": "InChIKey", "kegg.compound": "KEGG", "lipidmaps": "LIPID MAPS", "mondo": "Mondo",
    "ncit": "NCI Thesaurus",
    "omim": "OMIM", "pubchem.compound": "PubChem", "umls": "UMLS", "unii": "UNII",
}  # fmt: skip
"""Other vocabularies of chemicals and diseases, by their prefixes at Bioregistry (https://bioregistry.io/registry)."""
_SHORT = {"pubchem": "pubchem.compound", "chembl": "chembl.compound", "hpo": "hp"}
"""What those are called by others."""
_COMPOUND = re.compile(r"kegg:(?=C[0-9]{5}\Z)", re.IGNORECASE)
"""What KEGG has of compounds, beside pathways, drugs and diseases."""
_WHOLE = frozenset({"efo", "hp", "mondo", "ncit"})
"""Those whose users write the prefix, in capitals."""
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def lexicon(source: str) -> str:
    """What a match in a lexicon is; an unknown one is named as the record does."""
    return LEXICONS.get(source, source)


def ncbi_gene_href(ncbi: str) -> str:
    """Address of a gene at NCBI; empty for what is no NCBI Gene id."""
    return f"https://www.ncbi.nlm.nih.gov/gene/{ncbi}" if is_number(ncbi) else ""


def hgnc_href(symbol: str) -> str:
    """Address of the symbol report at HGNC."""
    return f"https://www.genenames.org/data/gene-symbol-report/#!/symbol/{quoted(symbol, '@-._')}"


def wikipathways_href(wpid: str) -> str:
    """Address of a pathway at WikiPathways; empty for what is no WikiPathways id."""
    return f"https://www.wikipathways.org/pathways/{wpid}.html" if WPID.fullmatch(wpid) else ""


def ndex_href(ndex: str) -> str:
    """Address of a network at NDEx; empty for what is no UUID."""
    return f"https://www.ndexbio.org/viewer/networks/{ndex}" if NDEX.match(ndex) else ""


def bioregistry(identifier: str) -> str:
    """Address of ``mesh:D002118``, ``CHEBI:9168`` or ``DOID:162`` at Bioregistry, which names it in structured data."""
    prefix, _, local = identifier.partition(":")
    return f"{BIOREGISTRY}{prefix.lower()}:{local}"


def concept_address(kind: str, identifiers: Sequence[str], page: str) -> str:
    """What names a chemical or disease in structured data: its address at Bioregistry, or else one in its page.

    Args:
        kind: ``chemicals`` or ``diseases``.
        identifiers: as ``Concepts.identifiers`` has them.
        page: address of its page.
    """
    return next(filter(None, (vocabulary(i)[2] for i in identifiers)), f"{page}#{kind[:-1]}")


def vocabulary(identifier: str) -> tuple[str, str, str]:
    """Vocabulary, identifier as its users write it, and address for a compact identifier; else it alone."""
    own = identifiers("", identifier)
    if own.mesh:
        return "MeSH", own.mesh, bioregistry(f"mesh:{own.mesh}")
    if known := own.chebi or own.doid:
        return "ChEBI" if own.chebi else "Disease Ontology", known, bioregistry(known)
    prefix, _, local = _COMPOUND.sub("kegg.compound:", identifier).partition(":")
    prefix = _SHORT.get(prefix.lower(), prefix.lower())
    local = re.sub(rf"\A{re.escape(prefix)}[_:]", "", local, flags=re.IGNORECASE)  # ``EFO:EFO_0000311``
    if (name := _OTHERS.get(prefix)) and _LOCAL.fullmatch(local):
        return name, f"{prefix.upper()}:{local}" if prefix in _WHOLE else local, bioregistry(f"{prefix}:{local}")
    return "", identifier, ""
