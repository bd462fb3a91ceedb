"""The record: one figure of one paper and what was recognised in it.

Field names are those of the field; the comment names the key of the record where it differs.
All text is text: an absent value is the empty string or the empty tuple, never ``None``.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

__all__ = [
    "BareFigure",
    "ChemicalMention",
    "DiseaseMention",
    "EncodedFigure",
    "Figure",
    "GeneMention",
    "Organism",
    "Packed",
    "Slices",
    "Taxon",
    "Tree",
]

Tree = Any
"""Plain data as front matter gives it: text, lists, and mappings with text keys."""


class GeneMention(msgspec.Struct, frozen=True, array_like=True):
    """One gene that one word of a figure stands for."""

    word: str
    """As OCR read it."""
    match: str
    """Lexicon term that the word matched (record: ``symbol``)."""
    source: str
    """Lexicon of that term: ``hgnc_symbol``, ``hgnc_alias_symbol``, ``bioentities_symbol`` ..."""
    symbol: str
    """Gene symbol (record: ``hgnc_symbol``)."""
    ncbi: str
    """NCBI Gene id (record: ``entrez``); empty if absent."""
    organism: str = ""
    """Latin name; empty for the site's default organism."""


class ChemicalMention(msgspec.Struct, frozen=True, array_like=True):
    """One chemical recognised in a figure."""

    word: str
    source: str
    """Vocabulary of the identifier: ``MESH``, ``CHEBI``."""
    identifier: str
    """``D002784``; empty if absent."""
    name: str = ""
    match: str = ""
    """Lexicon term that the word matched."""
    mesh: str = ""
    """MeSH id (``D002784``); empty if the record gives none."""
    chebi: str = ""
    """ChEBI id (``CHEBI:16113``); empty if the record gives none."""


class DiseaseMention(msgspec.Struct, frozen=True, array_like=True):
    """One disease recognised in a figure."""

    word: str
    source: str
    """Vocabulary of the identifier: ``DOID``, ``MESH``."""
    identifier: str
    name: str = ""
    match: str = ""
    """Lexicon term that the word matched."""
    mesh: str = ""
    """MeSH id (``D009369``); empty if the record gives none."""
    doid: str = ""
    """Disease Ontology id (``DOID:162``); empty if the record gives none."""


def other_id(mention: ChemicalMention | DiseaseMention) -> str:
    """The ChEBI or Disease Ontology id of a mention; empty if it has none."""
    return mention.chebi if isinstance(mention, ChemicalMention) else mention.doid


_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9._-]*:(?!//)")


def compact_identifier(source: str, identifier: str) -> str:
    """An identifier of another vocabulary than ours, with the vocabulary's prefix before it, in small letters.

    ``pubchem:5793`` for ``5793`` of PubChem, and for ``PUBCHEM:5793`` of any. Without a vocabulary it stays as it is.
    """
    if found := _PREFIX.match(identifier):
        return found[0].lower() + identifier[found.end() :]
    return f"{source.lower()}:{identifier}" if source else identifier


def concept_key(mention: ChemicalMention | DiseaseMention) -> str:
    """What a mention by itself says of which chemical or disease it is.

    Its MeSH id, else its ChEBI or Disease Ontology id, else that of another vocabulary, else its name in small letters.
    """
    if mention.mesh:
        return f"mesh:{mention.mesh}"
    if other := other_id(mention):
        return other.lower()
    if mention.identifier:
        compact = compact_identifier(mention.source, mention.identifier).casefold()
        return compact if _PREFIX.match(compact) else f":{compact}"
    return f"={(mention.name or mention.word).casefold()}"


class Taxon(msgspec.Struct, frozen=True, array_like=True):
    """An organism as a table of genes names it."""

    name: str
    """Latin name."""
    ncbi: str = ""
    """NCBI Taxonomy id (record: ``organism_id``); empty if absent."""
    group: str = ""
    """``Primates``, ``Rodents`` ... (record: ``organism_group``); empty if absent."""


class Organism(msgspec.Struct, frozen=True, array_like=True):
    """What a collection knows of an organism."""

    name: str
    """Latin name."""
    ncbi: str = ""
    """NCBI Taxonomy id; empty if unknown."""
    group: str = ""
    """``Primates``, ``Rodents`` ...; empty if unknown."""
    common: str = ""
    """``human``; empty if unknown."""
    title: str = ""
    """``Human pathways``, which heads its page; empty for its name alone."""
    image: str = ""
    """Path of its small picture in the site; empty if it has none. In its file: path of a picture of the checkout."""
    slugs: tuple[str, ...] = ()
    """Stems of its files in PFOCR's ``_organisms/``: of one that is spelled in two ways there may be two."""
    width: int = 0
    """Pixels of the small picture; 0 if unknown."""
    height: int = 0


class BareFigure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record without its mentions."""

    figid: str
    """Equals the stem of the record's file and of its page."""
    pmcid: str
    """PubMed Central id of the paper."""
    title: str = ""
    """Record: ``figtitle``."""
    number: str = ""
    """Label in the paper: ``F1``, ``Scheme 1``."""
    figtype: str = ""
    """``Figure``, ``Scheme``, ``Demonstration`` ..."""
    caption: str = ""
    filename: str = ""
    """Name of the image file."""
    image_license: str = ""
    """Licence of the image, by its name or address."""
    figlink: str = ""
    """Path of the figure at PMC."""
    paper: str = ""
    """Title of the paper (record: ``papertitle``)."""
    reftext: str = ""
    """The paper's citation as one line."""
    year: str = ""
    """As published."""
    doi: str = ""
    journal: str = ""
    """Record: ``journal_title``."""
    journal_abbr: str = ""
    """Record: ``journal_nlm_ta``, the abbreviation of the NLM Catalog."""
    publisher: str = ""
    """Record: ``publisher_name``."""
    keywords: tuple[str, ...] = ()
    """Of the paper, as its journal gives them."""
    organisms: tuple[str, ...] = ()
    """Latin names: those of the record (``organisms``, ``organisms_ner``), then those that its genes name."""
    taxa: tuple[Taxon, ...] = ()
    """Organisms of the table of genes."""
    annotations: tuple[str, ...] = ()
    wpid: str = ""
    """WikiPathways id of a model of this figure."""
    ndex: str = ""
    """NDEx UUID of a model of this figure."""
    redirects: tuple[str, ...] = ()
    """Record: ``redirect_from``."""
    alias: str = ""
    """Record: ``figid_alias``."""
    rank: str = ""
    """Record: ``pmc_ranked_result_index``."""
    score: str = ""
    """Record: ``pathway_score``."""
    seo: str = ""
    schema: dict[str, Tree] = {}
    """Record: ``schema-jsonld``, the curator's own structured data."""
    more: dict[str, Tree] = {}
    """Every other field; those of a mention as ``genes[3].note``."""
    body: str = ""
    """Markdown below the front matter."""


class Figure(BareFigure, frozen=True, kw_only=True, omit_defaults=True):
    """One record."""

    genes: tuple[GeneMention, ...] = ()
    chemicals: tuple[ChemicalMention, ...] = ()
    diseases: tuple[DiseaseMention, ...] = ()


class EncodedFigure(BareFigure, frozen=True, kw_only=True, omit_defaults=True):
    """One record, each of its mentions still encoded: ``GeneMention``, ``ChemicalMention``, ``DiseaseMention``."""

    genes: tuple[msgspec.Raw, ...] = ()
    chemicals: tuple[msgspec.Raw, ...] = ()
    diseases: tuple[msgspec.Raw, ...] = ()


class Packed(msgspec.Struct, array_like=True, frozen=True):
    """A list of texts, which ``builder/vocabulary.py`` packs and joins."""

    data: bytes
    """All of them, as UTF-8, one after the other."""
    lengths: bytes
    """Of each in bytes, int32."""
    hashes: bytes
    """Of each, uint64."""


class Slices(msgspec.Struct, array_like=True, frozen=True):
    """Many byte strings in one: an object for each of a hundred thousand would take more memory than its bytes."""

    data: memoryview
    start: memoryview
    """Where each begins, int64."""
    end: memoryview
    """Where each ends, int64."""
