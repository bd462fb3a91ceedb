"""What pages show of the collection, as plain data that a worker can be sent."""

from __future__ import annotations

import msgspec

from builder.model import Organism, Slices
from builder.read.images import ImageEntry
from builder.read.settings import Settings

__all__ = [
    "AtlasData",
    "ConceptEntry",
    "Counts",
    "FigureLinks",
    "GeneEntry",
    "GeneFacts",
    "ListingFacts",
]


class GeneEntry(msgspec.Struct, array_like=True, frozen=True):
    """What pages show of a gene beside its own."""

    organism: str
    """Empty for the default organism."""
    ident: str
    """NCBI Gene id, or ``=symbol``."""
    symbol: str
    path: str
    total: int
    """Figures that show the gene."""


class ConceptEntry(msgspec.Struct, array_like=True, frozen=True):
    """What pages show of a chemical or disease beside its own."""

    path: str
    name: str
    identifiers: tuple[str, ...]
    """As ``Concepts.identifiers`` has them."""


class AtlasData(msgspec.Struct, array_like=True):
    """All that a worker must know of the collection to render any page of it."""

    settings: Settings
    templates: str
    """Folder of the templates."""
    assets: dict[str, str]
    """Plain name of an asset -> its path."""
    pages: list[tuple[str, str]]
    """Text pages: name and title."""
    years: list[int]
    """Years that have a page."""
    organisms: dict[str, str]
    """Folded name of an organism that has a page -> the spelling that the site uses."""
    cards: Slices
    """Encoded ``Card`` of every figure, newest first."""
    genes: list[GeneEntry]
    images: dict[str, ImageEntry]
    """By file name."""
    known: dict[str, Organism]
    """What is known of organisms, by their names folded."""
    chemicals: dict[str, ConceptEntry]
    """By what a mention says of which chemical it is (``concept_key``); likewise of diseases."""
    diseases: dict[str, ConceptEntry]
    kinds: tuple[str, ...]
    """Of genes, human genes (``human``), organisms, chemicals and diseases what any figure has."""
    standing: bytes = b""
    """For each figure 1 if pages of the build before list it as it is now, else 0; empty if none are to be asked."""


class Counts(msgspec.Struct, frozen=True, array_like=True):
    """How much the collection holds."""

    figures: int
    genes: int
    papers: int
    organisms: int
    mentions: int


class FigureLinks(msgspec.Struct, frozen=True, array_like=True):
    """The figures that a figure's page links to, by their number in the atlas."""

    newer: int
    """-1 for none."""
    older: int
    siblings: tuple[int, ...]
    similar: tuple[tuple[int, int, int], ...]
    """Figures that show much the same genes, how many genes both show, and which of the key genes, as bits."""
    keys: tuple[int, ...]
    """Key genes of the figure by their number in the atlas: the rarest that another figure shows too, rarest first."""


class GeneFacts(msgspec.Struct, frozen=True, array_like=True):
    """All that a gene's pages show, beside what the atlas knows."""

    gene: int
    """Number in the atlas."""
    total: int
    """Figures that show the gene."""
    papers: int
    years: list[tuple[int, int]]
    """Year and figures in it; 0 for unknown."""
    words: list[tuple[str, int]]
    """Most frequent words with the figures in which they stand for the gene."""
    words_total: int
    partners: list[tuple[int, int]]
    """Genes by number, and the figures that show both."""
    partners_total: int
    same_symbol: list[int]
    """Some genes of the same spelling."""
    same_symbol_total: int
    figures: bytes
    """Numbers of the figures to list, int32, newest first."""
    aliases: list[str]
    """Other names that lexicons know it by, of those under which figures mention it, most frequent first."""


class ListingFacts(msgspec.Struct, frozen=True, array_like=True):
    """All that the pages of an organism, a year, a chemical or a disease show."""

    kind: str
    """``organism``, ``year``, ``chemicals`` or ``diseases``."""
    name: str
    path: str
    years: list[tuple[int, int]]
    genes: list[tuple[int, int]]
    """Most mentioned genes: number in the atlas, figures of this listing."""
    newer: int
    """Neighbouring year; -1 for none."""
    older: int
    figures: bytes
    """Numbers of the figures to list, int32, newest first."""
    total: int
    """How many figures there are."""
    words: list[tuple[str, int]] = []
    """Most frequent words of a chemical or disease, with the figures in which they stand for it."""
    words_total: int = 0
    identifiers: tuple[str, ...] = ()
    """Of a chemical or disease: ``D002784``, ``CHEBI:16113``, ``DOID:162``."""
    about: Organism | None = None
    """What is known of an organism."""
    pages: tuple[int, ...] = ()
    """Numbers, from 1, of the pages that must be made."""
