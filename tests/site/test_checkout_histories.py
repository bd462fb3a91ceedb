"""Any history of edits in PFOCR's layout, with tables, maps and organisms, ends in the bytes of a clean build."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from builder.options import Options
from builder.pipeline import build
from tests.site.building import gene, record, tree, write_site
from tests.site.histories import MEMORY, histories

HISTORIES = 100
NAMES = ("PMC1__a.1", "PMC1__b", "PMC2__c", "PMC3__d", "PMC4__e", "PMC1__a_1")
ORGANISMS = ("Homo sapiens", "homo sapiens", "Mus musculus", "mus musculus", "Danio rerio")
GENES = (("AKT1", "207"), ("akt1", "208"), ("TP53", "7157"), ("Tp53", "22059"), ("NO1", ""), ("PTEN", "5728"))
CHEMICALS = (
    ("aspirin", "mesh:D001241", "", "Aspirin"), ("ASA", "mesh:D001241", "chebi:15365", "Acetylsalicylic acid"),
    ("asa", "", "chebi:15365", "asa"), ("foo", "", "", ""), ("Foo", "", "", "foo"), ("bar", "", "", "Aspirin"),
)  # fmt: skip
STEPS = ("record", "genes", "chemicals", "untable", "organism", "map", "settings", "delete", "image", "move")


def text_of(figid: str, dice: random.Random) -> str:
    """Return a record with some of: organisms in several spellings, mentions of its own, redirects, a model."""
    fields: dict[str, object] = {
        "figid": figid,
        "pmcid": figid.partition("__")[0],
        "figtitle": f"P {dice.randrange(3)}",
    }
    fields |= {"year": dice.choice(["2019", "2020", "2021", ""]), "filename": dice.choice(["a.png", "b.png"])}
    more: list[tuple[str, object]] = [
        ("organisms", dice.sample(ORGANISMS, dice.randrange(1, 3))),
        ("redirect_from", dice.choice(["/figures/old1", "/figures/PMC2__c", "/organisms/mus_musculus", "/x/y/"])),
        ("figid_alias", dice.choice(["old1", "PMC2__c"])),
        ("diseases", [{"word": dice.choice(["ca", "CA"]), "source": "DOID", "identifier": dice.choice(["162", ""])}]),
        ("chemicals", [{"word": "foo", "source": dice.choice(["", "foo"]), "identifier": dice.choice(["", "p2"])}]),
        ("genes", [gene(*dice.choice(GENES), organism=dice.choice(ORGANISMS)) for _ in range(2)]),
        ("wpid", dice.choice(["WP1", "WP22"])),
    ]
    fields |= {key: value for key, value in more if dice.random() < 0.4}
    return f"---\n{yaml.safe_dump(fields, sort_keys=False)}---\n"


def table_of_genes(dice: random.Random) -> str:
    """Return a table of gene mentions."""
    rows = ["organism_name\torganism_id\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\tsource"]
    for _ in range(dice.randrange(1, 5)):
        symbol, ncbi = dice.choice(GENES)
        word, organism = dice.choice(["AKT", "p53", symbol]), dice.choice(ORGANISMS)
        taxon = f"{dice.choice(['9606', '10090', ''])}\t{dice.choice(['Primates', 'Rodents', ''])}"
        rows.append(f"{organism}\t{taxon}\t{word}\t{word}\t{symbol}\t{ncbi}\t{dice.choice(['hgnc_symbol', 'x'])}")
    return "\n".join([*rows, ""])


def table_of_chemicals(dice: random.Random) -> str:
    """Return a table of chemical mentions, some of which are one chemical by one of their ids."""
    found = [dice.choice(CHEMICALS) for _ in range(dice.randrange(1, 4))]
    rows = [f"{word}\t{word}\t{name}\t{mesh}\t{chebi}" for word, mesh, chebi, name in found]
    return "\n".join(["word\tmatch\tname\tmesh\tchebi", *rows, ""])


def configure(source: Path, dice: random.Random) -> None:
    """Choose settings, among them those on which other pages than lists depend."""
    chosen = {
        "title": "T", "listing_page": dice.choice([1, 2, 500]), "listing_limit": dice.choice([0, 1, 2, 500]),
        "default_organism": dice.choice(["Homo sapiens", "homo sapiens", "Mus musculus"]),
        "edit_url": "https://example.org/{file}", "redirects": ["html", "nginx"],
    }  # fmt: skip
    (source / "site.yml").write_text(yaml.safe_dump(chosen), encoding="utf-8")


def begun(source: Path, dice: random.Random) -> None:
    """Write a checkout of four records."""
    for folder in ("_figures", "_data", "_organisms", "images"):
        (source / folder).mkdir(parents=True)
    for name in NAMES[:4]:
        (source / "_figures" / f"{name}.md").write_text(text_of(name, dice), encoding="utf-8")
    configure(source, dice)


def organism(dice: random.Random) -> str:
    """Return the file of an organism."""
    told = {
        "latin": dice.choice(ORGANISMS), "common": dice.choice(["mouse", "x"]), "group": dice.choice(["Rodents", "G"]),
        "title": dice.choice(["A title", "B"]), "ncbi": dice.choice(["10090", "77"]), "image": "images/a.png",
    }  # fmt: skip
    return f"---\n{yaml.safe_dump(told, sort_keys=False)}---\n"


def edit_beside(source: Path, kind: str, dice: random.Random) -> None:
    """Edit what stands beside records: tables, the map, organisms, images."""
    name, data = dice.choice(NAMES), source / "_data"
    if kind == "genes":
        (data / f"{dice.choice([name, name.replace('.', '_')])}-genes.tsv").write_text(table_of_genes(dice), "utf-8")
    elif kind == "chemicals":
        (data / f"{name}-chemicals.tsv").write_text(table_of_chemicals(dice), "utf-8")
    elif kind == "untable" and (tables := sorted(data.iterdir())):
        dice.choice(tables).unlink()
    elif kind == "organism":
        (source / "_organisms" / f"{dice.choice(['mus_musculus', 'zz'])}.md").write_text(organism(dice), "utf-8")
    elif kind == "map":
        (data / "wpid_map.tsv").write_text(f"{name}\tWP{dice.randrange(1, 4)}\n", encoding="utf-8")
    elif kind == "image":
        size, colour = (dice.choice([4, 9]), 5), dice.choice(["red", "blue"])
        Image.new("RGB", size, colour).save(source / "images" / dice.choice(["a.png", "b.png"]))


def step(source: Path, kind: str, dice: random.Random) -> None:
    """Make one edit."""
    name = dice.choice(NAMES)
    file = source / "_figures" / f"{name}.md"
    if kind == "record":
        file.write_text(text_of(name, dice), encoding="utf-8")
    elif kind == "delete":
        file.unlink(missing_ok=True)
    elif kind == "move" and file.exists():
        (source / "_figures/sub").mkdir(exist_ok=True)
        file.rename(source / "_figures/sub" / file.name)
    elif kind == "settings":
        configure(source, dice)
    else:
        edit_beside(source, kind, dice)


@pytest.mark.slow
@histories(HISTORIES)
@given(
    first=st.integers(0, 10**6),
    history=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10**6)), min_size=1, max_size=5),
)
def test_incremental_build_of_a_checkout_equals_a_clean_one(first: int, history: list[tuple[str, int]]) -> None:
    """After any history an incremental build leaves the files, and tells the problems, of a clean one."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        root = Path(folder)
        source = root / "site"
        begun(source, random.Random(first))  # noqa: S311 - a repeatable site
        grown = Options(source, root / "grown", root / "cache", jobs=1, keep_going=True)
        after = build(grown)
        for kind, seed in history:
            step(source, kind, random.Random(seed))  # noqa: S311 - a repeatable edit
            after = build(grown)
        clean = Options(source, root / "clean", root / "clean-cache", jobs=1, keep_going=True)
        assert build(clean).problems == after.problems
        assert tree(grown.out) == tree(clean.out)


@pytest.mark.parametrize("more", [{}, {"PMC7__x": ("Danio rerio", [gene("tp53", "30590", organism="Danio rerio")])}])
def test_spelling_of_an_organism_that_is_turned_round(
    tmp_path: Path, more: dict[str, tuple[str, list[dict[str, str]]]]
) -> None:
    """Where another spelling of an organism becomes the usual one, genes of other figures keep their figures."""

    def text(figid: str, name: str, genes: list[dict[str, str]] | None = None) -> str:
        return record(figid, pmcid=figid.partition("__")[0], organisms=name, genes=genes or [])

    files = {
        "PMC1__a": text("PMC1__a", "mus musculus", [gene("Trp53", "22059", organism="mus musculus")]),
        "PMC2__b": text("PMC2__b", "Mus musculus"),
        "PMC3__c": text("PMC3__c", "Homo sapiens"),
        "PMC4__d": text("PMC4__d", "Homo sapiens"),
        **{figid: text(figid, *told) for figid, told in more.items()},
    }
    source = write_site(tmp_path / "site", files, "title: T\n")
    grown = Options(source, tmp_path / "grown", tmp_path / "cache", jobs=1)
    build(grown)
    turned = text("PMC3__c", "mus musculus", [gene("Mdm2", "17246", organism="mus musculus")])
    write_site(source, {"PMC3__c": turned, "PMC2__b": text("PMC2__b", "mus musculus")})
    build(grown)
    clean = Options(source, tmp_path / "clean", tmp_path / "clean-cache", jobs=1)
    build(clean)
    shutil.rmtree(tmp_path / "cache")
    assert tree(grown.out) == tree(clean.out)
