"""The names by which people look for chemicals and diseases."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from builder.plan.digest import digest
from builder.read.card import cell
from builder.read.words import joined_word
from builder.search.shards import Table, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.catalog.catalog import Catalog
    from builder.catalog.concepts import Concepts

__all__ = ["concept_table", "concepts_digest"]

WORDS_A_CONCEPT = 4
"""The most frequent words of a chemical or disease by which it is found."""
TAILS = 6
"""Words of a name with which what is typed may begin."""


def _told(concepts: Concepts) -> Iterator[tuple[str, str, int, list[str]]]:
    """Of each its page, name, figures and most frequent words."""
    totals = concepts.totals().tolist()
    words = ([word for word, _ in own[:WORDS_A_CONCEPT]] for own in concepts.words)
    return zip(concepts.path, concepts.name, totals, words, strict=True)


def concepts_digest(catalog: Catalog) -> bytes:
    """Digest of all that ``concept_table`` tells."""
    return digest(*(list(_told(concepts)) for concepts in (catalog.chemicals, catalog.diseases)))


def _keys(text: str) -> Iterator[str]:
    """A name as it is looked up: whole, and from each of its words on, so that "acid" begins lactic acid too."""
    words = text.split()
    return (joined_word(" ".join(words[i:])) for i in range(min(len(words), TAILS)))


def concept_table(catalog: Catalog) -> Table:
    """The chemicals and diseases of which a name goes on so, most figures first.

    Keys are normalised names and ends of names. A value has a line for each chemical or disease: path of its page
    without the ending, figures that mention it, its name, and the word that was seen where the name is another.
    """
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for path, name, figures, words in chain(_told(catalog.chemicals), _told(catalog.diseases)):
        page = path.removesuffix(".html")
        for text in (name, *words):
            line = f"{page}\t{figures}\t{cell(name)}\t{'' if text == name else cell(text)}"
            for key in _keys(text):
                if key:
                    found.setdefault(key, {}).setdefault(page, (-figures, line))
    return table_of(sorted(
        (key.encode("utf-8", "replace"), "\n".join(line for _, line in sorted(own.values())).encode("utf-8", "replace"))
        for key, own in found.items()
    ))  # fmt: skip
