"""Drawings (SVG) that a site may serve: they draw, and neither run scripts nor fetch files.

A drawing that is opened by itself is a document of the site, and its scripts would be the site's own. It is read as a
browser reads it, with entities, namespaces and escapes undone; whatever could make the browser read something else is
refused: another encoding, an internal subset of the document type, text that is no XML.

Source: https://www.w3.org/TR/SVG2/, https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MAX_DRAWING", "drawing_fault"]

MAX_DRAWING = 16 * 1024 * 1024
"""Bytes of a drawing."""

_XHTML = "http://www.w3.org/1999/xhtml"
_ACTIVE = re.compile(r"script|foreignobject|iframe|embed|object|handler|listener|set|animate.*|link|discard")
"""Elements that run scripts, or that change what other elements do."""
_RUNS = re.compile(r"(?:java|vb)script:", re.IGNORECASE)
_WITHIN = r"data:(?:image/(?:png|jpe?g|gif|webp)|font/[a-z0-9]+|application/(?:x-)?font-[a-z]+)[;,]"
"""A picture or a font that a drawing holds itself."""
_AWAY = re.compile(rf"[\"'\s]*(?!{_WITHIN})(?:[a-z][a-z0-9+.-]*:|[/\\]{{2}})", re.IGNORECASE)
"""An address that leads out of a drawing."""
_FETCHED = re.compile(rf"@import|\burl\({_AWAY.pattern}|\bimage-set\(", re.IGNORECASE)
"""What a style fetches."""
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(\n)|(.))", re.DOTALL)
_ENTITY = re.compile(rb"&(?!#|(?:amp|lt|gt|quot|apos);)")
"""An entity that XML itself does not know, and a browser may: by the document type, it reads the names of HTML."""
_ENCODINGS = re.compile(r"utf-?8|(?:us-)?ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE)
"""Encodings in which ASCII is ASCII."""
_BLANK = re.compile(r"[\x00-\x20]+")
"""What browsers leave out of the scheme of an address."""


class _FaultError(Exception):
    """What a drawing must not hold."""


def _unescaped(style: str) -> str:
    """A style with its escapes undone, and without what browsers leave out of addresses.

    Comments stay, as they join nothing: ``@im/**/port`` is no import.
    """
    plain = _ESCAPE.sub(lambda m: chr(min(int(m[1], 16), 0x10FFFF)) if m[1] else m[3] or "", style)
    return re.sub(r"[\t\r\n]", "", plain)


def _check_style(style: str) -> None:
    """Refuse a style that fetches files."""
    if found := _FETCHED.search(_unescaped(style)):
        raise _FaultError(found[0])


class _Reader:
    """Reads a drawing, and raises what it must not hold."""

    def __init__(self) -> None:
        self._style: list[str] | None = None
        self._ascii = True
        parser = self._parser = expat.ParserCreate(namespace_separator="\n")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.EntityDeclHandler = parser.AttlistDeclHandler = self._refused
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def read(self, data: bytes) -> None:
        """Read a drawing to its end.

        Raises:
            _FaultError: what it must not hold.
            expat.ExpatError: if it is no XML.
        """
        self._ascii = data.isascii()
        if found := _ENTITY.search(data):
            raise _FaultError(data[found.start() : found.start() + 20].decode("utf-8", "replace"))
        self._parser.Parse(data, True)  # noqa: FBT003 - expat's signature

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        plain = self._ascii and _ENCODINGS.fullmatch(encoding or "")
        if not plain and (encoding or "utf-8").lower() not in {"utf-8", "utf8"}:
            raise _FaultError(f"encoding={encoding}")

    def _refused(self, *_declaration: object) -> None:
        """Refuse what gives elements attributes, or texts names."""
        raise _FaultError("<!DOCTYPE [")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise _FaultError(f"<?{target}")

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, local = name.rpartition("\n")
        kind = local.lower()
        if space == _XHTML or _ACTIVE.fullmatch(kind):
            raise _FaultError(f"<{local}")
        for key, value in attributes.items():
            self._attribute(kind, key.rpartition("\n")[2].lower(), value)
        if kind == "style":
            self._style = []
        elif self._style is not None:
            raise _FaultError(f"<{local} in a style")

    @staticmethod
    def _attribute(kind: str, name: str, value: str) -> None:
        """Refuse an attribute that runs a script or fetches a file; a link may lead elsewhere."""
        bare = _BLANK.sub("", value)
        if name.startswith("on") or _RUNS.match(bare):
            raise _FaultError(f"{name}={value}")
        if name == "href" and bare[:5].lower() == "data:" and not re.match(_WITHIN, bare, re.IGNORECASE):
            raise _FaultError(f"{name}={value}")
        if ((name in {"href", "src"} and kind != "a") or name == "base") and _AWAY.match(bare):
            raise _FaultError(f"{name}={value}")
        _check_style(value)

    def _end(self, _name: str) -> None:
        if self._style is not None:
            _check_style("".join(self._style))
            self._style = None

    def _text(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)


def drawing_fault(data: bytes) -> str:
    """Why a drawing must not be published, or an empty string: opened by itself, it runs its scripts on the site."""
    if len(data) > MAX_DRAWING:
        return f"found a drawing of {len(data):,} bytes, expected at most {MAX_DRAWING:,}"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "found a drawing that is not UTF-8"
    try:
        _Reader().read(data)
    except _FaultError as fault:
        return f"found a drawing with '{' '.join(str(fault).split())[:40]}', which may run scripts or fetch files"
    except (LookupError, ValueError):
        return "found a drawing in an encoding that is not known"
    except expat.ExpatError as error:
        return f"found a drawing that is no XML: {expat.ErrorString(error.code)}, line {error.lineno}"
    return ""
