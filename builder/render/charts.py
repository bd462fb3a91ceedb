"""Bar charts as inline SVG, made at build time; each comes with its numbers."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from builder.render.contexts import Chart, Count
from builder.render.words import clip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["bar_chart", "year_chart"]

WIDTH, HEIGHT, BASE, TOP = 640, 140, 118, 16
MOST_BARS = 80
ROW, LABEL, NUMBER = 26, 250, 100
"""Height of a horizontal bar's row; widths of the names before the bars, and of the numbers behind them."""
LONGEST_LABEL = 27


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


@lru_cache(maxsize=2048)
def _drawing(bars: tuple[tuple[int, int], ...]) -> str:
    """What stands within a chart; kept, since few figures in few years are what most genes have.

    Args:
        bars: year and number, without gaps.
    """
    counts = dict(bars)
    years = range(bars[0][0], bars[-1][0] + 1)
    return f'{_bars(counts, years)}<path class=axis d="M0 {BASE}.5H{WIDTH}"/>{_labels(counts, years)}'


def year_chart(counts: Mapping[int, int], name: str, href: Callable[[int], str], counted: str = "Figures") -> Chart:
    """Figures, or another number, per year as bars.

    Args:
        counts: figures by year; 0 stands for an unknown year, which has a number but no bar.
        name: what the chart shows, for those who cannot see it.
        href: address of a year's page.
        counted: what the numbers count.
    """
    rows = tuple(Count(str(y) if y else "unknown", counts[y], href(y)) for y in sorted(counts, reverse=True))
    years = _span(counts)
    if not years:
        return Chart(Markup(), rows, ("Year", counted))
    svg = (
        f'<svg class=chart viewBox="0 0 {WIDTH} {HEIGHT}" width={WIDTH} height={HEIGHT} role=img '
        f'aria-label="{escape(name)}">{_drawing(tuple((y, counts.get(y, 0)) for y in years))}</svg>'
    )
    return Chart(Markup(svg), rows, ("Year", counted))  # noqa: S704 - built here of numbers and one escaped text


def bar_chart(rows: Sequence[Count], name: str, heads: tuple[str, str]) -> Chart:
    """Counts as horizontal bars, in the order given.

    Args:
        rows: what is counted.
        name: what the chart shows, for those who cannot see it.
        heads: heads of the columns of the table.
    """
    most = max((r.count for r in rows), default=0)
    if not most:
        return Chart(Markup(), tuple(rows), heads)
    parts = []
    for i, row in enumerate(rows):
        wide = max((WIDTH - LABEL - NUMBER) * row.count / most, 1.5)
        y = i * ROW
        label = escape(clip(row.name, LONGEST_LABEL))
        parts.append(
            f'<text class=label x="{LABEL - 8}" y="{y + 18}" text-anchor=end>{label}</text>'
            f'<rect class=bar x="{LABEL}" y="{y + 3}" width="{wide:.1f}" height="{ROW - 6}">'
            f"<title>{escape(row.name)}: {row.count:,}</title></rect>"
            f'<text class=label x="{LABEL + wide + 6:.1f}" y="{y + 18}">{row.count:,}</text>'
        )
    high = len(rows) * ROW
    svg = (
        f'<svg class="chart flat" viewBox="0 0 {WIDTH} {high}" width={WIDTH} height={high} role=img '
        f'aria-label="{escape(name)}">{"".join(parts)}</svg>'
    )
    return Chart(Markup(svg), tuple(rows), heads)  # noqa: S704 - built here of numbers and escaped texts
