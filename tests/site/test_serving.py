"""What curators see while they edit: a saved record at once, then all that follows; and what a build took."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from tornado.websocket import websocket_connect

from builder.options import Options
from builder.pipeline import build
from builder.preview import Preview
from builder.serve import WholeFile, interrupted
from tests.site.building import COMMAND, figpages, gene, in_process, record, write_site
from tests.support.server import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 60.0
"""Seconds after which what is waited for is given up."""
RECORDS = {
    "PMC1__a": record("PMC1__a", genes=[gene("TP53", "7157"), gene("MDM2", "4193")]),
    "PMC2__b": record("PMC2__b", pmcid="PMC2", genes=[gene("TP53", "7157"), gene("MDM2", "4193")]),
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a small source."""
    return write_site(tmp_path / "source", RECORDS)


@pytest.fixture
def preview(source: Path, tmp_path: Path) -> Preview:
    """Return what shows saved records of the source, once it is built."""
    result = build(Options(source, tmp_path / "out", tmp_path / "cache", jobs=1))
    assert result.site is not None
    return Preview(result.site, tmp_path / "out")


@pytest.mark.parametrize(("host", "url"), [("::1", "http://[::1]:8000/"), ("127.0.0.1", "http://127.0.0.1:8000/")])
def test_address_of_a_host(host: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that is served is built for the address at which browsers ask for it, that of an IPv6 host in brackets."""
    asked: list[Options] = []
    monkeypatch.setattr("builder.serve.serve", lambda options, *_: asked.append(options))
    in_process("serve", "--host", host)
    assert [options.url for options in asked] == [url]


def save(source: Path, figid: str, text: str) -> Path:
    """Save a record."""
    path = source / "figures" / f"{figid}.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_saved_record_is_shown_as_it_will_be_built(source: Path, tmp_path: Path, preview: Preview) -> None:
    """The page that is shown at once has the very bytes that the build then makes."""
    more = RECORDS["PMC1__a"].replace("pmcid:", "note: seen by a curator\npmcid:")
    assert preview.show(save(source, "PMC1__a", more))
    page = tmp_path / "out/figures/PMC1__a.html"
    shown = page.read_bytes()
    assert b"seen by a curator" in shown
    assert build(Options(source, tmp_path / "out", tmp_path / "cache", jobs=1)).published is not None
    assert page.read_bytes() == shown


def test_what_only_a_build_can_tell_is_not_shown(source: Path, tmp_path: Path, preview: Preview) -> None:
    """A new record, a new gene, a bad record and a file that is no record are left to the build."""
    page = tmp_path / "out/figures/PMC1__a.html"
    before = page.read_bytes()
    assert not preview.show(save(source, "PMC3__c", record("PMC3__c")))
    assert not preview.show(save(source, "PMC1__a", record("PMC1__a", genes=[gene("NEW1", "1")])))
    assert not preview.show(save(source, "PMC1__a", "---\nfigid: [\n---\n"))
    assert not preview.show(source / "site.yml")
    assert page.read_bytes() == before


def test_emptied_folder_is_left_to_the_build(source: Path, tmp_path: Path, preview: Preview) -> None:
    """Where somebody removed the output, a saved record does not stand there alone, as a foreign file to any build."""
    shutil.rmtree(tmp_path / "out")
    assert not preview.show(save(source, "PMC1__a", RECORDS["PMC1__a"].replace("pmcid:", "note: x\npmcid:")))
    assert build(Options(source, tmp_path / "out", tmp_path / "cache", jobs=1)).published is not None


class Served:
    """A site that is served by a process of its own."""

    def __init__(self, source: Path, root: Path) -> None:
        self.port = free_port()
        command = [*COMMAND, "serve", "--source", str(source), "--out", str(root / "out")]
        command += ["--cache", str(root / "cache"), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_for(self, path: str, text: str) -> None:
        """Wait until a page holds a text."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}") as answer:
                    if text in answer.read().decode():
                        return
            except (urllib.error.URLError, ConnectionError):
                assert self.process.poll() is None
            time.sleep(0.05)
        pytest.fail(f"{path} never came to hold {text}")


@pytest.fixture
def served(source: Path, tmp_path: Path) -> Iterator[Served]:
    """Return the source as it is served."""
    running = Served(source, tmp_path)
    yield running
    running.process.kill()
    running.process.communicate()


def test_edits_are_served(served: Served, source: Path) -> None:
    """A saved record is served with what was saved, and so is what follows from it on other pages; Ctrl+C ends it."""
    served.wait_for("figures/PMC1__a.html", "Title of PMC1__a")
    served.wait_for("figures/PMC1__a.html", "<script defer src=/livereload.js></script>")
    served.wait_for("livereload.js", "LiveReload")
    save(source, "PMC1__a", record("PMC1__a", figtitle="Another title", genes=[gene("NEW1", "1")]))
    served.wait_for("figures/PMC1__a.html", "Another title")
    served.wait_for("genes/NEW1.html", "Another title")
    served.process.send_signal(signal.SIGINT)
    _, told = served.process.communicate(timeout=PATIENCE)
    assert "Traceback" not in told
    assert "Could not open" not in told


def test_what_is_saved_during_the_first_build_is_served(served: Served, source: Path, tmp_path: Path) -> None:
    """A record that is saved after the first build has read it is not forgotten, though nothing is served yet."""
    end = time.monotonic() + PATIENCE
    while not (tmp_path / "out/index.html").exists() and time.monotonic() < end:
        time.sleep(0.001)
    save(source, "PMC1__a", record("PMC1__a", figtitle="Another title"))
    served.wait_for("figures/PMC1__a.html", "Another title")


def test_addresses_answer_as_on_other_servers(served: Served, source: Path) -> None:
    """An old address without .html leads to the page, and what is not there is told by the site's own page."""
    save(source, "PMC1__a", record("PMC1__a", redirect_from="/figures/PMC1__F1"))
    served.wait_for("figures/PMC1__F1", "/figures/PMC1__a.html")
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"http://127.0.0.1:{served.port}/figures/nowhere")
    assert missing.value.code == 404
    told = missing.value.read()
    assert b"<script defer src=/livereload.js></script>" in told
    assert b'href="/explore/"' in told or b"href=/explore/" in told
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"http://127.0.0.1:{served.port}/%2e%2e/source/site.yml")
    for odd in ("n" * 300, "figures/%00"):
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"http://127.0.0.1:{served.port}/{odd}")
        assert missing.value.code == 404
        missing.value.close()


async def told_to_reload(port: int, page: str) -> bool:
    """Whether a browser that shows a page, and connects now, is told at once to load it anew."""
    connection = await websocket_connect(f"ws://127.0.0.1:{port}/livereload")
    told = []
    for said in ({"command": "hello"}, {"command": "info", "url": f"http://127.0.0.1:{port}/{page}"}):
        await connection.write_message(json.dumps(said))
    with suppress(asyncio.TimeoutError):
        while "reload" not in told:
            answer = await asyncio.wait_for(connection.read_message(), 2)
            told.append(json.loads(answer or "{}").get("command"))
    connection.close()
    while await connection.read_message() is not None:  # until the server has closed it too, and the socket with it
        pass
    await asyncio.sleep(0.05)
    return "reload" in told


def test_browser_that_comes_late_to_a_reload(served: Served, source: Path) -> None:
    """A page that was asked for before a build, and connects after it, is loaded anew; one that is as built is not."""
    served.wait_for("genes/TP53.html", "Title of PMC1__a")
    save(source, "PMC1__a", record("PMC1__a", figtitle="Another title", genes=[gene("TP53", "7157")]))
    served.wait_for("figures/PMC1__a.html", "Another title")
    time.sleep(1)  # the build behind it ends
    assert asyncio.run(told_to_reload(served.port, "genes/TP53.html"))
    served.wait_for("genes/TP53.html", "Another title")
    assert not asyncio.run(told_to_reload(served.port, "genes/TP53.html"))


def test_source_that_another_takes_the_place_of(served: Served, source: Path) -> None:
    """What is saved in a folder that took the source's name is served, as all that differs in it."""
    served.wait_for("figures/PMC1__a.html", "Title of PMC1__a")
    other = source.with_name("other")
    shutil.copytree(source, other)
    save(other, "PMC1__a", record("PMC1__a", figtitle="Another title"))
    source.rename(source.with_name("former"))
    other.rename(source)
    served.wait_for("figures/PMC1__a.html", "Another title")
    save(source, "PMC1__a", record("PMC1__a", figtitle="A third title"))
    served.wait_for("figures/PMC1__a.html", "A third title")


def test_what_cannot_be_served(source: Path, tmp_path: Path) -> None:
    """Where there can be no site, the command says why in one message and ends."""
    places: list[str | Path] = ["--cache", tmp_path / "cache", "--port", str(free_port())]
    ran = figpages("serve", "--source", tmp_path / "nowhere", *places)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"Error: {tmp_path / 'nowhere'} is not a folder")
    assert "Traceback" not in ran.err
    ran = figpages("serve", "--source", source, "--out", source / "figures/out", *places)
    assert (ran.code, ran.out) == (1, "")
    assert "lies in the folder of records" in ran.err


def test_page_that_is_replaced_while_it_is_served_is_whole(tmp_path: Path) -> None:
    """What is sent is as long as was said, though a build puts another page in its place in between."""
    page = tmp_path / "a.html"
    page.write_bytes(b"before")
    answer = WholeFile.__new__(WholeFile)
    answer.absolute_path = str(page)
    size = answer.get_content_size()
    page.write_bytes(b"longer than before")
    sent = answer.get_content(str(page))
    assert (size, sent) == (6, b"before")


def test_interrupt_that_is_swallowed_ends_it_too() -> None:
    """Ctrl+C is remembered, even where the code that it interrupts goes on."""
    before = signal.getsignal(signal.SIGINT)
    try:
        stop = interrupted()
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
    finally:
        signal.signal(signal.SIGINT, before)


def test_port_that_is_taken(served: Served, source: Path, tmp_path: Path) -> None:
    """A second server on the same port is told so, and ends."""
    served.wait_for("", "<h1>")
    command: list[str | Path] = ["serve", "--source", source, "--out", tmp_path / "other", "--cache", tmp_path / "c2"]
    ran = figpages(*command, "--port", str(served.port))
    assert ran.code == 1
    assert f"cannot listen on 127.0.0.1:{served.port}" in ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "other").exists()  # it did not even build: that may be what the other serves


def test_profile(source: Path, tmp_path: Path) -> None:
    """``--profile`` tells what each phase took, in their order, and the sum; without it nothing is told."""
    command: list[str | Path] = ["build", "--source", source, "--cache", tmp_path / "cache", "--out"]
    assert figpages(*command, tmp_path / "out").err == ""
    lines = figpages(*command, tmp_path / "out2", "--profile").err.splitlines()
    assert re.split(r"\s{2,}", lines[0]) == ["phase", "wall s", "CPU s", "MB", "a second"]
    names = [re.split(r"\s{2,}", line)[0] for line in lines[1:]]
    assert names == [
        "look", "read", "catalogue", "neighbours", "plan", "search index", "render and write", "publish", "remember",
        "between phases", "total",
    ]  # fmt: skip
    walls = [float(re.split(r"\s{2,}", line)[1]) for line in lines[1:]]
    assert abs(sum(walls[:-1]) - walls[-1]) < 0.1
