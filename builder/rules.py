"""The rules that inputs are held against: number, name, and what each asks for.

Numbers are never given again; a rule that goes leaves a gap. ``docs/records.md`` has an entry for each.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["LEVELS", "RULES", "Rule", "find_rule", "label", "rule_id"]

LEVELS = ("off", "warning", "error")
"""What ``site.yml`` may say of a rule."""


class Rule(NamedTuple):
    """Something that may be wrong with an input."""

    id: str
    """``FP012``."""
    name: str
    """``alias-collision``."""
    level: str
    """Of ``LEVELS``: what it counts as where ``site.yml`` does not say otherwise."""
    summary: str
    """What it asks for, in one sentence."""
    mended: bool = False
    """Whether ``check --fix`` mends it."""

    @property
    def curators(self) -> bool:
        """Whether it is for curators, so that ``check`` alone holds records against it."""
        return self.id >= "FP100"


_E, _W, _OFF = "error", "warning", "off"

_ALL = (
    Rule("FP001", "front-matter", _E, "A record begins with front matter that is YAML of text, lists and mappings."),
    Rule("FP002", "not-text", _E, "A field that holds text holds no list and no mapping."),
    Rule("FP003", "not-a-list", _E, "Mentions are a list."),
    Rule("FP004", "not-a-mention", _E, "A mention is a mapping."),
    Rule("FP005", "figid-missing", _E, "A record has a figid."),
    Rule("FP006", "figid-not-stem", _E, "The figid is the name of the file without .md."),
    Rule("FP007", "figid-unsafe", _E, "A figid can name a file and a page."),
    Rule("FP008", "figid-twice", _E, "A figid stands in one record."),
    Rule("FP009", "pmcid-missing", _E, "A record has a pmcid."),
    Rule("FP010", "schema-not-mapping", _E, "The curator's structured data is a mapping."),
    Rule("FP011", "redirect-unsafe", _E, "An older address is a path within the site."),
    Rule("FP012", "alias-collision", _W, "An older address or identifier is of one figure, and no page stands there."),
    Rule("FP013", "control-character", _W, "Text holds no character that cannot be published."),
    Rule("FP014", "gene-without-symbol", _W, "A gene mention says which gene it is."),
    Rule("FP015", "mention-without-word", _W, "A mention has a word, an identifier or a name."),
    Rule("FP016", "not-a-record", _W, "The folder of records holds records alone."),
    Rule("FP017", "not-a-file", _E, "Inputs are files inside the source folder."),
    Rule("FP018", "unreadable", _E, "Inputs can be read."),
    Rule("FP019", "too-large", _E, "A record is of a size that a record can have."),
    Rule(
        "FP020",
        "image-left-out",
        _W,
        "The folder of images holds images alone, with names that differ by more than case.",
    ),
    Rule("FP021", "image-unreadable", _W, "An image can be decoded."),
    Rule("FP022", "page-name", _E, "The name of a text page is of a-z, 0-9 and -."),
    Rule("FP023", "page-title", _E, "A text page has a title, and title and description are text."),
    Rule("FP024", "page-key", _W, "The front matter of a text page holds title and description alone."),
    Rule("FP025", "setting-unknown", _E, "site.yml holds known settings."),
    Rule("FP026", "setting-invalid", _E, "A setting has a value that the program can use."),
    Rule("FP027", "yaml", _E, "site.yml is YAML."),
    Rule("FP028", "table-text", _E, "A table of mentions is text in UTF-8."),
    Rule("FP029", "table-header", _E, "A table of mentions names its columns, each once, and has those it needs."),
    Rule("FP030", "table-column", _W, "A table of mentions has known columns alone."),
    Rule("FP031", "table-row", _E, "Each line of a table has a value for each column."),
    Rule("FP032", "table-unused", _W, "Mentions stand in the record or in a table, not in both."),
    Rule("FP033", "table-without-record", _W, "A table of mentions belongs to a record."),
    Rule("FP034", "mention-identifier", _W, "An identifier in a table has the form of its vocabulary."),
    Rule("FP035", "map-row", _W, "A row of a map has a figid and an identifier."),
    Rule("FP036", "map-twice", _W, "A map has a figure once."),
    Rule("FP037", "map-without-record", _W, "A map has figures that have a record."),
    Rule("FP038", "organism-without-name", _W, "What is told of an organism names it."),
    Rule("FP039", "organism-text", _W, "What is told of an organism is text."),
    Rule("FP040", "no-records", _W, "A source holds records."),
    Rule("FP041", "part-unreadable", _E, "The folders and the settings of a source can be read."),
    Rule("FP042", "text-plain", _W, "The text below the front matter is short enough to be formatted."),
    Rule("FP043", "license-address", _W, "A licence that site.yml names has an address."),
    Rule("FP044", "organism-twice", _W, "What is told of an organism is the same in all of its files."),
    Rule("FP045", "table-name", _W, "A table of a record is named by the kind of its mentions."),
    Rule("FP046", "organism-image", _W, "The picture of an organism is a file of the checkout."),
    Rule("FP047", "table-quoted", _W, "A table of mentions has no cells in quotation marks."),
    Rule("FP048", "page-part", _W, "A part of a text page begins and ends."),
    Rule("FP101", "title-short", _W, "A figure has a title of ten characters or more."),
    Rule("FP102", "caption-short", _W, "A figure has a caption of ten characters or more."),
    Rule("FP103", "empty-reference", _W, "A text holds no parentheses out of which a reference was lost."),
    Rule("FP104", "mojibake", _W, "A text was decoded as what it was encoded in.", mended=True),
    Rule("FP105", "homoglyph", _W, "The word of a gene is not spelt with letters that only look Latin."),
    Rule("FP106", "year-range", _W, "A year is one in which a figure of PubMed Central can have been published."),
    Rule("FP107", "pmcid-not-figid", _W, "The pmcid is the one with which the figid begins."),
    Rule("FP108", "entrez-not-number", _W, "An NCBI Gene id is a number."),
    Rule("FP109", "symbol-two-ids", _W, "A gene symbol stands for one NCBI Gene id in all records."),
    Rule("FP110", "id-two-symbols", _W, "An NCBI Gene id has one symbol in all records."),
    Rule("FP111", "keyword-unsupported", _W, "A keyword of the structured data is something that the record mentions."),
    Rule("FP112", "schema-contradicts", _W, "The structured data has the address and the description of its record."),
    Rule("FP113", "organism-unknown", _W, "An organism is one of the list, under its Latin name."),
    Rule("FP114", "image-twice", _W, "An image is the image of one record."),
    Rule("FP115", "organisms-text", _OFF, "Organisms are a list.", mended=True),
    Rule("FP116", "license-name", _OFF, "The licence in structured data is an address.", mended=True),
    Rule("FP117", "license-unknown", _W, "The licence in structured data is one that the page can name."),
    Rule("FP118", "image-missing", _W, "An image that no publisher has is in the folder of images."),
    Rule("FP119", "id-two-organisms", _W, "An NCBI Gene id is of one organism in all records."),
    Rule("FP120", "identifier-form", _W, "An identifier has the form of its vocabulary."),
    Rule("FP121", "paper-contradicts", _W, "The records of a paper agree on its title, year and DOI."),
    Rule("FP122", "field-unread", _W, "A field has the name under which it is read."),
    Rule("FP123", "id-two-spellings", _W, "The id of a gene in another database is spelt alike in all records."),
)

RULES = {rule.name: rule for rule in _ALL}
"""By name, in the order of their numbers."""

_BY_ID = {rule.id: rule for rule in _ALL}


def find_rule(key: str) -> Rule | None:
    """The rule of a name or number, in any case; None if there is none."""
    return RULES.get(key.lower()) or _BY_ID.get(key.upper())


def rule_id(name: str) -> str:
    """The number of a rule; empty where it has none."""
    return RULES[name].id if name in RULES else ""


def label(name: str) -> str:
    """Number and name of a rule: ``FP012 alias-collision``."""
    return f"{rule_id(name)} {name}".lstrip()
