"""What words of a search mean: misspelt ones together, and Greek letters that tell proteins apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.model import Figure
from tests.support.installed import needs_node
from tests.support.searching import ask, make_index

if TYPE_CHECKING:
    from pathlib import Path


def _titled(figid: str, title: str) -> Figure:
    """Return a figure of a title."""
    return Figure(figid=figid, pmcid=figid.partition("__")[0], title=title)


@needs_node
def test_misspelt_words_are_corrected_together(tmp_path: Path) -> None:
    """Where several words are found nowhere each offered query mends all of them, and finds something."""
    made = [_titled(f"PMC1__{n}", title="Glycolysis in apoptosis") for n in range(3)]
    make_index([*made, *(_titled(f"PMC2__{n}", title="Malate shuttle") for n in range(3))], tmp_path)
    ask_for = ["glycolsis apotosis", "apotosis malatte", "glycolysis malat1", "apoptosis qqqxxq"]
    answers = [ask(tmp_path, ["search", typed])[0] for typed in ask_for]
    assert [[offer["query"] for offer in a["didYouMean"]] for a in answers] == [["glycolysis apoptosis"], [], [], []]


@needs_node
def test_other_isoforms_are_not_found(tmp_path: Path) -> None:
    """A Greek letter behind an abbreviation tells one protein from another: pieces elsewhere are not it."""
    titles = ["PKCδ in cells", "PKC-delta in cells", "PKC and DeltaC", "Interferon gamma", "IFNβ and gamma-secretase"]
    make_index([_titled(f"PMC1__{n}", title=title) for n, title in enumerate(titles)], tmp_path)
    answers = ask(
        tmp_path, ["search", "PKCδ"], ["search", "PKC-delta"], ["search", "interferon-\u03b3"], ["search", "IFN-\u03b3"]
    )
    found = [sorted(row["figid"] for row in a["rows"]) for a in answers]
    assert found == [["PMC1__0", "PMC1__1"], ["PMC1__0", "PMC1__1"], ["PMC1__3"], []]
