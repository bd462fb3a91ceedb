"""Fields that nothing reads, and whose names are nearly those of fields that are read."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from builder.curate.notes import Note, shown
from builder.read.record import FIELDS, GENE_KEYS, LISTS, MENTION_KEYS, OTHER_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.model import Figure

__all__ = ["unread_fields"]

_MENTION = re.compile(r"((gene|chemical|disease)s)\[([0-9]+)\]\.(.+)", re.DOTALL)
_SAME = 0.8
"""How alike two names are, of 1, of which one is taken for the other misspelt."""
_SHORT = 4
"""Letters of a name that many words are like: other capitals, or its letters swapped, are what it is known by."""

_KNOWN = {
    "": (*FIELDS, *LISTS, *OTHER_KEYS),
    "genes": GENE_KEYS,
    "chemicals": MENTION_KEYS,
    "diseases": MENTION_KEYS,
}
"""What is read of a record and of its mentions."""

_OTHERWISE = {
    "": {
        "title": "figtitle", "image": "filename", "file": "filename", "citation": "reftext", "reference": "reftext",
        "journal": "journal_title", "publisher": "publisher_name", "organism": "organisms", "aliases": "redirect_from",
    },
    "genes": {
        "match": "symbol", "ncbigene_symbol": "hgnc_symbol", "gene": "hgnc_symbol", "ncbigene_id": "entrez",
        "ncbi": "entrez", "geneid": "entrez", "gene_id": "entrez", "id": "entrez", "organism_name": "organism",
        "species": "organism", "lexicon": "source",
    },
    "chemicals": {"id": "identifier", "mesh": "identifier", "chebi": "identifier"},
    "diseases": {"id": "identifier", "mesh": "identifier", "doid": "identifier"},
}  # fmt: skip
"""What other programs, and the tables beside records, call fields that records call otherwise."""


_OTHER = frozenset({"pmid", "organism_id", "organism_group", "hgnc_prev_symbol", "hgnc_alias_symbol", "redirect_to"})
"""Names of their own, which are nearly those of fields."""


@lru_cache(maxsize=1_000)
def _meant(where: str, key: str) -> tuple[str, bool]:
    """The field that a name is likely to stand for, empty if there is none, and whether it can be nothing else.

    Args:
        where: list of mentions; empty for the record itself.
        key: the name, of no field that is read.
    """
    plain = re.sub(r"[\s_-]+", "_", key.strip()).casefold()
    if plain in _OTHER or re.search(r"_(?!id)[a-z]{2}\Z", plain):  # ``figtitle_de``
        return "", False
    if other := _OTHERWISE[where].get(plain):
        return other, False
    names = {known.casefold().replace("-", "_"): known for known in _KNOWN[where]}
    if same := [name for name in names if sorted(name) == sorted(plain)]:
        return names[same[0]], True
    near = get_close_matches(plain, [name for name in names if len(name) > _SHORT], 1, _SAME)
    return (names[near[0]] if near else ""), False


def _given(figure: Figure) -> set[str]:
    """The fields of the record itself that have a value."""
    named = [key for key, field in (*FIELDS.items(), *LISTS.items()) if getattr(figure, field)]
    return {*named, *(kind for kind in ("genes", "chemicals", "diseases") if getattr(figure, kind))}


def _said(figure: Figure, where: str, number: int) -> set[str]:
    """The fields of a mention that have a value; as well as can be told where others were left out."""
    mentions = getattr(figure, where)
    if number >= len(mentions):
        return set()
    m = mentions[number]
    fields = ("word", "match", "source", "symbol", "ncbi", "organism") if where == "genes" else MENTION_KEYS
    return {key for key, field in zip(_KNOWN[where], fields, strict=True) if getattr(m, field)}


def unread_fields(figure: Figure) -> Iterator[Note]:
    """Fields that stand under "More" of a figure's page, though they seem to be meant for more than that.

    Where the field that one may stand for has a value it is told only if it can be nothing else.
    """
    if not figure.more:
        return
    given = _given(figure)
    for name, value in figure.more.items():
        found = _MENTION.fullmatch(name)
        where, key = (found[1], found[4]) if found else ("", name)
        text = value if isinstance(value, str) else ""
        place = (where, key, text) if where else (key,)
        if not where and key.casefold() in {"license", "licence"}:
            message = f"found the field '{shown(key)}', which is only shown, expected 'license' in 'schema-jsonld'"
            yield Note("field-unread", f"{message}, or 'image_license'", *place)
            continue
        meant, sure = _meant(where, key)
        if meant and (sure or meant not in (_said(figure, where, int(found[3])) if found else given)):
            message = f"found the field '{shown(key)}', which is only shown; is '{meant}' meant?"
            yield Note("field-unread", message, *place)
