"""Lighthouse on one page of each important kind: ``python -m benchmarks.lighthouse``; prints a table.

Lighthouse is fetched by npm when it is asked for, at the version given here: all that tests need is ten times smaller.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from benchmarks.made import built_site
from tests.support.browser import FLAGS, find_chromium
from tests.support.server import serve

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
METRICS = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
    "cumulative-layout-shift": "shift",
    "total-byte-weight": "weight",
}

Report = dict[str, Any]


def report(address: str) -> Report:
    """Return Lighthouse's report on a page: a slow phone on a slow network, simulated."""
    command = os.environ.get("LIGHTHOUSE", f"npx --yes {LIGHTHOUSE}").split()
    flags = " ".join(["--headless=new", *FLAGS])
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "report.json"
        subprocess.run(
            [*command, address, "--quiet", "--output=json", f"--output-path={target}", f"--chrome-flags={flags}",
             f"--only-categories={','.join(CATEGORIES)}"],
            check=True, env=os.environ | {"CHROME_PATH": find_chromium() or ""},
        )  # fmt: skip
        found: Report = json.loads(target.read_text(encoding="utf-8"))
    return found


def scores(reports: list[Report]) -> dict[str, int]:
    """Return the median score of each category, of 100."""
    return {c: round(100 * statistics.median(r["categories"][c]["score"] or 0 for r in reports)) for c in CATEGORIES}


def faults(found: Report) -> list[str]:
    """Return the audits that cost a page points."""
    weighed = {a["id"] for c in CATEGORIES for a in found["categories"][c]["auditRefs"] if a["weight"]}
    audits = ((name, found["audits"][name]) for name in sorted(weighed))
    return [f"{name}: {a['title']}" for name, a in audits if a["score"] is not None and a["score"] < 0.9]  # noqa: PLR2004


def pages_of(site: Path) -> list[str]:
    """Return the pages to score: home, the index of genes, the gene of the largest page, a figure of middling size."""
    genes = sorted((site / "genes").glob("*.html"), key=lambda p: p.stat().st_size)
    figures = [p for p in (site / "figures").glob("*.html") if b"http-equiv=refresh" not in p.read_bytes()]
    figures.sort(key=lambda p: (p.stat().st_size, p.name))
    return ["", "genes/", f"genes/{genes[-1].name}", f"figures/{figures[len(figures) // 2].name}"]


@click.command()
@click.argument("site", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("pages", nargs=-1)
@click.option("--base", default="/", show_default=True, help="Path under which the site was built.")
@click.option("--runs", default=3, show_default=True, help="Runs of a page; the table has medians.")
def main(site: Path | None, pages: tuple[str, ...], base: str, runs: int) -> None:
    """Print the scores of pages of a built SITE; exit with 1 where one is below the target."""
    lines = [f"| page | {' | '.join(CATEGORIES)} | {' | '.join(METRICS.values())} |"]
    lines.append("| --- |" + " ---: |" * (len(CATEGORIES) + len(METRICS)))
    missed = False
    with built_site(site, base) as built, serve(built, base) as address:
        for page in pages or pages_of(built):
            reports = [report(address + page.removeprefix("/")) for _ in range(runs)]
            found = scores(reports)
            middle = sorted(reports, key=lambda r: r["categories"]["performance"]["score"] or 0)[len(reports) // 2]
            shown = [str(middle["audits"][m].get("displayValue", "")) for m in METRICS]
            lines.append(f"| `/{page}` | {' | '.join(str(found[c]) for c in CATEGORIES)} | {' | '.join(shown)} |")
            if any(found[c] < LEAST[c] for c in CATEGORIES):
                missed = True
                sys.stderr.write(f"{page}: {'; '.join(faults(middle)) or found}\n")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
