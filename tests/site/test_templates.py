"""A mistake in a template: told with its file and line, before anything that stands is replaced."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Protocol

import pytest

from builder.render import engine
from builder.surroundings import Program
from tests.site.building import Ran, build, gene, record, tree, write_site

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = {
    "PMC1__a": record("PMC1__a", genes=[gene("AKT1", "207")], redirect_from="/figures/a"),
    "PMC2__b": record("PMC2__b", genes=[gene("AKT1", "207")], organisms=["Mus musculus"]),
}


class Try(Protocol):
    """Builds with a text put before a line of a template."""

    def __call__(self, template: str, line: int, text: str) -> Ran:
        """Return what came of it.

        Args:
            template: its name.
            line: from 1.
            text: put there, in place of its indentation.
        """


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Try:
    """A site that stands, and a way to build it with a template changed."""
    source = write_site(tmp_path / "source", RECORDS, "title: T\nurl: https://example.org/\n")
    program = Program()
    original, program.templates = program.templates, tmp_path / "templates"
    shutil.copytree(original, program.templates)
    for module in ("builder.sight", "builder.survey", "builder.surroundings"):
        monkeypatch.setattr(f"{module}.program", lambda: program)
    monkeypatch.chdir(tmp_path)
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0

    def attempt(template: str, line: int, text: str) -> Ran:
        path = program.templates / template
        lines = (original / template).read_text(encoding="utf-8").splitlines(keepends=True)
        lines[line - 1] = text + lines[line - 1].lstrip(" ")
        path.write_text("".join(lines), encoding="utf-8")
        ran = build(source, tmp_path / "out", tmp_path / "cache")
        shutil.copy(original / template, path)
        return ran

    return attempt


@pytest.mark.parametrize(
    ("template", "line", "text", "told"),
    [
        ("home.html", 20, "{% endfor %}", "Encountered unknown tag 'endfor'"),
        ("text.html", 6, "{{ page.title | nosuch }}", "No filter named 'nosuch'"),
        ("home.html", 9, "{{ page.nosuch }}", "'HomePage' object has no attribute 'nosuch'"),
        ("figure.html", 8, "{{ page.nosuch }}", "'FigurePage' object has no attribute 'nosuch'"),
        ("gene.html", 7, "{{ nosuch.x }}", "'nosuch' is undefined"),
        ("stub.html", 3, "{{ 1 // 0 }}", "integer division or modulo by zero"),
        ("not_found.html", 5, "{{ page.nosuch }}", "has no attribute 'nosuch'"),
        ("macros/genes.html", 2, "{{ nosuch.x }}", "'nosuch' is undefined"),
        ("macros/chrome.html", 5, "{{ nosuch.x }}", "'nosuch' is undefined"),
    ],
)
def test_mistake_is_told_where_it_is(
    trial: Try, tmp_path: Path, template: str, line: int, text: str, told: str
) -> None:
    """The message names template, line and fault, without a traceback; of the site that stands nothing changes."""
    before = tree(tmp_path / "out")
    ran = trial(template, line, text)
    assert ran.code == 1
    assert re.match(rf"templates/{template}:{line}:1: error: .*{re.escape(told)}", ran.err), ran.err
    assert "Traceback" not in ran.err
    assert tree(tmp_path / "out") == before


def test_template_that_is_not_there_or_no_text(trial: Try, tmp_path: Path) -> None:
    """A template that is missing, as while it is saved, or not UTF-8 is told by its name."""
    before = tree(tmp_path / "out")
    ran = trial("listing.html", 6, "{% include 'nosuch.html' %}")
    assert (ran.code, ran.err.startswith("templates/nosuch.html:1:1: error: expected a template of this name")) == (
        1,
        True,
    )
    path = tmp_path / "templates/macros/genes.html"
    text = path.read_bytes()
    path.write_bytes(text + b"\xff")
    ran = trial("figure.html", 8, "<p>Changed</p>")
    assert (ran.code, ran.err) == (1, "templates/macros/genes.html:1:1: error: found text that is not UTF-8\n")
    path.unlink()
    ran = trial("figure.html", 8, "<p>Changed</p>")
    assert (ran.code, ran.err.startswith("templates/macros/genes.html:1:1: error: expected a template")) == (1, True)
    assert tree(tmp_path / "out") == before


def test_change_that_can_be_used(trial: Try, tmp_path: Path) -> None:
    """A template that was changed well is used."""
    assert trial("figure.html", 8, "<p>Changed</p>").code == 0
    assert b"<p>Changed" in tree(tmp_path / "out")["figures/PMC1__a.html"]


def test_compiled_templates_of_another_version_are_not_used(
    trial: Try, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another version of a library has compiled is compiled anew: it may have mended how text is escaped."""
    cache = tmp_path / "cache"
    kept = {path.name: path.read_bytes() for path in cache.glob("template-*.code")}
    assert kept
    monkeypatch.setattr(engine, "program_version", lambda: b"another")
    engine._environment.cache_clear()
    assert trial("figure.html", 8, "<p>Changed</p>").code == 0
    assert all((cache / name).read_bytes()[:16] != data[:16] for name, data in kept.items())
