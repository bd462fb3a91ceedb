"""Names of genes as readers of gene sets write them, and which genes the search takes them for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder.model import ChemicalMention, DiseaseMention, Figure, GeneMention
from builder.names import escape
from tests.support.installed import needs_node
from tests.support.searching import ask, make_index

if TYPE_CHECKING:
    from pathlib import Path


def _figure(figid: str, **fields: Any) -> Figure:
    """Return a figure of a paper."""
    return Figure(figid=figid, pmcid=figid.partition("__")[0], **fields)


@needs_node
def test_other_names_of_lexicons_are_recognised(tmp_path: Path) -> None:
    """A gene is found by the term of a lexicon, however often its words were read otherwise; a family names none."""
    mouse = GeneMention("ERK2", "Erk2", "ncbigene_synonym", "Mapk1", "26413", "Mus musculus")
    figures = [_figure("PMC1__mouse", genes=(mouse,))]
    for n in range(40):
        read = f"MEK-ERK{chr(97 + n % 20)}"
        family = GeneMention(read, "ERK family", "bioentities_symbol", "MAPK1", "5594")
        figures.append(
            _figure(f"PMC2__{n}", genes=(GeneMention(read, "ERK2", "hgnc_alias_symbol", "MAPK1", "5594"), family))
        )
    make_index(figures, tmp_path)
    [resolved, none] = ask(tmp_path, ["resolveGenes", "erk2"], ["resolveGenes", "ERKfamily"])
    assert [r["gene"]["key"] for r in resolved["recognised"]] == ["MAPK1"]
    assert none["recognised"] == []


@needs_node
def test_dates_of_spreadsheets_are_read_as_the_symbols_that_they_were(tmp_path: Path) -> None:
    """``2-Sep`` is SEPTIN2; ``1-Mar`` stands for two genes, and is said to; what is the name of a gene is no date."""
    known = (
        ("SEPTIN2", "SEPT2"),
        ("SEPTIN9", "SEPTIN9"),
        ("MARCHF1", "MARCH1"),
        ("MTARC1", "MARC1"),
        ("POU5F1", "OCT4"),
        ("X1", "3-Oct"),
    )
    genes = tuple(
        GeneMention(word, word, "hgnc_symbol", symbol, str(n)) for n, (symbol, word) in enumerate(known, 9000)
    )
    make_index([_figure("PMC1__x", genes=genes)], tmp_path)
    names = ["2-Sep", "Sep-09", "1-Mar", "4-Oct", "3-Oct", "7-Sep", "31-Jan", "OCTN-4", "MARK-1"]
    [resolved] = ask(tmp_path, ["resolveGenes", names])
    taken = {
        r["name"]: (r["gene"]["symbol"], [g["symbol"] for g in r["others"]], r["dated"]) for r in resolved["recognised"]
    }
    assert taken == {
        "2-Sep": ("SEPTIN2", [], True),
        "Sep-09": ("SEPTIN9", [], True),
        "1-Mar": ("MARCHF1", ["MTARC1"], True),
        "4-Oct": ("POU5F1", [], True),
        "3-Oct": ("X1", [], False),
    }
    assert [u["name"] for u in resolved["unrecognised"]] == ["7-Sep", "31-Jan", "OCTN-4", "MARK-1"]


@needs_node
def test_names_that_stand_together_are_taken_apart(tmp_path: Path) -> None:
    """What may stand between names or in one parts them where the whole is no name; a number beside a name is no id."""
    symbols = ("AKT1", "PTEN", "HLA-A", "NKX2-5", "a/b", "RHOG")
    genes = [GeneMention(s, s, "hgnc_symbol", s, str(390 + n)) for n, s in enumerate(symbols, -4)]
    genes += [GeneMention("Akt1", "Akt1", "ncbigene_symbol", "Akt1", "11651", "Mus musculus")]
    make_index([_figure("PMC1__x", genes=tuple(genes))], tmp_path)
    cases = {
        "AKT1/PTEN": ["AKT1", "PTEN"], "AKT1+PTEN/HLA-A": ["AKT1", "PTEN", "HLA-A"], "AKT1:PTEN": ["AKT1", "PTEN"],
        "a/b": ["a~2Fb"], "AKT1/NKX2-5": ["AKT1", "NKX2-5"], "PTEN+Mus_musculus/Akt1": ["PTEN", "Mus_musculus/Akt1"],
        "Mus_musculus/Akt1": ["Mus_musculus/Akt1"], "386/387": ["AKT1", "PTEN"], "HGNC:391": [], "no/such": [],
        "AKT1/no": ["AKT1"], "AKT1\u00b7PTEN&HLA-A\uff0cNKX2-5": ["AKT1", "PTEN", "HLA-A", "NKX2-5"],
    }  # fmt: skip
    answers = ask(tmp_path, *(["resolveGenes", text] for text in cases))
    assert [[r["gene"]["key"] for r in a["recognised"]] for a in answers] == list(cases.values())
    assert [u["name"] for a in answers for u in a["unrecognised"]] == ["HGNC:391", "no/such", "no"]


ALIKE = ("NKX2.5", "a/b", "\u03b1Syn", "MAR1", "Mar1", "HLA A", "AKT1", "AKT2", "index")
"""Symbols whose pages have other names than they, two of which differ by case alone."""


@needs_node
def test_what_stands_for_one_gene_finds_its_figures_alone(tmp_path: Path) -> None:
    """A facet leads to as many figures as it says, and a key finds its gene, in searches and in sets of genes."""
    genes = [GeneMention(s, s, "hgnc_symbol", s, str(100 + n)) for n, s in enumerate(ALIKE)]
    genes += [GeneMention("Akt1", "Akt1", "ncbigene_symbol", "Akt1", "11651", "Mus musculus")]
    make_index([_figure(f"PMC{n}__x", genes=tuple(genes[:n])) for n in range(len(genes) + 1)], tmp_path)
    found = ask(tmp_path, ["genes", ""])[0]["genes"]
    assert sorted(f["count"] for f in found) == list(range(1, len(genes) + 1))
    keys = [f["gene"]["key"] for f in found]
    assert {"NKX2~2E5", "a~2Fb", "Mar1.104", "Mus_musculus/Akt1"} <= set(keys)
    exact = ask(tmp_path, *(["search", f"gene:{f['gene']['exact']}"] for f in found))
    by_key = ask(tmp_path, *(["search", f"gene:{k}" if "/" in k else f"gene:={k}"] for k in keys))
    assert [a["total"] for a in exact] == [a["total"] for a in by_key] == [f["count"] for f in found]
    [typed, escaped, unknown] = (
        ask(tmp_path, ["search", "gene:mar1"], ["search", "gene:NKX2~2E5"], ["search", "gene:=mar1"])
    )  # fmt: skip
    counts = {f["gene"]["key"]: f["count"] for f in found}
    assert (typed["total"], escaped["total"]) == (counts["MAR1"], counts["NKX2~2E5"])
    assert (unknown["total"], unknown["unknown"]) == (0, ["mar1"])
    sets = ask(tmp_path, *(["resolveGenes", [k]] for k in keys))
    assert [[r["gene"]["key"] for r in s["recognised"]] for s in sets] == [[k] for k in keys]


@needs_node
def test_chemicals_and_diseases_are_offered_by_names_and_words(tmp_path: Path) -> None:
    """A name, a word of it and a word that was seen lead to the page; that name itself comes first, then by figures."""
    rapamycin = ChemicalMention("Rapamune", "MESH", "D020123", "Sirolimus", "", "D020123")
    acid = ChemicalMention("lactic acid", "MESH", "D019344", "Lactic Acid", "", "D019344")
    acids = ChemicalMention("acid", "MESH", "D000143", "Acids", "", "D000143")
    cancer = DiseaseMention("β-thalassemia", "DOID", "DOID:12241", "beta thalassemia", "", "", "DOID:12241")
    figures = [_figure(f"PMC1__{n}", chemicals=(acid,)) for n in range(3)]
    figures += [
        _figure("PMC2__x", chemicals=(rapamycin, acids), diseases=(cancer,)),
        _figure("PMC3__y", diseases=(cancer,)),
    ]
    make_index(figures, tmp_path)
    asked = ["sirol", "rapamune", "acid", "lactic ac", "β-thal", "thalass", "ac", "zzz"]
    found = ask(tmp_path, *(["suggest", text] for text in asked))
    told = {
        text: [(c["name"], c["word"], c["count"]) for c in own["chemicals"] + own["diseases"]]
        for text, own in zip(asked, found, strict=True)
    }
    assert told == {
        "sirol": [("Sirolimus", "", 1)],
        "rapamune": [("Sirolimus", "Rapamune", 1)],
        "acid": [("Acids", "acid", 1), ("Lactic Acid", "", 3)],
        "lactic ac": [("Lactic Acid", "", 3)],
        "β-thal": [("beta thalassemia", "", 2)],
        "thalass": [("beta thalassemia", "", 2)],
        "ac": [],
        "zzz": [],
    }
    assert found[0]["chemicals"][0]["href"].endswith("/chemicals/mesh.D020123.html")
    assert found[4]["diseases"][0]["href"].endswith("/diseases/doid.12241.html")


@needs_node
def test_names_of_greek_letters_mean_what_the_letters_do(tmp_path: Path) -> None:
    """A gene set, a suggestion and a search take TGF-beta1 for TGFB1, as they take TGF-β1."""
    genes = tuple(GeneMention(s, s, "hgnc_symbol", s, str(7000 + n)) for n, s in enumerate(("TGFB1", "NFKB1", "IFNG")))
    figures = [
        _figure("PMC1__a", genes=genes),
        _figure("PMC2__b", caption="TGF-β1, NF-κB"),
        _figure("PMC3__c", caption="TGFB1/NFKB"),
    ]
    make_index(figures, tmp_path)
    names = ["TGF-beta1", "TGFβ1", "IFN-gamma", "IFN\u03b3"]
    [resolved, *suggested] = ask(tmp_path, ["resolveGenes", names], *(["suggest", n] for n in names))
    assert {r["name"]: r["gene"]["symbol"] for r in (*resolved["recognised"], *resolved["repeated"])} == {
        "TGF-beta1": "TGFB1", "TGFβ1": "TGFB1", "IFN-gamma": "IFNG", "IFN\u03b3": "IFNG",
    }  # fmt: skip
    assert [s["genes"][0]["gene"]["symbol"] for s in suggested] == ["TGFB1", "TGFB1", "IFNG", "IFNG"]
    found = ask(tmp_path, *(["search", text] for text in ("TGF-β1 ", "TGF-beta1 ", "TGF-beta1/NF-κB ", "TGFB1 NFKB ")))
    assert [f["total"] for f in found] == [3, 3, 2, 2]


@needs_node
def test_symbol_too_long_for_the_name_of_a_page(tmp_path: Path) -> None:
    """A gene whose page has a name that was cut is found by its symbol and by that name, and shown by its symbol."""
    symbol = "\u03b2-\u043a\u043e\u043c\u043f\u043b\u0435\u043a\u0441" * 4
    long = GeneMention(symbol, symbol, "own", symbol, "")
    make_index([_figure(f"PMC1__{n}", genes=(long,)) for n in range(3)], tmp_path)
    key = escape(symbol)
    assert "~~" in key
    [by_name, by_key, shown] = ask(
        tmp_path, ["resolveGenes", symbol], ["search", f"gene:={key}"], ["genes", f"gene:={key}", {}]
    )
    assert [r["gene"]["symbol"] for r in by_name["recognised"]] == [symbol]
    assert by_key["total"] == 3
    assert symbol in str(shown)


@needs_node
def test_digits_are_ids_before_they_are_words(tmp_path: Path) -> None:
    """An id of NCBI Gene means its gene, though a word of another one is the same digits once it is joined."""
    genes = (
        GeneMention("2.19", "2.19", "hgnc_alias_symbol", "FAM3A", "60343"),
        GeneMention("ALDH1B1", "ALDH1B1", "hgnc_symbol", "ALDH1B1", "219"),
        GeneMention("14.1", "14.1", "hgnc_alias_symbol", "IGLL1", "3543"),
    )
    make_index([_figure("PMC1__a", genes=genes[:1]), _figure("PMC1__b", genes=genes)], tmp_path)
    [named, found, words] = ask(tmp_path, ["resolveGenes", "219 141"], ["search", "gene:219"], ["search", "gene:2.19"])
    assert [(r["name"], r["gene"]["symbol"]) for r in named["recognised"]] == [("219", "ALDH1B1")]
    assert [u["name"] for u in named["unrecognised"]] == ["141"]
    assert (found["total"], words["total"]) == (1, 2)


@needs_node
def test_symbol_of_another_organism_does_not_hide_a_word_of_ours(tmp_path: Path) -> None:
    """p53 is a gene of flies, and what people call TP53: the chosen organism decides, else what more figures show."""
    human = GeneMention("p53", "p53", "hgnc_alias_symbol", "TP53", "7157")
    fly = GeneMention("p53", "p53", "ncbigene_symbol", "p53", "2768677", "Drosophila melanogaster")
    figures = [_figure(f"PMC1__{n}", genes=(human,), organisms=("Homo sapiens",)) for n in range(3)]
    figures.append(_figure("PMC2__f", genes=(fly,), organisms=("Drosophila melanogaster",)))
    make_index(figures, tmp_path)
    asked = [
        ["resolveGenes", "p53", *more]
        for more in ([], [{"organism": "Homo sapiens"}], [{"organism": "Drosophila melanogaster"}])
    ]
    found = [r["recognised"][0]["gene"]["symbol"] for r in ask(tmp_path, *asked)]
    assert found == ["TP53", "TP53", "p53"]


@needs_node
def test_what_is_left_out_must_be_searched_in_full(tmp_path: Path) -> None:
    """A minus before words of which one is not searched leaves out nothing, rather than more than it says."""
    make_index([_figure("PMC1__a", caption="A cell."), _figure("PMC1__b", caption="A T cell.")], tmp_path)
    queries = ["cell", 'cell -"T cell"', "cell -cell"]
    assert [r["total"] for r in ask(tmp_path, *(["search", q] for q in queries))] == [2, 2, 0]
