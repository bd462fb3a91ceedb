"""What happens to a site in its life, one step after another, as figpages builds it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from compileall import compile_dir
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING

from benchmarks.measure import Measured, Written, measure, snapshot, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["BuildError", "Lane", "describe_command", "record_files", "table_files"]

CHECKOUT = Path(__file__).resolve().parents[1]
_PARTS = ("builder", "templates", "static")
_CALL = "from builder.cli import run; run()"
PORT = 8791
SETTLED = 2.0
"""Seconds after which the server has begun to watch."""

Result = tuple[str, Measured, Written]


class BuildError(Exception):
    """A measured command ended with an exit code that it should not have."""

    def __init__(self, step: str, measured: Measured) -> None:
        super().__init__(f"{step}: exit code {measured.code}\n{measured.output[-2000:]}")
        self.measured = measured


def describe_command() -> str:
    """Return the measured command as a reader would type it."""
    return "figpages build --source RECORDS --out OUT --cache CACHE"


def record_files(source: Path) -> list[Path]:
    """Return the files of the records, by name: those of a checkout of PFOCR lie in a folder of their own."""
    checkout = source / "_figures"
    return sorted((checkout if checkout.is_dir() else source).glob("*.md"))


def table_files(source: Path) -> list[Path]:
    """Return the tables that stand beside the records of a checkout of PFOCR."""
    return sorted((source / "_data").glob("*.tsv"))


class Lane:
    """A copy of the program and of the records in one folder, so that both can be changed and thrown away."""

    def __init__(self, folder: Path, records: Path) -> None:
        self.program = folder / "program"
        self.source = folder / "records"
        self.out = folder / "out"
        self.cache = folder / "cache"
        for part in _PARTS:
            if (CHECKOUT / part).is_dir():
                shutil.copytree(CHECKOUT / part, self.program / part, ignore=shutil.ignore_patterns("__pycache__"))
        # As `make build` leaves it.
        compile_dir(self.program / "builder", quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
        shutil.copytree(records, self.source)

    def steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield the steps in their order: what is done to the site before each build."""
        yield "cold: no cache, no output", self._clean
        yield "nothing changed", lambda: None
        yield "one record edited", self._edit
        yield "one added, one deleted, one renamed", self._move
        yield "fresh clone: all times new", self._touch
        yield "base template edited", self._restyle

    def results(self) -> Iterator[Result]:
        """Yield what each step took and wrote; raise BuildError when a build fails."""
        for name, prepare in self.steps():
            prepare()
            before = snapshot(self.out)
            measured = self.build(*(("--profile",) if prepare == self._clean else ()))
            if measured.code != 0:
                raise BuildError(name, measured)
            yield name, measured, written(before, snapshot(self.out))

    def build(self, *options: str) -> Measured:
        """Build the site once by the copied program."""
        command = [sys.executable, "-c", _CALL, "build", *self._places(), *options]
        return measure(command, cwd=self.program, env=self._environment())

    def _places(self) -> list[str]:
        """Return the options that name source, output and cache."""
        return ["--source", str(self.source), "--out", str(self.out), "--cache", str(self.cache)]

    def _environment(self) -> dict[str, str]:
        """Return the variable that makes Python take the copied program."""
        return {"PYTHONPATH": str(self.program)}

    def serve(self, edits: int = 3) -> Iterator[tuple[float, float]]:
        """Yield, for some edits of a record while ``serve`` runs, the seconds until its page is shown and all is built.

        The page counts as shown when the server answers with what was saved, which is when it reloads the browser.
        """
        out = self.out.with_name("served")
        command = [sys.executable, "-c", _CALL, "serve", "--source", str(self.source), "--out", str(out)]
        command += ["--cache", str(self.cache), "--port", str(PORT)]
        env = os.environ | self._environment()
        with subprocess.Popen(command, cwd=self.program, env=env, stdout=subprocess.PIPE, text=True) as process:
            try:
                told = iter(process.stdout or ())
                next(line for line in told if line.startswith("Serving"))
                time.sleep(SETTLED)
                yield from (self._save(f"edit {n}", told) for n in range(edits))
            finally:
                process.terminate()

    def _save(self, remark: str, told: Iterator[str]) -> tuple[float, float]:
        """Save a record with a remark; return the seconds until the server shows it, and until it has built."""
        records = record_files(self.source)
        path = records[len(records) // 2]
        text = re.sub("\nremark: .*", "", path.read_text(encoding="utf-8"))
        address = f"http://127.0.0.1:{PORT}/figures/{path.stem}.html"
        path.write_text(text.replace("\npmcid: ", f"\nremark: {remark}\npmcid: ", 1), encoding="utf-8")
        began = time.perf_counter()
        while remark.encode() not in urllib.request.urlopen(address).read():
            time.sleep(0.01)
        shown = time.perf_counter() - began
        next(line for line in told if " figures, " in line)
        return shown, time.perf_counter() - began

    def _tables(self, record: Path) -> list[Path]:
        """Return the tables that stand beside a record in a checkout."""
        paths = (self.source / "_data" / f"{record.stem}-{kind}.tsv" for kind in ("genes", "chemicals", "diseases"))
        return [path for path in paths if path.is_file()]

    def _clean(self) -> None:
        """Throw away output and cache."""
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.rmtree(self.cache, ignore_errors=True)

    def _edit(self) -> None:
        """Give the record in the middle one more field, which its page shows."""
        records = record_files(self.source)
        path = records[len(records) // 2]
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("\npmcid: ", "\nremark: edited\npmcid: ", 1), encoding="utf-8")

    def _move(self) -> None:
        """Add a copy of one record under a new figid, delete a second one, and rename a third."""
        records = record_files(self.source)
        first, second, third = (records[len(records) * k // 4] for k in (1, 2, 3))
        self._renamed(first, "-added")
        self._renamed(third, "-renamed")
        for path in (second, *self._tables(second), third, *self._tables(third)):
            path.unlink()

    def _renamed(self, path: Path, suffix: str) -> None:
        """Write a record under another figid, with no claim to the old one's redirect."""
        text = path.read_text(encoding="utf-8").replace(path.stem, path.stem + suffix)
        text = re.sub(r"\nredirect_from:.*\n((?:- .*\n)*)", "\n", text)
        path.with_name(f"{path.stem}{suffix}.md").write_text(text, encoding="utf-8")
        for table in self._tables(path):
            shutil.copyfile(table, table.with_name(table.name.replace(path.stem, path.stem + suffix)))

    def _touch(self) -> None:
        """Give every record and every file of the program the time of now, as a fresh clone has."""
        now = time.time()
        for root in (self.source, self.program):
            for place, _, names in os.walk(root):
                for name in names:
                    os.utime(Path(place) / name, (now, now))

    def _restyle(self) -> None:
        """Change the template that all pages share."""
        with (self.program / "templates" / "base.html").open("a", encoding="utf-8") as template:
            template.write("<!-- edited -->\n")
