"""Any history of edits leaves, after an incremental build, the bytes of a clean one."""

from __future__ import annotations

import os
import random
import shutil
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import surroundings
from builder.options import Options
from builder.pipeline import build
from tests.site.building import tree
from tests.site.histories import MEMORY, histories

HISTORIES = 200
WORDS = ("AKT", "Akt", "PTEN", "p53", "MEK", "Her2", "NO")
GENES = (("AKT1", "207"), ("AKT2", "208"), ("PTEN", "5728"), ("TP53", "7157"), ("Tp53", "22059"), ("NO1", ""))
NAMES = ("PMC1__a", "PMC1__b", "PMC2__c.d", "PMC3__e", "PMC4__f", "PMC5__g")
CLEAN: dict[bytes, bytes] = {}
"""Digest of the files of a source and its templates -> digest of what a clean build makes of them."""
RECORD_STEPS = ("add", "edit", "delete", "rename", "touch")
STEPS = (*RECORD_STEPS, "setting", "template", "page", "picture", "output")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fea735819d0000000049454e44ae426082"
)


def record(figid: str, dice: random.Random) -> str:
    """A record with a few genes, an organism or two, and redirects that may clash."""
    lines = [f"figid: {figid}", f"pmcid: {figid.split('__', 1)[0]}", f"figtitle: Pathway {dice.randrange(4)}"]
    lines += [f"year: '{dice.choice(('2019', '2020', '2021', ''))}'", f"filename: {dice.choice(('a', 'b'))}.png"]
    lines += [f"organisms: {dice.choice(('Homo sapiens', 'homo sapiens', 'Mus musculus', 'NA'))}"]
    lines += [f"redirect_from: /figures/old{dice.randrange(3)}", "genes:"]
    for _ in range(dice.randrange(4)):
        symbol, entrez = dice.choice(GENES)
        word = dice.choice(WORDS)
        lines.append(f"- word: {word}\n  symbol: {word}\n  source: hgnc_symbol\n  hgnc_symbol: {symbol}")
        lines.append(f"  entrez: '{entrez}'")
    return "\n".join(["---", *lines, "---", ""])


class Site:
    """A small site that is edited step by step, with templates of its own."""

    def __init__(self, root: Path, templates: Path) -> None:
        """Bring the templates to what they are in the program, and write three records."""
        self.source = root / "site"
        self.templates = templates
        restore(templates)
        self.figures = self.source / "figures"
        self.figures.mkdir(parents=True)
        (self.source / "images").mkdir()
        (self.source / "pages").mkdir()
        for page in ("about", "help", "cite", "download"):  # short, since each is made anew a thousand times
            (self.source / "pages" / f"{page}.md").write_text(
                f"---\ntitle: {page.title()}\n---\nText.\n", encoding="utf-8"
            )
        (self.source / "site.yml").write_text("title: Small\nlisting_page: 2\n", encoding="utf-8")
        for seed, name in enumerate(NAMES[:3]):
            self.write(name, random.Random(seed))  # noqa: S311 - a repeatable site

    def write(self, name: str, dice: random.Random) -> None:
        """Write one record."""
        (self.figures / f"{name}.md").write_text(record(name, dice), encoding="utf-8")

    def step(self, kind: str, dice: random.Random, out: Path) -> None:
        """Make one edit."""
        if kind in RECORD_STEPS:
            self.edit_records(kind, dice)
        elif kind == "output":
            victim = dice.choice(sorted(p for p in out.rglob("*") if p.is_file() and p.name != ".figpages"))
            if dice.random() < 0.5:
                victim.unlink()
            else:
                victim.write_text("spoiled", encoding="utf-8")
        else:
            self.edit_around(kind, dice)

    def edit_records(self, kind: str, dice: random.Random) -> None:
        """Add, edit, delete, rename or touch a record."""
        there = sorted(p.stem for p in self.figures.glob("*.md"))
        free = [n for n in NAMES if n not in there]
        if kind == "add" and free:
            self.write(dice.choice(free), dice)
        elif kind == "edit" and there:
            self.write(dice.choice(there), dice)
        elif kind == "delete" and there:
            (self.figures / f"{dice.choice(there)}.md").unlink()
        elif kind == "rename" and there and free:
            old, new = dice.choice(there), dice.choice(free)
            text = (self.figures / f"{old}.md").read_text("utf-8").replace(f"figid: {old}", f"figid: {new}")
            (self.figures / f"{old}.md").unlink()
            (self.figures / f"{new}.md").write_text(text, encoding="utf-8")
        elif kind == "touch" and there:
            os.utime(self.figures / f"{dice.choice(there)}.md", (dice.randrange(10**9), 1))

    def edit_around(self, kind: str, dice: random.Random) -> None:
        """Edit a setting, a template, a text page or a picture."""
        if kind == "setting":
            text = f"title: Small {dice.randrange(3)}\nlisting_page: {dice.choice((1, 2, 500))}\n"
            (self.source / "site.yml").write_text(text, encoding="utf-8")
        elif kind == "template":
            with dice.choice(sorted(self.templates.glob("*.html"))).open("a", encoding="utf-8") as file:
                file.write("\n<!-- edited -->" if dice.random() < 0.5 else "\n")
        elif kind == "page":
            text = f"---\ntitle: About {dice.randrange(3)}\n---\nText.\n"
            (self.source / "pages" / "about.md").write_text(text, encoding="utf-8")
        else:
            picture = self.source / "images" / dice.choice(("a.png", "b.png"))
            if picture.exists():
                picture.unlink()
            else:
                picture.write_bytes(PNG)


def digest(*trees: dict[str, bytes]) -> bytes:
    """Return a number of all files of some trees, by path and contents."""
    state = blake2b()
    for files in trees:
        for path in sorted(files):
            state.update(b"%d %d " % (len(path.encode()), len(files[path])) + path.encode() + files[path])
    return state.digest()


def restore(templates: Path) -> None:
    """Make a folder of templates that of the program; one that is as it should be keeps its time, and so its code."""
    for own in (surroundings.PACKAGE.parent / "templates").rglob("*.html"):
        copy = templates / own.relative_to(surroundings.PACKAGE.parent / "templates")
        if not copy.exists() or copy.stat().st_mtime_ns != own.stat().st_mtime_ns:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(own, copy)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for templates that all histories edit: compiling them takes longer than the builds do."""
    return tmp_path_factory.mktemp("templates")


@pytest.mark.slow
@histories(HISTORIES)
@given(history=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10**6)), min_size=1, max_size=5))
def test_incremental_build_equals_a_clean_one(templates: Path, history: list[tuple[str, int]]) -> None:
    """After every step of any history an incremental build leaves byte for byte what a clean build leaves."""
    with TemporaryDirectory(dir=MEMORY) as folder, pytest.MonkeyPatch.context() as patch:
        root = Path(folder)
        site = Site(root, templates)
        program = surroundings.Program()
        program.templates = site.templates
        patch.setattr("builder.sight.program", lambda: program)
        patch.setattr("builder.survey.program", lambda: program)
        patch.setattr(surroundings, "program", lambda: program)
        grown = Options(site.source, root / "grown", root / "cache", jobs=1)
        build(grown)
        for number, (kind, seed) in enumerate(history):
            site.step(kind, random.Random(seed), grown.out)  # noqa: S311 - a repeatable edit
            assert build(grown).published is not None, kind
            own = digest(tree(site.source), tree(site.templates))
            if CLEAN.get(own) == digest(tree(grown.out)):
                continue  # a clean build of the same files was made before: a touched record, a spoiled page
            clean = Options(site.source, root / f"clean{number}", root / f"cache{number}", jobs=1)
            build(clean)
            assert tree(grown.out) == tree(clean.out), history[: number + 1]
            CLEAN[own] = digest(tree(clean.out))
            shutil.rmtree(clean.out)
