"""Bar charts as inline SVG, made at build time; each comes with its numbers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from builder.render.contexts import Chart, YearCount

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["year_chart"]

WIDTH, HEIGHT, BASE, TOP = 640, 140, 118, 16
MOST_BARS = 80


def _span(counts: Mapping[int, int]) -> range:
    """The years to draw: from the first to the last, without gaps."""
    known = sorted(y for y in counts if y)
    return range(max(known[0], known[-1] - MOST_BARS + 1), known[-1] + 1) if known else range(0)


def _bars(counts: Mapping[int, int], years: range) -> str:
    """The bars, each with its number as a tooltip."""
    step = WIDTH / len(years)
    wide = min(max(step * 0.78, 1.5), 56)
    most = max(counts.get(y, 0) for y in years)
    out = []
    for i, year in enumerate(years):
        if count := counts.get(year, 0):
            high = max((BASE - TOP) * count / most, 1.5)
            x = i * step + (step - wide) / 2
            out.append(
                f'<rect class=bar x="{x:.1f}" y="{BASE - high:.1f}" width="{wide:.1f}" height="{high:.1f}">'
                f"<title>{year}: {count:,}</title></rect>"
            )
    return "".join(out)


def _labels(counts: Mapping[int, int], years: range) -> str:
    """First and last year, round years between, and the height of the tallest bar."""
    step = WIDTH / len(years)
    every = next(n for n in (1, 2, 5, 10, 20, 50) if len(years) / n <= 11)  # noqa: PLR2004 - labels that fit
    marked = [y for y in years if y % every == 0]
    tallest = max(years, key=lambda y: (counts.get(y, 0), -y))
    out = [
        f'<text class=label x="{(y - years[0] + 0.5) * step:.1f}" y="{BASE + 16}" text-anchor=middle>{y}</text>'
        for y in marked
    ]
    x = min(max((tallest - years[0] + 0.5) * step, 20), WIDTH - 20)
    out.append(f'<text class=label x="{x:.1f}" y="{TOP - 5}" text-anchor=middle>{counts[tallest]:,}</text>')
    return "".join(out)


def year_chart(counts: Mapping[int, int], name: str, href: Callable[[int], str]) -> Chart:
    """Figures per year as bars.

    Args:
        counts: figures by year; 0 stands for an unknown year, which has a number but no bar.
        name: what the chart shows, for those who cannot see it.
        href: address of a year's page.
    """
    rows = tuple(YearCount(str(y) if y else "unknown", counts[y], href(y)) for y in sorted(counts, reverse=True))
    years = _span(counts)
    if not years:
        return Chart(Markup(), rows)
    svg = (
        f'<svg class=chart viewBox="0 0 {WIDTH} {HEIGHT}" width={WIDTH} height={HEIGHT} role=img '
        f'aria-label="{escape(name)}">{_bars(counts, years)}'
        f'<path class=axis d="M0 {BASE}.5H{WIDTH}"/>{_labels(counts, years)}</svg>'
    )
    return Chart(Markup(svg), rows)  # noqa: S704 - built here of numbers and one escaped text
