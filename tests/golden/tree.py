"""A built site in the form in which it is stored: as text, and without what changes when no page does."""

from __future__ import annotations

import gzip
import io
import re
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
from PIL import Image

from tests.site.building import build, tree
from tests.support.searching import dump

__all__ = [
    "CHECKOUT",
    "CHECKOUT_EXPECTED",
    "EXPECTED",
    "SITE",
    "build_golden",
    "stored_checkout",
    "stored_form",
    "stored_tree",
]

HERE = Path(__file__).parent
SITE = HERE / "site"
EXPECTED = HERE / "expected"
CHECKOUT = HERE.parent / "checkout/site"
"""A checkout in PFOCR's layout."""
CHECKOUT_EXPECTED = HERE.parent / "checkout/expected"

_ASSET = re.compile(r"(assets/[a-z]+\.)[0-9a-f]{10}(\.(?:css|js|svg))")
_BETWEEN_TAGS = re.compile(r">(?=<)")
# Packed sizes and their hashes are zlib's business, which differs from machine to machine.
_PACKED = re.compile(r"\b(?:[0-9a-f]{64}|\d[\d.,]* (?:bytes|kB|MB))(?![\w.])")
_BYTES = re.compile(r'("bytes": )\d+')


def _text(path: str, data: bytes) -> str:
    """Return a text file; of pages one element a line, so that a difference can be read."""
    text = _ASSET.sub(r"\1HASH\2", data.decode("utf-8"))
    if path.endswith((".html", "datapackage.json", "SHA256SUMS")):
        text = _BYTES.sub(r"\1PACKED", _PACKED.sub("PACKED", text))
    if path.endswith(".html"):
        text = _BETWEEN_TAGS.sub(">\n", text)
    return text


def stored_form(path: str, data: bytes) -> tuple[str, str]:
    """Return the path and the text under which a file of a site is stored.

    Bundled assets are stored by name alone; packed files unpacked, those of the search index entry by entry; Parquet by
    its rows; a thumbnail, which is another encoder's work on every machine, by its format and size; another picture by
    its hash.
    """
    if path.startswith("assets/"):
        return _ASSET.sub(r"\1HASH\2", path), ""
    if path.endswith(".gz"):
        return f"{path}.txt", gzip.decompress(data).decode("utf-8")
    if path.startswith("search/") and path.endswith(".bin"):
        return f"{path}.txt", dump(path, data)
    if path.endswith(".parquet"):
        return f"{path}.txt", "".join(f"{row}\n" for row in pq.read_table(io.BytesIO(data)).to_pylist())
    if path.endswith(".webp"):
        with Image.open(io.BytesIO(data)) as image:
            return f"{path}.txt", f"{image.format} {image.width} x {image.height}\n"
    if path.endswith(".png"):
        return f"{path}.txt", f"sha256 {sha256(data).hexdigest()}\n"
    return path, _text(path, data)


def stored_tree(root: Path) -> dict[str, str]:
    """Return the stored form of every file of a built site."""
    return dict(stored_form(path, data) for path, data in tree(root).items())


_MAIN = re.compile(r"<main.*</main>", re.DOTALL)
_JSONLD = re.compile(r"<script type=application/ld\+json>(.*?)</script>", re.DOTALL)
# Of the figures those with a page of their own kind; the others fill lists.
_KEPT = re.compile(
    r"(figures/PMC20000(0\d|1\d)__|genes/(?!letters)|chemicals/|diseases/|organisms/|wikipathways/|ndex/)"
)


def stored_checkout(root: Path) -> dict[str, str]:
    """Return the stored form of a built checkout: every path, and of its own kinds of pages what is on them alone."""
    stored = stored_tree(root)
    out = {"paths.txt": "".join(f"{path}\n" for path in sorted(stored) if not path.startswith("downloads/"))}
    for path, text in stored.items():
        if path.endswith(".html") and _KEPT.match(path) and "http-equiv=refresh" not in text:
            parts = (_JSONLD.search(text), _MAIN.search(text))
            out[path] = "\n".join(part[0] for part in parts if part) + "\n"
    return out


def build_golden(folder: Path, site: Path = SITE) -> tuple[Path, str]:
    """Build a golden site in a folder; returns its output and its warnings.

    Raises:
        RuntimeError: if the build has an error.
    """
    ran = build(site, folder / "out", folder / "cache")
    if ran.code:
        raise RuntimeError(ran.err + ran.out)
    return folder / "out", ran.err.replace(str(site), "site")
