"""From front matter to a typed figure, with findings for whatever is wrong.

The rules of ``docs/records.md``: lists may be a single string; ``NA``, ``.na.character`` and
``''`` mean absent; a field that we do not know is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from builder.model import ChemicalMention, DiseaseMention, Figure, GeneMention
from builder.names import figid_fault, fold, stub_path
from builder.problems import Finding, KeyPath
from builder.read.rows import Rows, listed
from builder.read.rows import forget as forget_rows
from builder.read.tables import identifiers
from builder.read.texts import (
    ABSENT,
    CONTROL,
    LEFT_OUT,
    MAX_MENTIONS,
    MAX_TEXT,
    TURNING,
    one_line,
    published,
    short,
    too_many,
    unformatted,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["FIELDS", "MAX_CHARACTERS", "extent", "forget", "may_be_odd", "organisms_once", "read_record"]

FIELDS = {
    "figid": "figid",
    "pmcid": "pmcid",
    "figtitle": "title",
    "number": "number",
    "figtype": "figtype",
    "caption": "caption",
    "filename": "filename",
    "image_license": "image_license",
    "figlink": "figlink",
    "papertitle": "paper",
    "reftext": "reftext",
    "year": "year",
    "doi": "doi",
    "journal_title": "journal",
    "journal_nlm_ta": "journal_abbr",
    "publisher_name": "publisher",
    "wpid": "wpid",
    "ndex": "ndex",
    "figid_alias": "alias",
    "pmc_ranked_result_index": "rank",
    "pathway_score": "score",
    "seo": "seo",
}
"""Text fields: key of the record -> field of ``Figure``."""

LISTS = {
    "organisms": "organisms",
    "annotations": "annotations",
    "redirect_from": "redirects",
    "keywords": "keywords",
}
"""Lists of text."""

GENE_KEYS = ("word", "symbol", "source", "hgnc_symbol", "entrez", "organism")
MENTION_KEYS = ("word", "source", "identifier", "name")
MANY = {
    "genes": "mentions of genes", "chemicals": "mentions of chemicals", "diseases": "mentions of diseases",
    "organisms": "organisms",
}  # fmt: skip
"""Of what a record may have too many, and what they are."""
OTHER_KEYS = frozenset({"genes", "chemicals", "diseases", "organisms_ner", "schema-jsonld"})

SHARED = 5_000
"""Different mentions of chemicals and diseases that are kept to be shared,"""
SHARED_GENES = 60_000
"""and of genes."""

MAX_VALUES = 200_000
MAX_DEPTH = 40
MAX_CHARACTERS = 16 * 1024 * 1024
"""Of all values together; a file has no more, but aliases may repeat what it has."""
SHORT = 200
"""Characters of a text that is still looked at in a record that is refused for its size."""


class _GeneRow(msgspec.Struct, forbid_unknown_fields=True):
    """A gene mention as most records write it: known keys, text alone."""

    word: str = ""
    symbol: str = ""
    source: str = ""
    hgnc_symbol: str = ""
    entrez: str = ""
    organism: str = ""


_GeneRows = list[_GeneRow]


_ORGANISM = 5
"""Place of the organism in a row, if it has one."""


class _KnownGenes(dict[tuple[str, ...], GeneMention]):
    """The gene mention of a row of texts; made once and shared, since most recur."""

    def __missing__(self, row: tuple[str, ...]) -> GeneMention:
        if len(self) > SHARED_GENES:
            self.clear()
        self[row] = mention = GeneMention(*row[:_ORGANISM], *map(one_line, row[_ORGANISM:]))
        return mention


_known_genes = _KnownGenes()


def forget() -> None:
    """Let go of the mentions that records share, once all are read."""
    _known_genes.clear()
    _known_mention.cache_clear()
    forget_rows()


def _ordinary(rows: list[_GeneRow]) -> bool:
    """Whether every row has a symbol, and no row a word that stands for "no value"."""
    values = {v for r in rows for v in (r.word, r.symbol, r.source, r.entrez, r.organism)}
    values.discard("")
    return ABSENT.isdisjoint(map(str.strip, values)) and ABSENT.isdisjoint([r.hgnc_symbol.strip() for r in rows])


class _Reader:
    """Reads one record and gathers its findings."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.findings: list[Finding] = []
        self.more: dict[str, Any] = {}
        self.budget = MAX_VALUES

    def error(self, where: KeyPath, rule: str, message: str) -> None:
        self.findings.append(Finding(where, "error", rule, message))

    def warn(self, where: KeyPath, rule: str, message: str) -> None:
        self.findings.append(Finding(where, "warning", rule, message))

    def text(self, value: object, where: KeyPath) -> str:
        """A text value, empty if absent."""
        if isinstance(value, str):
            return "" if value.strip() in ABSENT else value
        if value is None:
            return ""
        kind = "a list" if isinstance(value, list) else "a mapping"
        key = next(step for step in reversed(where) if isinstance(step, str))  # not the place in its list
        self.error(where, "not-text", f"found {kind} in '{key}', expected text")
        return ""

    def texts(self, value: object, key: str) -> tuple[str, ...]:
        """A list of texts, or a single text as a list of one; absent ones left out, repeats too.

        White space around them says nothing: a block text ends in a line break.
        """
        if not isinstance(value, list):
            one = self.text(value, (key,)).strip()
            return (one,) if one else ()
        found = (self.text(item, (key, i)).strip() for i, item in enumerate(value))
        return tuple(dict.fromkeys(t for t in found if t))

    def rows(self, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The mappings of a list of mentions."""
        value = self.data.get(key)
        if value is None or (isinstance(value, str) and value.strip() in ABSENT):
            return
        if not isinstance(value, list):
            found = f"text '{short(value, 40)}'" if isinstance(value, str) else "a mapping"
            self.error((key,), "not-a-list", f"found {found} in '{key}', expected a list of mentions")
            return
        for i, row in enumerate(value):
            if isinstance(row, dict):
                yield i, row
            elif row is not None and not (isinstance(row, str) and row.strip() in ABSENT):
                found = f"text '{short(row, 40)}'" if isinstance(row, str) else "a list"
                message = f"found {found} in '{key}', expected a mapping with the key 'word'"
                self.error((key, i), "not-a-mention", message)

    def values(self, key: str, i: int, row: dict[str, Any], keys: tuple[str, ...]) -> list[str]:
        """The known texts of a mention; what else it holds is kept under "More"."""
        out = []
        known = 0
        for k in keys:
            value = row.get(k, "")
            known += k in row
            out.append(value if type(value) is str and value.strip() not in ABSENT else self.text(value, (key, i, k)))
        if known < len(row):
            for k in (k for k in row if k not in keys):
                self.more[f"{key}[{i}].{k}"] = self.tree(row[k], (key, i, str(k)))
        return out

    def plain(self, key: str, kind: Any) -> Any:
        """The rows of a list whose every mention holds known keys with text alone, converted in one call; else None."""
        value = self.data.get(key)
        if type(value) is not list:
            return None
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return None

    def genes(self) -> tuple[GeneMention, ...]:
        """The gene mentions; one without symbol and id cannot stand for a gene and is left out."""
        found = self.data.get("genes")
        if isinstance(found, Rows):
            return tuple(map(_known_genes.__getitem__, found.rows))
        rows = self.plain("genes", _GeneRows)
        if rows is None or not _ordinary(rows):
            return self.odd_genes()
        return tuple(
            [
                GeneMention(r.word.strip() or r.symbol or r.hgnc_symbol.strip(), r.symbol, r.source,
                            r.hgnc_symbol.strip(), r.entrez.strip(), one_line(r.organism))
                for r in rows
            ]
        )  # fmt: skip

    def odd_genes(self) -> tuple[GeneMention, ...]:
        """As ``genes``, for mentions of any shape, with findings."""
        out = []
        for i, row in self.rows("genes"):
            word, match, source, symbol, ncbi, organism = self.values("genes", i, row, GENE_KEYS)
            symbol = symbol.strip() or match.strip() if ncbi else symbol.strip()
            if not symbol:
                found = f"found a gene mention '{short(word or match)}' without hgnc_symbol"
                self.warn(("genes", i), "gene-without-symbol", f"{found}; it is left out")
                continue
            mention = GeneMention(
                word.strip() or match or symbol, match, source, symbol, ncbi.strip(), one_line(organism)
            )
            out.append(mention)
        return tuple(out)

    def mentions(self, key: str, make: Callable[..., Any]) -> tuple[Any, ...]:
        """Chemical or disease mentions; one without any word or name is left out."""
        found = self.data.get(key)
        if isinstance(found, Rows):
            return tuple([_known_mention(make, row) for row in found.rows])
        out = []
        for i, row in self.rows(key):
            word, source, identifier, name = self.values(key, i, row, MENTION_KEYS)
            if not (word or name or identifier):
                message = f"found a mention without a word in '{key}'; it is left out"
                self.warn((key, i), "mention-without-word", message)
                continue
            word, name = word.strip(), name.strip()
            out.append(_mention(make, word or name or identifier, source, identifier, name))
        return tuple(out)

    def tree(self, value: object, where: KeyPath, depth: int = 0) -> Any:
        """Plain data with text leaves, without absent ones; refuses what explodes through aliases or nesting."""
        self.budget -= 1
        if self.budget < 0 or depth > MAX_DEPTH:
            if self.budget > -MAX_VALUES:
                self.budget = -MAX_VALUES
                self.error(where[:1], "too-large", f"found more than {MAX_VALUES:,} values or {MAX_DEPTH} levels")
            return ""
        if isinstance(value, dict):
            return self._mapping(value, where, depth + 1)
        if isinstance(value, list):
            if depth < MAX_DEPTH and len(value) < self.budget and set(map(type, value)) == {str}:
                self.budget -= len(value)
                whole = ABSENT.isdisjoint(map(str.strip, value))
                return value[:] if whole else [v for v in value if v.strip() not in ABSENT]
            return [kept for i, v in enumerate(value) if (kept := self.tree(v, (*where, i), depth + 1))]
        if isinstance(value, str):
            return "" if value.strip() in ABSENT else value
        return "" if value is None else str(value)

    def _mapping(self, value: dict[Any, Any], where: KeyPath, depth: int) -> dict[str, Any]:
        """As ``tree``, of what a mapping holds."""
        out = {}
        for k, v in value.items():
            if type(v) is str and self.budget > 0 and depth <= MAX_DEPTH:  # what nearly all are, without a call
                self.budget -= 1
                if v.strip() not in ABSENT:
                    out[str(k)] = v
            elif kept := self.tree(v, (*where, str(k)), depth):
                out[str(k)] = kept
        return out


def _mention(make: Callable[..., Any], word: str, source: str, identifier: str, name: str = "") -> Any:
    """A chemical or disease mention with the identifiers that its identifier gives."""
    ids = identifiers(source, identifier)
    return make(word, source, identifier, name, "", ids.mesh, ids.chebi if make is ChemicalMention else ids.doid)


@lru_cache(maxsize=SHARED)
def _known_mention(make: Callable[..., Any], row: tuple[str, ...]) -> Any:
    """The chemical or disease mention of a row of texts; made once and shared, since most recur."""
    return _mention(make, *row)


def _identity(reader: _Reader, fields: dict[str, Any], stem: str) -> None:
    """Findings on figid, pmcid and redirects: what the site's addresses are made of."""
    figid, data = fields["figid"], reader.data
    if not figid:
        where: KeyPath = ("figid",) if "figid" in data else ()
        expected = f"'figid: {stem}'"
        if bad := figid_fault(stem):  # which would only be refused next
            expected = f"one, and the file to be named by it, since '{short(stem)}' cannot name a page: {bad}"
        reader.error(where, "figid-missing", f"found no figid, expected {expected}")
    elif fault := figid_fault(figid):
        message = f"found the figid '{short(figid)}', which cannot name a page: {fault}"
        reader.error(("figid",), "figid-unsafe", message)
    elif figid != stem:
        message = f"found the figid '{short(figid)}' in a file named '{stem}.md', expected both to agree"
        reader.error(("figid",), "figid-not-stem", message)
    if not fields["pmcid"]:
        message = "found no pmcid, expected 'pmcid: PMC...' or an identifier of yours for the paper"
        reader.error(("pmcid",) if "pmcid" in data else (), "pmcid-missing", message)
    for address in fields["redirects"]:
        _, fault = stub_path(address)
        if fault:
            message = f"found the redirect_from '{short(address)}', which cannot be published: {fault}"
            reader.error(("redirect_from", address), "redirect-unsafe", message)


def extent(value: Any, known: dict[int, int], too_deep: int = 0, depth: int = 0) -> int:
    """How many characters and values a value comes to, whatever aliases repeat counted each time.

    Args:
        value: plain data; what holds itself counts once.
        known: what was counted already, by identity; empty at first.
        too_deep: what counts for that which is nested too deep, which is refused where trees are read.
        depth: of the value.
    """
    if not isinstance(value, dict | list):
        return len(value) + 1 if isinstance(value, str) else 1
    if depth > MAX_DEPTH:
        return too_deep
    if (count := known.get(id(value))) is None:
        known[id(value)] = 0
        items = [*value, *value.values()] if isinstance(value, dict) else value
        count = known[id(value)] = 1 + sum([extent(item, known, too_deep, depth + 1) for item in items])
    return count


def _bounded(reader: _Reader, data: dict[str, Any]) -> dict[str, Any]:
    """The front matter; where aliases make it larger than a file may be, its short texts alone, and an error."""
    known: dict[int, int] = {}
    sizes = {key: extent(value, known) for key, value in data.items()}
    whole = sum(sizes.values())
    if whole <= MAX_CHARACTERS:
        return data
    largest = max(sizes, key=sizes.__getitem__)
    message = (
        f"found aliases that make {whole:,} characters and values of the record, expected {MAX_CHARACTERS:,} at most"
    )
    reader.error((largest,), "too-large", message)
    return {key: value for key, value in data.items() if isinstance(value, str) and len(value) <= SHORT}


def _cleaned(reader: _Reader, value: Any, where: KeyPath, depth: int = 0) -> Any:
    """Plain data with every text fit to be published, and a warning for each that was not."""
    if isinstance(value, str):
        if where == ("figid",):
            return value  # an identity is as it is, or refused
        if len(value) > MAX_TEXT:
            message = f"found a text of {len(value):,} characters, expected at most {MAX_TEXT:,}"
            reader.error(where, "too-large", message)
            return ""
        found = CONTROL.search(value)
        if found is None:
            return value
        message = LEFT_OUT.format(ord(found[0]))
        reader.warn(where, "control-character", message)
        return published(value)
    reader.budget -= 1
    if reader.budget < 0 or depth > MAX_DEPTH:
        return value  # refused later, where trees are read
    if isinstance(value, Rows):
        return [{k: _cleaned(reader, v, (*where, i, k)) for k, v in row.items()} for i, row in enumerate(listed(value))]
    if isinstance(value, dict):
        return {_cleaned(reader, k, (*where, k)): _cleaned(reader, v, (*where, k), depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_cleaned(reader, v, (*where, i), depth + 1) for i, v in enumerate(value)]
    return value


def _keywords(text: str) -> list[str]:
    """The keywords in ``a | b | c``, or in one of a list."""
    return [k for k in map(str.strip, text.split("|")) if k not in ABSENT]


def may_be_odd(text: str) -> bool:
    """Whether a record's text may hold what cannot be published: escapes, signs that turn text, too much of it.

    Raw control characters are none of this: YAML itself forbids them.
    """
    if "\\" in text or len(text) > MAX_TEXT or ("&" in text and "*" in text):
        return True
    return not text.isascii() and TURNING.search(text.encode("utf-8", "surrogatepass")) is not None


def _schema(reader: _Reader, schema: Any) -> dict[str, Any]:
    """The record's own structured data; empty where it has none."""
    if schema is None or (isinstance(schema, str) and schema.strip() in ABSENT):
        return {}
    if isinstance(schema, dict):
        kept: dict[str, Any] = reader.tree(schema, ("schema-jsonld",))
        return kept
    message = "found text or a list in 'schema-jsonld', expected a mapping"
    reader.error(("schema-jsonld",), "schema-not-mapping", message)
    return {}


def _limits(reader: _Reader, fields: dict[str, Any], body: str) -> None:
    """Tell of more than a page can show."""
    for key, what in MANY.items():
        if len(fields[key]) > MAX_MENTIONS:
            reader.error((key,), "too-large", too_many(what, len(fields[key])))
    if body and (fault := unformatted(body)):
        reader.warn((), "text-plain", f"found {fault} below the front matter; the text is shown as it was written")


def _titles(fields: dict[str, Any]) -> None:
    """Put the titles on one line, as pages show them."""
    for key in ("title", "paper"):
        if "\n" in fields[key] or "\t" in fields[key]:
            fields[key] = one_line(fields[key])


def organisms_once(*names: str) -> tuple[str, ...]:
    """Names of organisms, each once, whatever capitals it has."""
    known: dict[str, str] = {}
    for name in dict.fromkeys(names):
        known.setdefault(fold(name), name)
    return tuple(known.values())


def read_record(data: dict[str, Any], body: str, stem: str, *, odd: bool = True) -> tuple[Figure, list[Finding]]:
    """The figure that front matter and body describe, and what is wrong with them.

    Args:
        data: front matter: text, lists and mappings.
        body: Markdown below it.
        stem: name of the record's file without ``.md``, which the figid must equal.
        odd: what ``may_be_odd`` says of the record's text.
    """
    reader = _Reader(data)
    if odd:
        reader.data = data = _cleaned(reader, _bounded(reader, data), ())
        if len(body) > MAX_TEXT:
            message = f"found a text of {len(body):,} characters below the front matter, expected at most {MAX_TEXT:,}"
            reader.error((), "too-large", message)
            body = ""
    fields: dict[str, Any] = dict.fromkeys(FIELDS.values(), "")
    for key, value in data.items():
        if key in FIELDS:
            fields[FIELDS[key]] = reader.text(value, (key,)).strip()
        elif key in LISTS:
            fields[LISTS[key]] = reader.texts(value, key)
        elif key not in OTHER_KEYS and ((kept := reader.tree(value, (str(key),))) or value is None):
            reader.more[str(key)] = kept
    _titles(fields)
    fields.setdefault("redirects", ())
    recognised = reader.texts(data.get("organisms_ner"), "organisms_ner")
    fields["keywords"] = tuple(dict.fromkeys(k for text in fields.get("keywords", ()) for k in _keywords(text)))
    fields["schema"] = _schema(reader, data.get("schema-jsonld"))
    fields["genes"] = reader.genes()
    of_genes = dict.fromkeys([m.organism for m in fields["genes"]])
    of_genes.pop("", None)
    fields["organisms"] = organisms_once(*map(one_line, (*fields.get("organisms", ()), *recognised)), *of_genes)
    fields["chemicals"] = reader.mentions("chemicals", ChemicalMention)
    fields["diseases"] = reader.mentions("diseases", DiseaseMention)
    _limits(reader, fields, body)
    _identity(reader, fields, stem)
    return Figure(**fields, more=reader.more, body=published(body)), reader.findings
