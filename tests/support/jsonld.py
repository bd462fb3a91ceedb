"""Checks of the JSON-LD that pages embed: its JSON, its words (schema.org) and its profiles (Bioschemas)."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from selectolax.lexbor import LexborHTMLParser

from tests.support.bioschemas import check_bioschemas, missing_recommended
from tests.support.vocabulary import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "check_bioschemas",
    "check_graph",
    "check_html",
    "extract",
    "graph_warnings",
    "missing_recommended",
    "read_blocks",
]

Node = dict[str, Any]

_SCHEMA = ("https://schema.org/", "http://schema.org/", "schema:")
_DCT = ("dct:", "dcterms:", "http://purl.org/dc/terms/")
_FOREIGN = frozenset({"conformsTo"})  # of Dublin Core: how Bioschemas names its profile
_ABSOLUTE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+")
_WEB = re.compile(r"(?:https?|ftp)://[^\s]+|(?:mailto|urn|tel|doi):[^\s]+")
_DATE = re.compile(r"-?\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_TIME = re.compile(r"\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ACTION_SUFFIX = re.compile(r"-(?:input|output)$")


def _is_datetime(text: str) -> bool:
    """Return whether a text is an ISO 8601 date, with a time or without (schema.org Date, DateTime)."""
    date, _, time = text.partition("T")
    return bool(_DATE.fullmatch(date)) and (not time or bool(_TIME.fullmatch(time)))


_TEXT_FORMS: dict[str, Callable[[str], bool]] = {
    "URL": lambda text: bool(_WEB.fullmatch(text)),
    "Date": _is_datetime,
    "DateTime": _is_datetime,
    "Time": lambda text: bool(_TIME.fullmatch(text)),
    "Number": lambda text: bool(_NUMBER.fullmatch(text)),
    "Integer": lambda text: bool(re.fullmatch(r"[+-]?\d+", text)),
    "Float": lambda text: bool(_NUMBER.fullmatch(text)),
    "Boolean": lambda text: text.rpartition("/")[2] in {"True", "False"},
}
"""Data type -> whether a JSON string can stand for it; any other data type takes any string."""


def _suits(text: str, kind: str) -> bool:
    """Return whether a JSON string can stand for a value of a data type."""
    form = _TEXT_FORMS.get(kind)
    return form is None or form(text)


def _listed(value: Any) -> list[Any]:
    """Return a JSON-LD value as a list; ``@list`` and ``@set`` are opened."""
    if isinstance(value, dict) and len(value) == 1 and ("@list" in value or "@set" in value):
        return _listed(next(iter(value.values())))
    return value if isinstance(value, list) else [value]


def _types(node: Node) -> list[str]:
    """Return the local names of a node's types."""
    found = []
    for name in _listed(node.get("@type", [])):
        text = str(name)
        for prefix in _SCHEMA:
            text = text.removeprefix(prefix)
        found.append(text)
    return found


def _nodes(value: Any) -> Iterator[Node]:
    """Yield every node object within a value, the outermost first."""
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, dict):
        if "@value" not in value:
            yield value
        for key, item in value.items():
            if key != "@context":
                yield from _nodes(item)


def _is_reference(node: Node) -> bool:
    """Return whether an object only points to a node that is described elsewhere."""
    return set(node) == {"@id"}


@dataclass
class _Check:
    """One walk over one document, which collects what it finds."""

    vocabulary: Vocabulary
    types_of: dict[str, list[str]]
    """@id -> types, of all nodes that the document describes."""
    page: str
    """The address that most of the graph's nodes share before the #: fragments of it must exist here."""
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def node(self, node: Node, where: str, expected: tuple[str, ...]) -> None:
        """Check a node's types and properties; without @type it counts as what its property expects."""
        types = _types(node)
        for name in types:
            if name not in self.vocabulary.classes:
                self.errors.append(f"{where}: @type {name!r} is no class of schema.org")
        if not types and not expected:
            self.errors.append(f"{where}: node without @type")
        if "@id" in node:
            self.identifier(node["@id"], where)
        known = [t for t in types if t in self.vocabulary.classes] or [
            t for t in expected if t not in self.vocabulary.datatypes
        ]
        for key, value in node.items():
            if not key.startswith("@"):
                self.property(key, value, known, f"{where}.{key}")

    def identifier(self, value: Any, where: str) -> None:
        """Check that an @id is a text without blanks."""
        if not isinstance(value, str) or not value or re.search(r"\s", value):
            self.errors.append(f"{where}: @id {value!r} is no address")

    def property(self, key: str, value: Any, types: list[str], where: str) -> None:
        """Check that a property exists, may be used on these types, and has fitting values."""
        name = self.local_name(key, where)
        if name is None:
            return
        if name not in self.vocabulary.domains:
            self.errors.append(f"{where}: schema.org has no property {name!r}")
            return
        domains = self.vocabulary.domains[name]
        if types and not self.vocabulary.fits(types, domains):
            self.errors.append(
                f"{where}: {name!r} is not allowed on {'/'.join(types)}, only on {', '.join(sorted(domains))}"
            )
        if name in self.vocabulary.superseded:
            self.warnings.append(f"{where}: {name!r} is superseded by {self.vocabulary.superseded[name]!r}")
        self.values(value, self.vocabulary.ranges[name], where)

    def local_name(self, key: str, where: str) -> str | None:
        """Return the schema.org name of a key, or None for one of Dublin Core that needs no further check."""
        for prefix in _DCT:
            if key.startswith(prefix):
                if key.removeprefix(prefix) not in _FOREIGN:
                    self.warnings.append(f"{where}: {key!r} is outside the schema.org vocabulary")
                return None
        for prefix in _SCHEMA:
            key = key.removeprefix(prefix)
        # Google's and schema.org's annotation of actions: "query-input" says how `query` is filled in.
        return _ACTION_SUFFIX.sub("", key)

    def values(self, value: Any, allowed: tuple[str, ...], where: str) -> None:
        """Check one value or each of a list."""
        items = _listed(value)
        if not items:
            self.errors.append(f"{where}: empty list")
        for number, item in enumerate(items):
            at = f"{where}[{number}]" if len(items) > 1 else where
            if isinstance(item, dict):
                self.object(item, allowed, at)
            else:
                self.literal(item, allowed, at)

    def object(self, item: Node, allowed: tuple[str, ...], where: str) -> None:
        """Check a nested node, a reference or a typed literal against the range of its property."""
        if "@value" in item:
            self.literal(item["@value"], allowed, where)
        elif _is_reference(item):
            self.reference(item["@id"], allowed, where)
        else:
            self.fit(_types(item), allowed, where)
            self.node(item, where, allowed)

    def fit(self, types: list[str], allowed: tuple[str, ...], where: str) -> None:
        """Check that a node's types suit the range; a Role may stand between any property and its value."""
        known = [t for t in types if t in self.vocabulary.classes]
        if known and not self.vocabulary.fits(known, (*allowed, "Role")):
            self.errors.append(f"{where}: {'/'.join(known)} does not fit, expected {' or '.join(allowed)}")

    def reference(self, target: Any, allowed: tuple[str, ...], where: str) -> None:
        """Check that a reference leads to a node of the document, or off the page, and to a fitting type."""
        self.identifier(target, where)
        if not isinstance(target, str):
            return
        if target in self.types_of:
            self.fit(self.types_of[target], allowed, where)
        elif target.startswith("_:") or not _ABSOLUTE.fullmatch(target):
            self.errors.append(f"{where}: {target!r} is described nowhere in the document and is no absolute URL")
        elif self.page and urldefrag(target)[0] == self.page and urldefrag(target)[1]:
            self.errors.append(f"{where}: {target!r} is of this page, but described nowhere in the document")

    def literal(self, value: Any, allowed: tuple[str, ...], where: str) -> None:
        """Check a text, number or truth value against the range of its property."""
        if value is None:
            self.errors.append(f"{where}: null")
        elif isinstance(value, bool):
            if "Boolean" not in allowed:
                self.errors.append(f"{where}: {json.dumps(value)} where {' or '.join(allowed)} is expected")
        elif isinstance(value, (int, float)):
            self.number(value, allowed, where)
        else:
            self.text(str(value), allowed, where)

    def number(self, value: float, allowed: tuple[str, ...], where: str) -> None:
        """Check a number: an error where no number and no text is expected, a warning where text is."""
        if self.vocabulary.fits(allowed, ("Number",)):
            if set(allowed) & {"Number", "Float"} or float(value).is_integer():
                return
            self.errors.append(f"{where}: {value} is no whole number")
        elif "Text" in allowed:
            self.warnings.append(f"{where}: number {value} where Text is expected")
        else:
            self.errors.append(f"{where}: number {value} where {' or '.join(allowed)} is expected")

    def text(self, value: str, allowed: tuple[str, ...], where: str) -> None:
        """Check a string: one of the data types must accept it; where only things are expected it is a warning."""
        if not value.strip():
            self.errors.append(f"{where}: empty text")
            return
        kinds = [a for a in allowed if a in self.vocabulary.datatypes]
        if any(_suits(value, kind) for kind in kinds):
            return
        member = value.rpartition("/")[2] if value.startswith(_SCHEMA[:2]) else ""
        if self.vocabulary.fits(self.vocabulary.members.get(member, ()), allowed):
            return
        message = f"{where}: text {value[:60]!r} where {' or '.join(allowed)} is expected"
        (self.errors if kinds else self.warnings).append(message)


def _context_errors(doc: Node) -> list[str]:
    """Return what is wrong with the context, which must make schema.org the vocabulary of bare keys."""
    for part in _listed(doc.get("@context", [])):
        vocabulary = part.get("@vocab", "") if isinstance(part, dict) else part
        if isinstance(vocabulary, str) and re.fullmatch(r"https?://schema\.org/?", vocabulary):
            return []
    return [f"@context {doc.get('@context')!r} is not https://schema.org"]


def _top_nodes(doc: Node) -> list[tuple[str, Node]]:
    """Return the nodes of the graph with the place of each; a document without @graph is one node itself."""
    if "@graph" in doc:
        return [(f"@graph[{i}]", n) for i, n in enumerate(_listed(doc["@graph"])) if isinstance(n, dict)]
    return [("document", {k: v for k, v in doc.items() if k != "@context"})]


def _page(ids: list[str]) -> str:
    """Return the address that most fragment ids share before the #."""
    pages = Counter(page for page, fragment in map(urldefrag, ids) if fragment)
    return pages.most_common(1)[0][0] if pages else ""


def _label(where: str, node: Node) -> str:
    """Return the place of a node with its type, so that a message can be read without counting."""
    return f"{where} {'/'.join(_types(node)) or 'untyped'}"


def _walk(doc: Node) -> _Check:
    """Return the finished check of one document."""
    top = _top_nodes(doc)
    types_of: dict[str, list[str]] = {}
    for node in _nodes([n for _, n in top]):
        if isinstance(node.get("@id"), str) and not _is_reference(node):
            types_of.setdefault(node["@id"], []).extend(_types(node))
    ids = [str(n["@id"]) for _, n in top if "@id" in n]
    check = _Check(load_vocabulary(), types_of, _page(ids), _context_errors(doc))
    if not top:
        check.errors.append("@graph is empty")
    check.errors += [f"@id {i!r} is given to {n} nodes of the graph" for i, n in Counter(ids).items() if n > 1]
    for where, node in top:
        check.node(node, _label(where, node), ())
    return check


def check_graph(doc: Node) -> list[str]:
    """Return what is wrong with a document by the rules of schema.org; nothing when all is well."""
    return _walk(doc).errors


def graph_warnings(doc: Node) -> list[str]:
    """Return what schema.org tolerates but does not ask for: text for a thing, numbers for text, old terms."""
    return _walk(doc).warnings


def read_blocks(html: str) -> tuple[list[Node], list[str]]:
    """Return the JSON-LD documents of a page, and the errors of blocks that are no JSON object."""
    found: list[Node] = []
    errors: list[str] = []
    blocks = LexborHTMLParser(html).css('script[type="application/ld+json"]')
    for number, block in enumerate(blocks, start=1):
        text = block.text(deep=True)
        try:
            doc = json.loads(text)
        except json.JSONDecodeError as error:
            errors.append(f"JSON-LD block {number}: {error}")
            continue
        if "<" in text:
            errors.append(f"JSON-LD block {number}: '<' must be written \\u003c")
        if isinstance(doc, dict):
            found.append(doc)
        else:
            errors.append(f"JSON-LD block {number}: {type(doc).__name__} instead of an object")
    return found, errors


def extract(html: str) -> list[Node]:
    """Return the JSON-LD documents of a page, or raise ValueError with what is no JSON object."""
    found, errors = read_blocks(html)
    if errors:
        raise ValueError("\n".join(errors))
    return found


def check_html(html: str) -> list[str]:
    """Return all that is wrong with a page's structured data: JSON, vocabulary and profiles."""
    found, errors = read_blocks(html)
    return errors + [message for doc in found for message in (*check_graph(doc), *check_bioschemas(doc))]
