"""A build that is killed at any moment leaves every file whole, and the next build mends the rest."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from builder.state import locked
from tests.site.building import COMMAND, figpages, gene, record, tree, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORDS = 300
SOME_TIME = 60.0
"""Seconds after which a build that did not come to the moment waited for is given up."""


def text(i: int, title: str) -> str:
    """Return a record of the collection."""
    rows = [gene(f"GENE{k}", str(k + 1)) for k in range(i % 60, i % 60 + 12)]
    return record(
        f"PMC{i}__f",
        pmcid=f"PMC{i}",
        year=str(2000 + i % 20),
        genes=rows,
        figtitle=f"{title} {i}",
        redirect_from=f"/old/{i}",
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a source of some hundred records."""
    root = tmp_path_factory.mktemp("killed")
    return write_site(root / "source", {f"PMC{i}__f": text(i, "Title") for i in range(RECORDS)}, "listing_page: 20\n")


@pytest.fixture(scope="module")
def clean(source: Path) -> dict[str, bytes]:
    """Return what an undisturbed build makes of the source."""
    ran = figpages("build", "--source", source, "--out", source.parent / "clean", "--cache", source.parent / "cache")
    assert ran.code == 0, ran.err
    return tree(source.parent / "clean")


class Killed:
    """A build with two workers in a session of its own, of which nothing outlives the test."""

    def __init__(self, source: Path, root: Path) -> None:
        self.out = root / "out"
        options = ["build", "--source", source, "--out", self.out, "--cache", root / "cache", "--jobs", "2"]
        self.messages = root / "messages.txt"
        with self.messages.open("wb") as file:
            self.process = subprocess.Popen(
                [*COMMAND, *map(str, options)], start_new_session=True, stdout=subprocess.DEVNULL, stderr=file
            )
        self.started = time.monotonic()

    def wait_for(self, files: int) -> None:
        """Wait until the output holds so many files, or the build has ended."""
        while self.process.poll() is None and time.monotonic() - self.started < SOME_TIME:
            if sum(len(names) for _, _, names in os.walk(self.out)) >= files:
                return
            time.sleep(0.002)

    def wait_for_workers(self) -> list[psutil.Process]:
        """Wait until workers have started, or the build has ended; returns them."""
        parent = psutil.Process(self.process.pid)
        while self.process.poll() is None and time.monotonic() - self.started < SOME_TIME:
            with suppress(psutil.NoSuchProcess):
                if found := parent.children():
                    return found
            time.sleep(0.002)
        return []

    def told(self) -> str:
        """Return what the build wrote to standard error."""
        return self.messages.read_text(encoding="utf-8")

    def kill_all(self) -> None:
        """Kill the build and its workers."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def build(source: Path, tmp_path: Path) -> Iterator[Killed]:
    """Return a build that has just begun."""
    running = Killed(source, tmp_path)
    yield running
    running.kill_all()


def again(source: Path, root: Path) -> dict[str, bytes]:
    """Return the output after another build."""
    ran = figpages("build", "--source", source, "--out", root / "out", "--cache", root / "cache", "--jobs", "2")
    assert ran.code == 0, ran.err
    return tree(root / "out")


@pytest.mark.parametrize("files", [1, 40, 280, 640])
def test_killed_build_is_mended(
    files: int, build: Killed, source: Path, tmp_path: Path, clean: dict[str, bytes]
) -> None:
    """Killed early or late, every file stands whole under its name, and the next build makes the clean site."""
    build.wait_for(files)
    build.kill_all()
    found = tree(tmp_path / "out") if (tmp_path / "out").exists() else {}
    whole = {path: data for path, data in found.items() if not path.endswith(".tmp")}
    assert {p: clean[p] for p in whole} == whole
    assert again(source, tmp_path) == clean


def test_killed_update_leaves_old_or_new_pages(tmp_path: Path, clean: dict[str, bytes]) -> None:
    """Killed while it renews a site, a build leaves each page as it was or as it will be."""
    own = write_site(
        tmp_path / "source", {f"PMC{i}__f": text(i, "Title") for i in range(RECORDS)}, "listing_page: 20\n"
    )
    assert again(own, tmp_path) == clean
    for i in range(0, RECORDS, 2):
        (own / f"figures/PMC{i}__f.md").write_text(text(i, "New title"), encoding="utf-8")
    assert figpages("build", "--source", own, "--out", tmp_path / "new", "--cache", tmp_path / "cache2").code == 0
    new = tree(tmp_path / "new")
    page = tmp_path / "out/figures/PMC298__f.html"
    running = Killed(own, tmp_path)
    while running.process.poll() is None and page.read_bytes() == clean["figures/PMC298__f.html"]:
        time.sleep(0.002)
    running.kill_all()
    for path, data in tree(tmp_path / "out").items():
        assert path.endswith(".tmp") or data in (clean.get(path), new.get(path)), path
    assert again(own, tmp_path) == new


def test_next_build_need_not_wait_for_workers(
    build: Killed, source: Path, tmp_path: Path, clean: dict[str, bytes]
) -> None:
    """When the main process alone is killed, its workers end by themselves and do not keep the site locked."""
    workers = build.wait_for_workers()
    os.kill(build.process.pid, signal.SIGKILL)
    build.process.wait()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []
    assert again(source, tmp_path) == clean


def test_second_build_of_one_output_is_refused(build: Killed, source: Path, tmp_path: Path) -> None:
    """While one build writes a folder, another is told so; the first goes on to its end."""
    build.wait_for_workers()
    if build.process.poll() is None:
        os.killpg(build.process.pid, signal.SIGSTOP)
        ran = figpages("build", "--source", source, "--out", tmp_path / "out", "--cache", tmp_path / "cache")
        os.killpg(build.process.pid, signal.SIGCONT)
        assert ran.code == 1
        assert "another build is writing" in ran.err
    assert build.process.wait(SOME_TIME) == 0


def test_build_that_is_ending_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that a killed build lets go of a moment later is taken then, not refused."""
    monkeypatch.setattr("builder.state.PATIENCE", 20.0)
    lock, let_go = tmp_path / "lock", threading.Event()
    with lock.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        def end() -> None:
            let_go.set()
            fcntl.flock(held, fcntl.LOCK_UN)

        threading.Timer(0.2, end).start()
        with locked(lock, "out"):
            assert let_go.is_set()


def test_worker_that_is_killed_is_told(build: Killed, source: Path, tmp_path: Path, clean: dict[str, bytes]) -> None:
    """When the system ends a worker, the build ends with a message, not a traceback, and the next one succeeds."""
    for worker in build.wait_for_workers()[:1]:
        with suppress(psutil.NoSuchProcess):
            worker.kill()
    code, told = build.process.wait(SOME_TIME), build.told()
    assert "Traceback" not in told
    assert code == 0 or (code == 1 and "ended from outside" in told)
    assert again(source, tmp_path) == clean


def test_interrupted_build_ends_quietly(source: Path, tmp_path: Path, clean: dict[str, bytes]) -> None:
    """Ctrl+C ends a build without a traceback, and without harm."""
    options = ["build", "--source", source, "--out", tmp_path / "out", "--cache", tmp_path / "cache", "--jobs", "2"]
    with subprocess.Popen(
        [*COMMAND, *map(str, options)],
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        parent = psutil.Process(process.pid)
        while process.poll() is None and not parent.children():
            time.sleep(0.002)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        try:
            _, err = process.communicate(timeout=SOME_TIME)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert "Traceback" not in err
    assert again(source, tmp_path) == clean
