"""The site that the browser tests look at: the demonstration records and a few that are hard to show."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.site.building import figpages, gene, record
from tests.support.installed import MANIFEST, not_there

__all__ = [
    "BASE",
    "DEMO",
    "HOSTILE",
    "IMAGE_HOST",
    "KINDS",
    "MANY",
    "MARKUP",
    "NONE",
    "ORIGIN",
    "OTHER",
    "SEED",
    "SPECIES",
    "build_site",
    "front_matter",
]

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "site_src"
BASE = "/pfocr/"
"""The path under which the site is published: links that forget it fail."""
ORIGIN = f"https://example.org{BASE}"
"""The address that the pages are built for; they are served at another."""
IMAGE_HOST = "https://europepmc.org/"
"""The only other host that a page may fetch from: publishers' figures are there."""

PLANT = "Arabidopsis thaliana"
SEED = "PMC7464074__cancers-12-02081-g001"
DEMO = "DEMO001__glycolysis"
MANY = "PMC9000001__many"
NONE = "PMC9000002__none"
MARKUP = "PMC9000003__markup"
OTHER = "PMC9000004__plant"
SPECIES = "PMC9000005__species"
FAMILY_SIZES = (40, 12, 9, 8, 7, 5, 3, 2)
"""Genes of the largest words of the large record; every other word has one."""
FIRE = "</script><img src=x onerror=alert(1)><svg onload=alert(2)>'\"&amp; ]]>-->{{ 7*7 }} } % \\"
"""A text that runs a script wherever it is taken for HTML, and breaks what takes its braces for its own."""
FIRE_FIELDS = ("caption", "papertitle", "reftext", "number", "note")
TITLES = {
    MARKUP: f"{FIRE} pathway",
    "PMC9000003__right-to-left": "\u05de\u05e1\u05dc\u05d5\u05dc HER2 \u0645\u0633\u0627\u0631",
    "PMC9000003__ten-kilobytes": "The pathway of many words " * 400,
    "PMC9000003__one-word": "Phosphatidylinositol" * 150,
    "PMC9000003__emoji": "DNA \U0001f9ec family \U0001f468\u200d\U0001f469\u200d\U0001f467 \u26a0\ufe0f",
}
HOSTILE = tuple(f"figures/{figid}.html" for figid in TITLES)
"""Pages of figures whose text is made to break them."""

KINDS = {
    "home": "./",
    "figure": f"figures/{SEED}.html",
    "figure-drawn-here": f"figures/{DEMO}.html",
    "figure-without-genes": f"figures/{NONE}.html",
    "figure-of-339-rows": f"figures/{MANY}.html",
    "figure-of-markup": HOSTILE[0],
    "figure-right-to-left": HOSTILE[1],
    "figure-long-title": HOSTILE[2],
    "figure-one-word": HOSTILE[3],
    "figure-emoji": HOSTILE[4],
    "figure-of-organisms": f"figures/{SPECIES}.html",
    "gene": "genes/AKT1.html",
    "gene-of-hostile-titles": "genes/TP53.html",
    "gene-other-organism": "genes/Arabidopsis_thaliana/PSBA.html",
    "genes": "genes/",
    "letter": "genes/letters/M.html",
    "organisms": "organisms/",
    "organism": "organisms/homo_sapiens.html",
    "organism-page-2": "organisms/homo_sapiens.p2.html",
    "chemicals": "chemicals/",
    "chemical": "chemicals/mesh.D000255.html",
    "diseases-letter": "diseases/letters/C.html",
    "wikipathways": "wikipathways/",
    "browse": "browse/",
    "explore": "explore/",
    "explore-results": "explore/?q=pathway",
    "explore-gene-set": "explore/?view=genes#YAP1,LATS1,her2,NOSUCH1",
    "statistics": "statistics/",
    "year": "browse/2020.html",
    "about": "about.html",
    "help": "help.html",
    "cite": "cite.html",
    "download": "download.html",
    "404": "404.html",
}
"""One page of each kind, by name."""


def many_rows() -> list[dict[str, str]]:
    """Return 339 rows of genes: words of one gene and of many, one word twice, some genes under two words."""
    words = [f"Fam{n}" for n, size in enumerate(FAMILY_SIZES) for _ in range(size)]
    words += [f"word {n}" for n in range(len(words), 330)]
    family = {"source": "bioentities_symbol"}
    rows = [gene(f"GENE{n}", str(700000 + n), w) | family | {"symbol": w.upper()} for n, w in enumerate(words)]
    return rows + rows[:4] + [rows[n] | {"word": "again"} for n in range(100, 105)]


def front_matter(figid: str) -> dict[str, Any]:
    """Return the front matter of a record, all values as text."""
    text = extras().get(figid) or (SOURCE / "figures" / f"{figid}.md").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text.split("\n---\n")[0], Loader=yaml.BaseLoader)  # noqa: S506 - makes text only
    return found


def species() -> dict[str, Any]:
    """Return the fields of a record with genes of three organisms, two lexicons, a chemical, a disease and a model."""
    family, mouse = {"source": "bioentities_symbol", "symbol": "SPEC"}, {"organism": "Mus musculus"}
    return {
        "pmcid": "PMC9000005",
        "filename": "species.png",
        "year": "2001",
        "wpid": "WP9005",
        "genes": [
            gene("SPEC1", "990011", "Spec") | family,
            gene("SPEC2", "990012", "Spec") | family,
            gene("Spec1", "990021", "Spec") | family | mouse,
            gene("Spec3", "990023", **mouse),
            gene("SPECP", "990031", organism=PLANT),
        ],
        "chemicals": [{"word": "ATP", "source": "MESH", "identifier": "D000255", "name": "Adenosine Triphosphate"}],
        "diseases": [{"word": "cancer", "source": "DOID", "identifier": "DOID:162", "name": "cancer"}],
    }


def extras() -> dict[str, str]:
    """Return the records that are hard to show, by id."""
    fire: dict[str, Any] = dict.fromkeys(FIRE_FIELDS, FIRE) | {
        "doi": f"10.1/{FIRE}",
        "annotations": [FIRE],
        "chemicals": [{"word": FIRE, "source": "MESH", "identifier": FIRE}],
        "diseases": [{"word": FIRE}],
        "genes": [gene("EVIL1", "990001", FIRE), gene("TP53", "7157", "p53"), gene("<b>X</b>", "990002", f'">{FIRE}')],
        "organisms": ["Homo sapiens", "<script>alert(4)</script>"],
    }
    bare: dict[str, Any] = {"pmcid": "PMC9000002", "genes": [], "caption": "", "filename": "none.png"}
    made = {
        MANY: record(MANY, pmcid="PMC9000001", genes=many_rows(), filename="many.png", number="Figure 1"),
        OTHER: record(OTHER, pmcid="PMC9000004", genes=[gene("PSBA", "844802", organism=PLANT)], organisms=[PLANT]),
        NONE: record(NONE, "A note in *Markdown*.\n", **bare),
    }
    made[SPECIES] = record(SPECIES, **species())
    for n, (figid, title) in enumerate(TITLES.items()):
        more = fire if n == 0 else {"genes": [gene("TP53", "7157", title[:30])]}
        made[figid] = record(figid, **({"pmcid": "PMC9000003", "filename": f"h{n}.png", "figtitle": title} | more))
    return made


def build_site(folder: Path) -> Path:
    """Build the demonstration site with the extra records under a path, and return what came out."""
    if not MANIFEST.is_file():
        not_there("static/dist is not there: run `make bundle` first")
    source = folder / "source"
    shutil.copytree(SOURCE, source)
    for figid, text in extras().items():
        (source / "figures" / f"{figid}.md").write_text(text, encoding="utf-8")
    settings = yaml.safe_load((source / "site.yml").read_text(encoding="utf-8"))
    settings |= {"listing_page": "12", "edit_url": "https://example.org/edit/{file}"}
    (source / "site.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    ran = figpages("build", "--source", source, "--out", folder / "out", "--cache", folder / "cache", "--url", ORIGIN)
    assert ran.code == 0, ran.err
    return folder / "out"
