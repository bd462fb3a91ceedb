"""The rules for curators that one record alone can break."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from builder.curate.fields import unread_fields
from builder.curate.homoglyphs import foreign, latin_reading
from builder.curate.mojibake import misread
from builder.curate.notes import BODY, Note, shown, snippet
from builder.curate.organisms import likely, unknown
from builder.model import ChemicalMention
from builder.names import DOI, NDEX, WPID, is_number
from builder.read.card import web_address
from builder.read.licences import license_address
from builder.read.tables import EXAMPLES, identifiers
from builder.urls import bare_doi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from builder.model import DiseaseMention, Figure, GeneMention

__all__ = ["FIRST_YEAR", "Ground", "is_number", "notes_on"]

LEAST = 10
"""Characters of a title or caption that says something."""
FIRST_YEAR = 1900

_EMPTY = re.compile(r"\([\s,;]*\)|\[[\s,;]*\]")
_PMC_FIGID = re.compile(r"(PMC\d+)__")
MOST_NOTES = 200
"""Of a kind on one record that are told one by one."""
SHOWN = 3
"""Keywords that a message names."""


class Ground:
    """What records are held against."""

    def __init__(self, rules: frozenset[str], year: int, organisms: frozenset[str]) -> None:
        self.rules = rules
        """Names of the rules that are not silent."""
        self.year = year
        """The current one."""
        self.organisms = organisms
        """Folded names that the site knows beside ours."""


def _others(figure: Figure) -> list[ChemicalMention | DiseaseMention]:
    """Chemicals and diseases."""
    return [*figure.chemicals, *figure.diseases]


def _schema_keywords(figure: Figure) -> list[str]:
    """The keywords of the record's own structured data."""
    found = figure.schema.get("keywords")
    return [k for k in found if isinstance(k, str)] if isinstance(found, list) else []


def _texts(figure: Figure) -> Iterator[tuple[str, str, str, str]]:
    """Every text that people wrote, with key, column and what to look for to find it."""
    f = figure
    for key, text in (("figtitle", f.title), ("caption", f.caption), ("papertitle", f.paper), ("reftext", f.reftext),
                      ("journal_title", f.journal)):  # fmt: skip
        yield key, "", "", text
    description = f.schema.get("description")
    if isinstance(description, str):
        yield "schema-jsonld", "description", "", description
    for key, column, items in (("annotations", "", f.annotations), ("keywords", "", f.keywords),
                               ("schema-jsonld", "keywords", _schema_keywords(f))):  # fmt: skip
        for item in items:
            yield key, column, item, item
    for line in f.body.splitlines():
        yield BODY, "", line, line


def _words(figure: Figure) -> Iterator[tuple[str, str, str]]:
    """List, key and text of every word and name of a mention."""
    for gene in figure.genes:
        yield "genes", "word", gene.word
        yield "genes", "symbol", gene.match
    for mention in _others(figure):
        key = "chemicals" if isinstance(mention, ChemicalMention) else "diseases"
        yield key, "word", mention.word
        yield key, "name", mention.name


def _everything(figure: Figure) -> list[str]:
    """The texts of ``_texts`` and ``_words``, for a look at all of them at once."""
    f = figure
    description = f.schema.get("description")
    texts = [f.title, f.caption, f.paper, f.reftext, f.journal, f.body, *f.annotations, *f.keywords]
    texts += _schema_keywords(f)
    texts.append(description if isinstance(description, str) else "")
    texts += [text for g in f.genes for text in (g.word, g.match)]
    return texts + [text for m in _others(f) for text in (m.word, m.name)]


def _short(figure: Figure, _: Ground) -> Iterator[Note]:
    """Titles and captions that say nothing."""
    if len(figure.title) < LEAST:
        found = f"the title '{shown(figure.title)}'" if figure.title else "no title"
        yield Note("title-short", f"found {found}, expected {LEAST} characters or more", "figtitle")
    if len(figure.caption) < LEAST:
        found = f"the caption '{shown(figure.caption)}'" if figure.caption else "no caption"
        yield Note("caption-short", f"found {found}, expected {LEAST} characters or more", "caption")


def _references(figure: Figure, _: Ground) -> Iterator[Note]:
    """Parentheses out of which a reference was lost."""
    f = figure
    for key, text in (("figtitle", f.title), ("caption", f.caption), ("papertitle", f.paper), ("reftext", f.reftext)):
        found = _EMPTY.search(text)
        if found:
            seen = f"found '{snippet(text, *found.span())}' in '{key}'"
            yield Note("empty-reference", f"{seen}, expected a reference in '{found[0]}' or no such sign", key)


def _decoding(figure: Figure, _: Ground) -> Iterator[Note]:
    """Texts that were decoded wrongly, one note each."""
    if not misread("\n".join(_everything(figure))):
        return
    texts = dict.fromkeys(_texts(figure))
    texts |= dict.fromkeys((key, column, word, word) for key, column, word in _words(figure))
    for key, column, value, text in texts:
        parts = misread(text)
        if parts:
            first = parts[0]
            more = f"; {len(parts) - 1} more in it" if len(parts) > 1 else ""
            what = f"found '{shown(text[first.start : first.end])}' in '{snippet(text, first.start, first.end, 12)}'"
            message = f"{what}, text that was decoded wrongly, expected '{first.original}'{more}"
            yield Note("mojibake", message, key, column, value)


def _named(gene: GeneMention) -> tuple[tuple[str, str, str], ...]:
    """Column, what it is called, and text of the names of a gene mention."""
    return (("word", "word", gene.word), ("symbol", "symbol", gene.match), ("hgnc_symbol", "symbol", gene.symbol))


def _homoglyphs(figure: Figure, _: Ground) -> Iterator[Note]:
    """Words and symbols of genes in letters that only look Latin."""
    texts = [text for g in figure.genes for text in (g.word, g.match, g.symbol)]
    if "".join(texts).isascii():
        return
    seen: set[str] = set()
    for gene in figure.genes:
        for column, what, text in _named(gene):
            if text in seen or not foreign(text):
                continue
            seen.add(text)
            letters = ", ".join(f"{c} U+{ord(c):04X}" for c in dict.fromkeys(text) if foreign(c))
            latin = shown(latin_reading(text))
            message = f"found the {what} '{shown(text)}' with {letters}, expected Latin letters: '{latin}'"
            yield Note("homoglyph", message, "genes", column, text)


def _identity(figure: Figure, ground: Ground) -> Iterator[Note]:
    """Years, papers and genes that cannot be."""
    year = figure.year
    if year and not (re.fullmatch(r"[0-9]{4}", year) and FIRST_YEAR <= int(year) <= ground.year + 1):
        yield Note("year-range", f"found the year '{shown(year)}', expected one from {FIRST_YEAR} to next year", "year")
    found = _PMC_FIGID.match(figure.figid)
    if found and found[1] != figure.pmcid:
        message = f"found the pmcid '{shown(figure.pmcid)}', expected '{found[1]}', with which the figid begins"
        yield Note("pmcid-not-figid", message, "pmcid")
    ids = [gene.ncbi for gene in figure.genes]
    if is_number("".join(ids)) and not any(ncbi.startswith("0") for ncbi in ids):
        return
    for ncbi in dict.fromkeys(ids):
        if ncbi and (not is_number(ncbi) or ncbi.startswith("0")):
            expected = f"'{ncbi.lstrip('0')}'" if is_number(ncbi) and ncbi.strip("0") else "a number"
            message = f"found the NCBI Gene id '{shown(ncbi)}', expected {expected}"
            yield Note("entrez-not-number", message, "genes", "entrez", ncbi)


def _identifiers(figure: Figure, _: Ground) -> Iterator[Note]:
    """Identifiers that are none of their vocabulary, which pages show without a link."""
    for key, what, value, known, example in (
        ("doi", "DOI", figure.doi, DOI.match(bare_doi(figure.doi)), "10.1038/s41586-020-2649-2"),
        ("wpid", "WikiPathways id", figure.wpid, WPID.match(figure.wpid), "WP5283"),
        ("ndex", "NDEx id", figure.ndex, NDEX.match(figure.ndex), "a UUID, c9243cb3-d68c-11ea-99da-0ac135e8bacf"),
    ):
        if value and not known:
            yield Note("identifier-form", f"found the {what} '{shown(value)}', expected one such as {example}", key)
    for m in {(type(m), m.source, m.identifier): m for m in _others(figure)}.values():
        vocabulary = m.identifier.partition(":")[0].lower() if ":" in m.identifier else m.source.lower()
        if vocabulary in EXAMPLES and not any(identifiers(m.source, m.identifier)):
            key = "chemicals" if isinstance(m, ChemicalMention) else "diseases"
            message = f"found the identifier '{shown(m.identifier)}', expected one such as {EXAMPLES[vocabulary]}"
            if m.identifier:
                yield Note("identifier-form", message, key, "identifier", m.identifier)


def _mentioned(figure: Figure) -> set[str]:
    """Everything that mentions say."""
    genes = [text for g in figure.genes for text in (g.symbol, g.match, g.word)]
    others = [text for m in _others(figure) for text in (m.word, m.match, m.name, m.identifier)]
    return {*genes, *others, *figure.organisms, *figure.annotations}


def _keywords(figure: Figure, _: Ground) -> Iterator[Note]:
    """Keywords that nothing in the record bears out.

    A mention with an identifier but no name other than its word may be called anything, so it excuses one keyword.
    """
    of_schema = figure.schema.get("keywords")
    if isinstance(of_schema, list):  # those of the paper are its journal's
        yield from _unsupported(figure, of_schema, "schema-jsonld", "keywords")


def _unsupported(figure: Figure, keywords: Sequence[Any], key: str, column: str) -> Iterator[Note]:
    """As ``_keywords``, for one list."""
    plain = keywords if set(map(type, keywords)) <= {str} else [k for k in keywords if isinstance(k, str)]
    symbols = {gene.symbol for gene in figure.genes} if plain else set()
    strange = [k for k in dict.fromkeys(plain) if k and k not in symbols]
    if not strange:
        return
    known = _mentioned(figure)
    strange = [k for k in strange if k not in known]
    if strange:  # in most records a keyword is spelt as its mention
        folded = {text.casefold() for text in known}
        strange = [k for k in strange if k.casefold() not in folded]
    nameless = {m.identifier for m in _others(figure) if m.identifier and m.name in {"", m.word}}
    if len(strange) > len(nameless):
        first = ", ".join(f"'{shown(k)}'" for k in strange[:SHOWN]) + (" ..." if len(strange) > SHOWN else "")
        message = f"found {len(strange)} keywords that no mention bears out, expected none: {first}"
        if len(strange) == 1:
            message = f"found the keyword {first}, which no mention bears out"
        yield Note("keyword-unsupported", message, key, column)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _schema(figure: Figure, _: Ground) -> Iterator[Note]:
    """Structured data that speaks of something else."""
    own = figure.schema.get("@id")
    if isinstance(own, str) and own:
        name = unquote(own.rstrip("/").rsplit("/", 1)[-1]).removesuffix(".html")
        if name != figure.figid:
            message = f"found the @id '{shown(own)}', expected an address that ends in '{figure.figid}.html'"
            yield Note("schema-contradicts", message, "schema-jsonld", "@id")
    description = figure.schema.get("description")
    if isinstance(description, str) and description and figure.caption and description != figure.caption:
        words, caption = _squeezed(description), _squeezed(figure.caption)
        if not caption.startswith(words.rstrip(". \u2026")) and words != _squeezed(figure.title):
            seen, expected = snippet(words, 0, 0, 40), snippet(caption, 0, 0, 40)
            message = f"found the description '{seen}', expected the caption, '{expected}'"
            yield Note("schema-contradicts", message, "schema-jsonld", "description")


def _licence(figure: Figure, _: Ground) -> Iterator[Note]:
    """Licences given by name, and those that nobody understands."""
    said: Any = figure.schema.get("license")
    for licence in said if isinstance(said, list) else [said]:
        if not isinstance(licence, str) or web_address(licence):
            continue
        if address := license_address(licence):
            message = f"found the licence '{shown(licence)}', expected its address, {address}"
            yield Note("license-name", message, "schema-jsonld", "license")
        else:
            message = f"found the licence '{shown(licence)}', expected its address; the page names none"
            yield Note("license-unknown", message, "schema-jsonld", "license")
    own = figure.image_license
    if own and not (web_address(own) or license_address(own)):
        message = f"found the licence '{shown(own)}' of the image, expected its address; structured data name none"
        yield Note("license-unknown", message, "image_license")


def _organisms(figure: Figure, ground: Ground) -> Iterator[Note]:
    """Organisms that are not of the list."""
    of_genes = sorted({gene.organism for gene in figure.genes} - {""})
    # A figure is of the organisms of its genes too, whether or not its record lists them.
    named = [("organisms", "", o) for o in figure.organisms if o not in of_genes]
    named += [("genes", "organism", o) for o in of_genes]
    for key, column, organism in named:
        if unknown(organism, ground.organisms):
            near = likely(organism)
            expected = f"did you mean '{near}'?" if near else "expected the Latin name of a known one"
            yield Note("organism-unknown", f"found the organism '{shown(organism)}', {expected}", key, column, organism)


def _fields(figure: Figure, _: Ground) -> Iterator[Note]:
    """Fields that nothing reads."""
    return unread_fields(figure)


_CHECKS: tuple[tuple[Callable[[Figure, Ground], Iterator[Note]], frozenset[str]], ...] = (
    (_short, frozenset({"title-short", "caption-short"})),
    (_references, frozenset({"empty-reference"})),
    (_decoding, frozenset({"mojibake"})),
    (_homoglyphs, frozenset({"homoglyph"})),
    (_identity, frozenset({"year-range", "pmcid-not-figid", "entrez-not-number"})),
    (_identifiers, frozenset({"identifier-form"})),
    (_keywords, frozenset({"keyword-unsupported"})),
    (_schema, frozenset({"schema-contradicts"})),
    (_licence, frozenset({"license-name", "license-unknown"})),
    (_organisms, frozenset({"organism-unknown"})),
    (_fields, frozenset({"field-unread"})),
)
"""What looks for what, so that a silent rule costs nothing."""


def _first(notes: Iterator[Note]) -> Iterator[Note]:
    """Notes of a kind; of very many the first and how many more there are, since each is looked for in the file."""
    counts: Counter[str] = Counter()
    last: dict[str, Note] = {}
    for note in notes:
        counts[note.rule] += 1
        if counts[note.rule] <= MOST_NOTES:
            yield note
        last[note.rule] = note
    for rule, count in counts.items():
        if count > MOST_NOTES:
            more = f"found {count - MOST_NOTES:,} more of the kind in this record, expected none"
            yield Note(rule, more, last[rule].key)


def notes_on(figure: Figure, ground: Ground) -> list[Note]:
    """What is odd in a record, by the rules that are not silent."""
    return [
        note
        for check, rules in _CHECKS
        if not rules.isdisjoint(ground.rules)
        for note in _first(check(figure, ground))
        if note.rule in ground.rules
    ]
