"""Text that was decoded wrongly, with what it likely was.

UTF-8 that was taken for Mac OS Roman or Windows-1252 has a form that hardly any right text has: a
character of the first byte, then those of the bytes that must follow. Only where the bytes give a
character that papers use (Greek, punctuation, arrows, mathematics, Latin letters) is a reading
taken, and not where the sequence is good mathematics as it stands (``√π``). So what is
found can be mended without asking. See ``docs/decisions/0016-curators.md``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Misread", "mended", "misread"]


class Misread(NamedTuple):
    """A part of a text that was decoded wrongly."""

    start: int
    end: int
    original: str
    """What it was, by all likelihood."""


def _table(encoding: str) -> list[str]:
    """The characters of the 256 bytes; where Windows leaves a byte open, the control character of its number."""
    return [bytes([b]).decode(encoding, "ignore") or chr(b) for b in range(256)]


_TWO = (0xC2, 0xC3, 0xCE, 0xCF)
"""First bytes of two: Latin letters and signs up to U+00FF, Greek. Of others, the characters stand side by side in good
text: ``Å±``."""
_THREE = (0xE2, 0xEF)
"""First bytes of three: punctuation and signs from U+2000, ligatures."""
_TABLES = (_table("mac_roman"), _table("cp1252"))
_BYTES = tuple({c: b for b, c in enumerate(table) if b > 0x7F} for table in _TABLES)  # noqa: PLR2004 - ASCII is ASCII


def _set(table: list[str], numbers: Iterable[int]) -> str:
    """The characters of some bytes, for a pattern."""
    return re.escape("".join(table[n] for n in numbers))


def _pattern(table: list[str]) -> str:
    """Sequences of two or three characters whose bytes are UTF-8 (RFC 3629, section 4)."""
    tail = f"[{_set(table, range(0x80, 0xC0))}]"
    return f"[{_set(table, _TWO)}]{tail}|[{_set(table, _THREE)}]{tail}{tail}"


_PATTERNS = tuple(re.compile(_pattern(t)) for t in _TABLES)
_ANY = re.compile("|".join(_pattern(t) for t in _TABLES))
_LEADS = re.compile(f"[{''.join(_set(t, (*_TWO, *_THREE)) for t in _TABLES)}]")
_EXPECTED = re.compile(
    "[\u00a0-\u00ff\u0370-\u03ff\u2000-\u209f\u20ac\u2100-\u22ff\u2500-\u27bf\ufb00-\ufb06]",
)
"""What papers use: Latin letters with marks, Greek, punctuation, super- and subscripts, letterlike signs, arrows,
mathematical operators, shapes, dingbats and ligatures."""
_RIGHT_AS_IT_IS = re.compile(r"√[±≤≥µ∂∑∏π∫Ω∞°]")
"""Signs that stand side by side in good text, of which some bytes are UTF-8 too."""
_OPENED = dict(zip("\u00bb\u203a\u201d\u2019", "\u00ab\u2039\u201c\u2018", strict=True))
"""Closing quotes, which are also the last byte of a Greek letter, with what opens them: ``«Î»`` is no lambda."""
_QUOTED = 80
"""Characters that a quotation in which such a letter stands has at most."""
_ADDRESS = re.compile(
    r"(?:https?|ftp)://[^\s<>\"]+|(?<=\]\()[^\s<>()\"]+|(?:(?<=\bhref=[\"'])|(?<=\bsrc=[\"']))[^\"'<>]+|`[^`\n]+`"
)
"""An address in a text, of Markdown and HTML too, or code: it leads somewhere under the very letters that it has."""
_MAY_LEAD = ("://", "](", "=", "`")
_WORD_GOES_ON = re.compile(r"[a-z]{2}")
"""In a word, as a name with an accent has, nobody takes a root: ``Mu√±oz``."""


def _original(run: str, text: str, end: int) -> str:
    """What a sequence was; empty if it is right as it is.

    Args:
        run: the sequence.
        text: in which it stands.
        end: where it ends there.
    """
    if opened := _OPENED.get(run[-1]):
        start = end - len(run)
        near = max(0, start - _QUOTED)
        if text.rfind(opened, near, start) > text.rfind(run[-1], near, start):
            return ""
    before = end - len(run) - 1
    within = before >= 0 and text[before].isalpha() and _WORD_GOES_ON.match(text, end)
    if _RIGHT_AS_IT_IS.match(run) and not within:
        return ""
    for pattern, numbers in zip(_PATTERNS, _BYTES, strict=True):
        if not pattern.fullmatch(run):
            continue
        try:
            original = bytes(numbers[c] for c in run).decode()
        except UnicodeDecodeError:
            continue
        if _EXPECTED.fullmatch(original):
            return original
    return ""


def misread(text: str) -> list[Misread]:
    """The parts of a text that were decoded wrongly, from left to right; none of them within an address."""
    if text.isascii() or not _LEADS.search(text):
        return []
    out = []
    at = 0
    addresses = [m.span() for m in _ADDRESS.finditer(text)] if any(s in text for s in _MAY_LEAD) else []
    while (found := _ANY.search(text, at)) is not None:
        leads = any(a <= found.start() < b for a, b in addresses)
        original = "" if leads else _original(found[0], text, found.end())
        at = found.end() if original else found.start() + 1
        if original:
            out.append(Misread(*found.span(), original))
    return out


def mended(text: str) -> str:
    """The text with every misread part as it likely was."""
    for part in reversed(misread(text)):
        text = text[: part.start] + part.original + text[part.end :]
    return text
