"""axe and the Nu HTML checker on many pages of each kind: ``python -m benchmarks.pages``; prints what they find.

Without SITE it builds one of made records first. The test suite looks at a page or two of each kind; this takes longer.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from benchmarks.made import built_site
from tests.support.browser import launch, visit
from tests.support.markup import axe, vnu
from tests.support.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

SCREENS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (390, "light"),
    (1440, "dark"),
    (820, "light"),
    (390, "dark"),
)
REDIRECT = "redirect"


def kind_of(site: Path, page: Path) -> str:
    """Return the kind of a page: the folder it is in, whether it is a further page of a listing, a redirect."""
    if b"http-equiv=refresh" in page.read_bytes():
        return REDIRECT
    folder = page.parent.relative_to(site).as_posix()
    parts = folder.split("/")
    kind = folder if parts[-1] == "letters" else parts[0]
    return f"{kind}, further pages" if re.search(r"\.p\d+\.html$", page.name) else kind


def sample(site: Path, each: int) -> dict[str, list[Path]]:
    """Return pages by kind: all where there are few, else some of every size, from the smallest to the largest."""
    kinds: dict[str, list[Path]] = defaultdict(list)
    for page in sorted(site.rglob("*.html")):
        kinds[kind_of(site, page)].append(page)
    chosen = {}
    for kind, pages in kinds.items():
        pages.sort(key=lambda p: (p.stat().st_size, p.name))
        last = len(pages) - 1
        at = range(len(pages)) if len(pages) <= each else (round(i * last / (each - 1)) for i in range(each))
        chosen[kind] = [pages[i] for i in dict.fromkeys(at)]
    return chosen


def violations(site: Path, base: str, chosen: dict[str, list[Path]]) -> Iterator[str]:
    """Yield what axe finds on pages, each at one of several widths in one of both schemes, all folds open."""
    with serve(site, base) as address, launch() as browser:
        for kind, pages in sorted(chosen.items()):
            if kind == REDIRECT:
                continue  # it is gone before anybody sees it
            for number, page in enumerate(pages):
                width, scheme = SCREENS[number % len(SCREENS)]
                with visit(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme) as seen:
                    name = page.relative_to(site).as_posix()
                    seen.page.goto(name)
                    seen.page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
                    yield from (f"{name} at {width} px, {scheme}: {line}" for line in axe(seen.page))
            sys.stderr.write(f"axe: {len(pages)} of {kind}\n")


@click.command()
@click.argument("site", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--base", default="/", show_default=True, help="Path under which the site was built.")
@click.option("--each", default=60, show_default=True, help="Pages of a kind.")
def main(site: Path | None, base: str, each: int) -> None:
    """Print the violations of pages of a built SITE; exit with 1 where there are any."""
    with built_site(site, base) as built:
        chosen = sample(built, each)
        found = vnu(page for pages in chosen.values() for page in pages)
        found += violations(built, base, chosen)
        counts = Counter({kind: len(pages) for kind, pages in chosen.items()})
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.stdout.write(f"{counts.total()} pages, {len(found)} violations: {dict(sorted(counts.items()))}\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
