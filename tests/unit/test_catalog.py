"""The catalogue: order of figures, genes and their words, and which genes a gene is seen with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from builder.catalog.catalog import Catalog
from builder.names import year_number
from tests.site.building import Row, gene, record
from tests.unit.collection import catalog_of

SYMBOLS = "ABCDEFGH"


def collection(*figures: str, together: str = "") -> Catalog:
    """Return a collection of figures that show the genes of one letter each.

    Args:
        figures: letters of the genes of each figure.
        together: genes that stand for one word.
    """

    def row(symbol: str) -> Row:
        return gene(symbol, str(ord(symbol)), "FAMILY" if symbol in together else symbol.lower())

    return catalog_of(
        {f"PMC{i}__f": record(f"PMC{i}__f", pmcid=f"PMC{i}", genes=[row(s) for s in g]) for i, g in enumerate(figures)}
    )


def partners(catalog: Catalog, symbol: str) -> list[tuple[str, int]]:
    """Return the partners of a gene by symbol, with the figures that they share."""
    symbols, near = catalog.genes.symbol, catalog.neighbours
    gene = symbols.index(symbol)
    part = slice(near.partner_start[gene], near.partner_start[gene + 1])
    return [(symbols[g], n) for g, n in zip(near.partner[part].tolist(), near.together[part].tolist(), strict=True)]


def test_the_specific_partner_comes_first() -> None:
    """A partner that is seen with few others ranks before one that is seen with everything."""
    catalog = collection("ABZ", "ABZ", "ABZ", "AZ", "CZ", "DZ", "EZ", "FZ", "GZ", "HZ", "CD", "C")
    assert partners(catalog, "A") == [("B", 3), ("Z", 4)]


def test_the_merely_frequent_is_no_partner() -> None:
    """A gene of every figure says nothing about any of them.

    The size of the collection counts in whole octaves: of 31 figures as of 32.
    """
    catalog = collection("AZ", "AZ", *["BZ"] * 14, *["CZ"] * 15)
    assert partners(catalog, "A") == []


def test_members_of_one_word_are_not_seen_with_each_other() -> None:
    """Genes that only one word stands for are no partners, and of a family the best member alone is listed."""
    catalog = collection("ABX", "ABX", "ABX", "CY", "CY", "DY", together="AB")
    assert partners(catalog, "A") == [("X", 3)]
    assert partners(catalog, "X") in ([("A", 3)], [("B", 3)])


def test_partners_total_counts_all() -> None:
    """The number of partners counts every gene that another word of a figure stands for."""
    catalog = collection("ABCD", "AE", "F", together="AB")
    index = catalog.genes.symbol.index("A")
    assert catalog.neighbours.partner_totals[index] == 3


@given(st.lists(st.sets(st.sampled_from(SYMBOLS), min_size=1), min_size=1, max_size=8))
def test_partners_share_what_is_said(figures: list[set[str]]) -> None:
    """The number beside a partner is the number of figures that show both, and no gene is its own partner."""
    catalog = collection(*("".join(sorted(g)) for g in figures))
    for symbol in catalog.genes.symbol:
        for other, shared in partners(catalog, symbol):
            assert other != symbol
            assert shared == sum({symbol, other} <= g for g in figures)


@given(st.lists(st.lists(st.sampled_from(SYMBOLS), max_size=9), min_size=1, max_size=6))
def test_genes_count_figures_not_mentions(figures: list[list[str]]) -> None:
    """A gene's total is the number of figures that show it, however often each names it."""
    catalog = collection(*("".join(g) for g in figures))
    expected = {s: sum(s in g for g in figures) for g in figures for s in g}
    assert dict(zip(catalog.genes.symbol, catalog.genes.totals().tolist(), strict=True)) == expected


def similar(catalog: Catalog, figure: str) -> list[tuple[str, int]]:
    """Return the figures like a figure, with the genes that they share."""
    figids, near = catalog.figures.figid, catalog.neighbours
    i = figids.index(figure)
    part = slice(near.similar_start[i], near.similar_start[i + 1])
    return [(figids[k], n) for k, n in zip(near.similar[part].tolist(), near.shared[part].tolist(), strict=True)]


def test_similar_figures_share_what_is_rare() -> None:
    """A figure that shares two rare genes is more similar than one that shares two frequent ones."""
    catalog = collection("ABYZ", "ABCD", "YZEF", "YZ", "YZG", "YZH", "AH")
    assert similar(catalog, "PMC0__f")[0] == ("PMC1__f", 2)
    assert "PMC6__f" not in dict(similar(catalog, "PMC0__f"))


def test_frequent_genes_beside_rare_ones_tell_nothing() -> None:
    """Of a figure's genes the eight rarest alone are compared, so that two frequent ones more make nothing similar."""
    others = ["ABYZ", "CDYZ", "EFYZ", "GHYZ", "YZ"]
    assert "PMC5__f" not in dict(similar(collection("ABCDEFGHYZ", *others), "PMC0__f"))
    assert ("PMC5__f", 2) in similar(collection("ABCDEFYZ", *others), "PMC0__f")
    assert similar(collection("ABCDEFGHYZ", *others), "PMC0__f")[0] == ("PMC1__f", 4)


@given(st.lists(st.sets(st.sampled_from(SYMBOLS), min_size=1), min_size=1, max_size=12))
def test_similar_figures_share_what_is_said(figures: list[set[str]]) -> None:
    """Each similar figure is another one and shares the genes that are counted, two at least; eight are listed."""
    catalog = collection(*("".join(sorted(g)) for g in figures))
    for figid in catalog.figures.figid:
        found = similar(catalog, figid)
        assert len(found) <= 8
        for other, shared in found:
            mine, theirs = (figures[int(f[3:-3])] for f in (figid, other))
            assert other != figid
            assert shared == len(mine & theirs) >= 2


def test_figures_are_newest_first() -> None:
    """Figures stand by year, the newest first, then by figid; those of unknown year last."""
    years = {
        "PMC1__b": "2020",
        "PMC1__a": "2020",
        "PMC1__c": "2021",
        "PMC1__d": "",
        "PMC1__e": "soon",
        "PMC1__f": "1999",
    }
    catalog = catalog_of({f: record(f, year=y) for f, y in years.items()})
    assert catalog.figures.figid == ["PMC1__c", "PMC1__a", "PMC1__b", "PMC1__f", "PMC1__d", "PMC1__e"]
    assert [(y, f.tolist()) for y, f in catalog.years.items()] == [
        (2021, [0]),
        (2020, [1, 2]),
        (1999, [3]),
        (0, [4, 5]),
    ]


def test_words_count_figures_most_frequent_first() -> None:
    """The words of a gene come with the number of figures in which they stand for it."""
    words = {"PMC1__a": ["neu", "HER2", "HER2"], "PMC1__b": ["HER2"], "PMC1__c": ["ErbB2", "neu"], "PMC1__d": ["HER2"]}
    catalog = catalog_of({f: record(f, genes=[gene("ERBB2", "2064", w) for w in ws]) for f, ws in words.items()})
    assert catalog.genes.words(0, catalog.mentions.words, 60) == [("HER2", 3), ("neu", 2), ("ErbB2", 1)]


def test_papers_and_organisms() -> None:
    """Figures are found by their paper and by each organism that they name."""
    catalog = catalog_of(
        {
            "PMC1__a": record("PMC1__a", organisms=["Homo sapiens", "Mus musculus"]),
            "PMC1__b": record("PMC1__b", organisms="Mus musculus"),
            "PMC2__c": record("PMC2__c", pmcid="PMC2", organisms=None),
        }
    )
    assert catalog.papers == {"PMC1": [0, 1], "PMC2": [2]}
    assert {o: f.tolist() for o, f in catalog.organisms.items()} == {"Homo sapiens": [0], "Mus musculus": [0, 1]}


def test_genes_stand_as_in_an_index() -> None:
    """Genes of the default organism come first, then by symbol without regard to case."""
    rows = [gene("b", "2"), gene("A", "1"), gene("C", "3"), gene("Aa", "9", organism="Mus musculus")]
    catalog = catalog_of({"PMC1__a": record("PMC1__a", genes=rows)})
    assert catalog.genes.symbol == ["A", "b", "C", "Aa"]


def test_year_number() -> None:
    """Only four digits are a year."""
    assert [year_number(y) for y in ("2020", "", "20", "20201", "in press", "2020a")] == [2020, 0, 0, 0, 0, 0]
