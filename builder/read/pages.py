"""Text pages: ``pages/*.md`` of a site, with defaults for those that every site needs."""

from __future__ import annotations

import re
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from builder.problems import Finding, Problem, failures
from builder.read.frontmatter import decode, left_out_below, parse, yaml_text
from builder.read.texts import CONTROL, LEFT_OUT, published
from builder.read.yamltext import YamlError, locate, locate_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["FENCED", "PARTS", "Page", "read_pages"]

PARTS = ("genes", "human", "organisms", "chemicals", "diseases", "mentions", "ocr")
"""What parts of a text page may be on: they are left out where no figure has it, and ``no genes`` where some have."""
FENCED = r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)"
"""A block of code, in which what parts and citations look like is shown as it is."""
_EDGE = re.compile(
    rf"{FENCED}|^<!-- (?P<end>/?)(?P<kind>(?:no )?(?:{'|'.join(PARTS)})) -->[ \t]*$", re.MULTILINE | re.DOTALL
)

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_TAKEN = {
    "index", "404", "figures", "genes", "organisms", "browse", "chemicals", "diseases", "explore", "statistics",
    "wikipathways", "ndex",
}  # fmt: skip
"""Pages that every site has, and its sections: servers show ``genes.html`` at ``/genes`` in place of ``genes/``."""
_KEYS = {"title", "description"}
MOST_TEXT = 1_000_000
MOST_SIGNS = 2_000
"""Of each sign that begins something in a text page and is not closed: formatting one takes three seconds then."""
_CLOSING = {"[": "](", "<": ">", "`": ""}


class Page(NamedTuple):
    """A text page."""

    name: str
    """Its file is ``<name>.html``."""
    title: str
    description: str
    text: str
    """Markdown."""


def _fault(name: str) -> str:
    """Why a file cannot become a page, or an empty string."""
    if not _NAME.match(name):
        return "found a page whose name is not of a-z, 0-9 and -"
    return "found a page whose name the site needs for itself" if name in _TAKEN else ""


def _text_fault(text: str) -> str:
    """Why a text cannot be formatted in a moment, or an empty string: what nothing closes takes long."""
    if len(text) > MOST_TEXT:
        return f"found a text of {len(text):,} characters, expected at most {MOST_TEXT:,}"
    left = {sign: text.count(sign) - (text.count(end) if end else 0) for sign, end in _CLOSING.items()}
    sign, most = max(left.items(), key=itemgetter(1))
    # Closed ones take their time too, of which a page of many links has enough.
    most = max(most, text.count(sign) // 20)
    return (
        f"found {most:,} of '{sign}' that nothing closes, expected at most {MOST_SIGNS:,}" if most > MOST_SIGNS else ""
    )


def _left_out(shown: str, text: str, fields: dict[str, str]) -> list[Problem]:
    """The first character of each field, and of the text below, that cannot be published.

    Args:
        shown: how messages name the page.
        text: all of the file.
        fields: of its front matter.
    """
    written = yaml_text(text)
    found = [(locate(written, (key,)), c) for key, value in fields.items() if (c := CONTROL.search(value))]
    front = [Problem(shown, *place, "warning", "control-character", LEFT_OUT.format(ord(c[0]))) for place, c in found]
    return front + left_out_below(shown, text, written)


def _unpaired(shown: str, text: str) -> list[Problem]:
    """The beginnings of parts that do not end, and the ends of parts that did not begin."""
    begun: dict[str, list[int]] = defaultdict(list)
    odd: list[tuple[int, str, str]] = []
    for edge in _EDGE.finditer(text):
        kind = edge["kind"]
        if edge["fence"]:
            continue
        if not edge["end"]:
            begun[kind].append(edge.start())
        elif begun[kind]:
            begun[kind].pop()
        else:
            odd.append((edge.start(), f"/{kind}", f"<!-- {kind} -->"))
    odd += [(start, kind, f"<!-- /{kind} -->") for kind, starts in begun.items() for start in starts]
    return [
        Problem(shown, text.count("\n", 0, start) + 1, 1, "warning", "page-part",
                f"found the line <!-- {edge} --> without its {other}; it is left as it is")
        for start, edge, other in sorted(odd)
    ]  # fmt: skip


def _read(path: Path, shown: str) -> tuple[Page | None, list[Problem]]:
    """One page."""
    if fault := _fault(path.stem):
        return None, [Problem(shown, 1, 1, "error", "page-name", fault)]
    try:
        text = decode(path.read_bytes())
        data, body = parse(text)
    except YamlError as error:
        return None, [Problem(shown, error.line, error.column, "error", "front-matter", str(error))]
    except OSError as error:
        return None, [Problem(shown, 1, 1, "error", "unreadable", f"cannot read it: {error.strerror}")]
    if fault := _text_fault(body):
        return None, [Problem(shown, 1, 1, "error", "too-large", fault)]
    title, description = data.get("title"), data.get("description") or ""
    unknown = (k for k in data if k not in _KEYS)
    found = [Finding((k,), "warning", "page-key", f"found the key '{k}', which no page shows") for k in unknown]
    if not isinstance(title, str) or not title.strip():
        found.append(Finding(("title",), "error", "page-title", "found no title that is text, expected 'title: ...'"))
    if not isinstance(description, str):
        message = "found a description that is no text, expected 'description: ...'"
        found.append(Finding(("description",), "error", "page-title", message))
    written = yaml_text(text)
    places = [locate_key(written, str(f.where[0])) if f.rule == "page-key" else locate(written, f.where) for f in found]
    problems = [
        Problem(shown, *(place if f.where[0] in data else (2, 1)), f.severity, f.rule, f.message)
        for place, f in zip(places, found, strict=True)
    ]
    if not isinstance(title, str) or not isinstance(description, str) or failures(problems):
        return None, problems
    problems += _left_out(shown, text, {"title": title, "description": description})
    problems += _unpaired(shown, text)
    return Page(path.stem, published(title), published(description), published(body)), problems


def read_pages(files: Iterable[tuple[Path, str]], defaults: Path) -> tuple[list[Page], list[Problem]]:
    """All text pages by name, and what is wrong with them.

    Args:
        files: pages of the site, each with the name that messages use.
        defaults: folder of the pages that a site has where it gives none of that name.
    """
    pages: dict[str, Page] = {}
    problems: list[Problem] = []
    own = list(files)
    names = {p.stem for p, _ in own}
    shipped = [(p, p.name) for p in sorted(defaults.glob("*.md")) if p.stem not in names]
    for path, shown in [*own, *shipped]:
        page, found = _read(path, shown)
        problems += found
        if page is not None:
            pages[page.name] = page
    return [pages[n] for n in sorted(pages)], problems
