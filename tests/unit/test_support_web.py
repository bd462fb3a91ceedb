"""The server, the HTML checker, axe and the browser of the tests do what the tests rely on."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPResponse
from typing import TYPE_CHECKING

import pytest

from tests.support import markup
from tests.support.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = "<!doctype html><html lang='en'><head><title>Figures</title></head><body>{}</body></html>"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a site of a few files."""
    (tmp_path / "genes").mkdir()
    for name, body in {
        "index.html": "<main><h1>Home</h1></main>",
        "404.html": "<main><h1>Lost</h1></main>",
        "genes/index.html": "<main><h1>Genes</h1></main>",
        "genes/C'EBPA.html": "<main><h1>C'EBPA</h1></main>",
    }.items():
        (tmp_path / name).write_text(PAGE.format(body), encoding="utf-8")
    (tmp_path / "data.bin").write_bytes(bytes(range(100)))
    return tmp_path


@pytest.fixture
def address(root: Path) -> Iterator[str]:
    """Serve that site under a sub-path."""
    with serve(root, "/pfocr/") as found:
        yield found


def get(address: str, **headers: str) -> tuple[int, str, bytes]:
    """Return status, final address and body of an answer."""
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - our own server
    try:
        answer: HTTPResponse = urllib.request.urlopen(request, timeout=10)  # noqa: S310
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.url or "", error.read()
    with answer:
        return answer.status, answer.url, answer.read()


def test_server_answers_like_the_host(address: str) -> None:
    """Files, folders, names without .html, encoded names and missing pages are answered as on GitHub Pages."""
    assert address.endswith("/pfocr/")
    assert b"Home" in get(address)[2]
    assert get(address + "genes")[1] == address + "genes/"
    assert b"EBPA" in get(address + "genes/C%27EBPA.html?x=1")[2]
    assert b"EBPA" in get(address + "genes/C%27EBPA")[2]
    status, _, body = get(address + "nothing.html")
    assert (status, b"Lost" in body) == (404, True)


def test_server_keeps_to_its_path(address: str) -> None:
    """Nothing is served outside the sub-path, nor from above the folder."""
    assert get(address.replace("/pfocr/", "/index.html"))[0] == 404
    assert get(address + "%2e%2e/%2e%2e/etc/passwd")[0] == 404


def test_server_ranges(address: str) -> None:
    """A byte range is answered in part, as a search index in ranges needs."""
    status, _, body = get(address + "data.bin", Range="bytes=10-19")
    assert (status, body) == (206, bytes(range(10, 20)))


@markup.needs_vnu
def test_html_checker(root: Path) -> None:
    """The HTML checker is silent on a good page and gives place and reason on a bad one."""
    assert markup.vnu([root / "index.html"]) == []
    bad = root / "bad.html"
    bad.write_text(PAGE.format("\n<p id='a'><ul><li id='a'></ul></p>"), encoding="utf-8")
    found = markup.vnu([bad])
    assert found
    assert found[0].startswith(f"{bad}:2:")
    assert any("Duplicate ID" in message for message in found)
