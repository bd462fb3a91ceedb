"""Lighthouse on one page of each important kind: ``python -m benchmarks.lighthouse SITE PAGE...``; prints a table.

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


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("pages", nargs=-1, required=True)
@click.option("--base", default="/", show_default=True, help="Path under which the site was built.")
@click.option("--runs", default=3, show_default=True, help="Runs of a page; the table has medians.")
def main(site: Path, pages: tuple[str, ...], base: str, runs: int) -> None:
    """Print the scores of pages of a built SITE; exit with 1 where one is below the target."""
    lines = [f"| page | {' | '.join(CATEGORIES)} | {' | '.join(METRICS.values())} |"]
    lines.append("| --- |" + " ---: |" * (len(CATEGORIES) + len(METRICS)))
    missed = False
    with serve(site, base) as address:
        for page in pages:
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
