"""The search index and the JavaScript that asks it, against brute force, scipy and a clean build."""

from __future__ import annotations

import json
import math
import random
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, hypergeom

from benchmarks.corpus import Corpus
from builder.model import Figure, GeneMention
from builder.read.record import read_record
from builder.read.tokens import tokenise
from builder.read.words import words_of
from builder.search import lists as lists_module
from builder.search import shards
from builder.search.lists import id_lists, run_bytes
from builder.search.shards import Table, table_of, table_shards, varints
from tests.support.bruteforce import Asked, Collection, random_query
from tests.support.installed import NODE, needs_node
from tests.support.searching import ask, figids, ids_of, make_index, numbers, read_shard, read_table, runs_of

ROOT = Path(__file__).resolve().parents[2]
FIGURES = 2000
QUERIES = 500
HOSTILE = "</script><img src=x onerror=alert(1)> & \"quotes\" 'β' \u202e {{7*7}}"
BOLD = "Il-6 in mice \U0001d400\U0001d40a\U0001d413"


def _figure(figid: str, **fields: Any) -> Figure:
    """Return a figure of a paper."""
    return Figure(figid=figid, pmcid=figid.partition("__")[0], **fields)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Figure], Path]:
    """Two thousand figures, with some that hurt, and the folder of their index."""
    folder = tmp_path_factory.mktemp("collection")
    figures = [read_record(r, "", r["figid"])[0] for r in Corpus().records(FIGURES)]
    genes = (GeneMention("TGF-β1", "TGF-β1", "hgnc_symbol", "TGFB1", "7040"),)
    mouse = (GeneMention("Il-6", "Il6", "ncbigene_symbol", "Il6", "16193", "Mus musculus"),)
    figures += [
        _figure(
            "PMC1__hostile",
            title=HOSTILE,
            caption="NF-\u03baB and TNF\u03b1 in Sjo\u0308gren's syndrome",
            year="2021",
            genes=genes,
        ),
        _figure("PMC1__odd", title="", paper=BOLD, year="in press", filename="", genes=mouse),
        _figure("strange id", title="x" * 5000, caption="y" * 5000, year="1234", figtype="Scheme"),
    ]
    make_index(figures, folder)
    return figures, folder


@settings(max_examples=300)
@given(
    st.lists(st.text(st.characters(codec="utf-8") | st.sampled_from("aZ09-/._' β\u2019\u2013é\u0301")), max_size=6)
    | st.lists(st.text(st.sampled_from("ab9β\u0301/- "), max_size=12), max_size=6)
)
@example(["a/bc", "ab/c", "ab/cd", "βa/cd", "aβ/cd", "ab/\u03b2-\u03b1/cd", "a-b/c-d", "β/1", "ab-β/cd", "ab-c/d-ef"])
def test_many_texts_at_once_have_the_words_of_each(texts: list[str]) -> None:
    """The words found in numpy are those that the rules of ``words.py`` give for each text alone."""
    found: list[set[str]] = [set() for _ in texts]
    t = tokenise([text.encode() for text in texts])
    for i, start, length in zip(t.text.tolist(), t.start.tolist(), t.length.tolist(), strict=True):
        found[i].add(t.data[start : start + length].decode())
    assert found == [words_of(text) for text in texts]


def test_words_are_those_of_the_table_of_cases() -> None:
    """Python passes the table of cases that JavaScript passes."""
    cases = json.loads((ROOT / "tests/js/words.json").read_text("utf-8"))
    assert {text: sorted(words_of(text)) for text, _ in cases} == {text: sorted(words) for text, words in cases}


@given(st.lists(st.integers(0, 1 << 40)))
def test_numbers_come_back(values: list[int]) -> None:
    """Numbers written as bytes are read as they were, and each has the bytes that are told."""
    data, widths = varints(np.array(values, np.int64))
    assert numbers(data) == values
    assert len(data) == int(widths.sum(dtype=np.int64))


def test_shards_of_a_table_hold_all_of_it_and_keep_their_borders() -> None:
    """The shards together are the table; another size of one value moves no border but those beside it."""
    keys = [f"{n:06d}".encode() for n in range(30_000)]
    rng = np.random.default_rng(1)
    hashes = rng.integers(0, 1 << 63, len(keys)).astype(np.uint64)
    sizes = rng.integers(0, 60, len(keys))

    def cut(sizes: np.ndarray[Any, Any]) -> list[bytes]:
        return [s.data for s in table_shards(Table(keys, hashes, bytes(int(sizes.sum())), sizes))]

    shards = cut(sizes)
    assert [k for s in shards for k, _ in read_shard(s)] == keys
    assert max(map(len, shards)) < 50_000
    changed = sizes.copy()
    changed[15_000] += 900
    assert len(set(cut(changed)) - set(shards)) <= 4


@needs_node
def test_answers_are_those_of_brute_force(collection: tuple[list[Figure], Path]) -> None:
    """Five hundred random queries find the figures that a look at every record finds, in the order of their scores."""
    figures, folder = collection
    rng = random.Random(5)  # noqa: S311 - repeatable
    asked = [random_query(rng, figures) for _ in range(QUERIES)]
    answers = ask(folder, *(["search", a.text, {"limit": 0, "sort": "relevance"}] for a in asked))
    everything, named = Collection(figures), figids(folder)
    ids = {figid: i for i, figid in named.items()}
    hits = 0
    for query, answer in zip(asked, answers, strict=True):
        scores = everything.search(query)
        best = sorted(scores, key=lambda f: (-scores[f], ids[f]))
        assert [named[i] for i in answer["ids"]] == best, query.text
        hits += bool(best)
    assert hits > QUERIES / 2


@needs_node
def test_unfinished_words_are_those_of_brute_force(
    collection: tuple[list[Figure], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where many words begin so that there is one list for all of them, it says what a look at every record says."""
    for name, size in (("LEAST", 60), ("MOST", 200), ("ONE_OF", 2)):
        monkeypatch.setattr(shards, name, size)
    figures, _ = collection
    figures = figures[:500]
    make_index(figures, tmp_path)
    starts = read_table(tmp_path, "starts")
    words = read_table(tmp_path, "words")
    assert len(starts) > 100
    assert all(sum(w.startswith(s) for w in words) > 2 for s in starts)
    rng = random.Random(6)  # noqa: S311 - repeatable
    chosen = [*rng.sample(sorted(starts), 60), *(s for s in starts if s in words)]
    asked = [Asked((s,)) for s in chosen] + [Asked(("pathway", s)) for s in chosen[:20]]
    asked += [Asked((f"{a}-{b}",)) for a, b in zip(chosen[:20], chosen[20:40], strict=True)]
    answers = ask(tmp_path, *(["search", a.text, {"limit": 0, "sort": "relevance"}] for a in asked))
    everything, named = Collection(figures), figids(tmp_path)
    ids = {figid: i for i, figid in named.items()}
    for query, answer in zip(asked, answers, strict=True):
        scores = everything.search(query)
        assert [named[i] for i in answer["ids"]] == sorted(scores, key=lambda f: (-scores[f], ids[f])), query.text


@given(st.lists(st.tuples(st.integers(0, 7), st.sets(st.integers(0, 1 << 20), min_size=1, max_size=60))))
def test_lists_come_back(runs: list[tuple[int, set[int]]]) -> None:
    """Runs of ids written as bits or numbers are read as they were, and each has the bytes that are told."""
    lists = [sorted(own) for _, own in runs]
    ids = np.array([i for own in lists for i in own], np.int64)
    first = np.cumsum([0, *map(len, lists)])[:-1].astype(np.int64)
    data, sizes = run_bytes(ids, first, np.array([tag for tag, _ in runs], np.int64))
    assert runs_of(data) == [(tag, own) for (tag, _), own in zip(runs, lists, strict=True)]
    assert len(data) == int(sizes.sum())


@pytest.mark.parametrize("block", [1, 7, 100])
def test_lists_are_the_same_in_blocks(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists that are written some at a time, one longer than a block among them, are those written all at once."""
    own = [[5], list(range(0, 60, 2)), [1, 9, 30], list(range(200)), [0], [7, 8]]
    ids = np.array([i for one in own for i in one], np.int64)
    first = np.cumsum([0, *map(len, own)])[:-1]
    whole, sizes = run_bytes(ids, first, np.zeros(len(own), np.int64))
    monkeypatch.setattr(lists_module, "BLOCK", block)
    data, found = id_lists(ids, first)
    assert data == whole
    assert found.tolist() == sizes.tolist()
    assert runs_of(data) == [(0, one) for one in own]


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), unique=True, min_size=1))
def test_keys_that_begin_alike_come_back(texts: list[str]) -> None:
    """A shard writes of a key how it differs from the one before, and gives all of it back."""
    keys = sorted(t.encode() for t in texts)
    entries = [(key, key[::-1]) for key in keys]
    assert [e for s in table_shards(table_of(entries)) for e in read_shard(s.data)] == entries


@needs_node
def test_rows_and_marks_are_text(collection: tuple[list[Figure], Path]) -> None:
    """What a hostile title holds comes back as it was written, with the words of the query marked and nothing else."""
    _, folder = collection
    [found, odd, strange] = ask(
        folder,
        ["search", "onerror nfkb sjögren tnf-alpha"],
        ["search", "akt gene:Mus_musculus/Il6"],
        ["search", "type:scheme", {"limit": 3}],
    )
    [row], [marks] = found["rows"], found["marks"]
    assert row["title"] == HOSTILE
    assert [row["title"][a:b] for a, b in marks["title"]] == ["onerror"]
    assert row["href"] == "/sub/figures/PMC1__hostile.html"
    assert odd["rows"][0] | {"id": 0} == {
        "id": 0, "figid": "PMC1__odd", "href": "/sub/figures/PMC1__odd.html", "title": "PMC1__odd", "number": "",
        "year": "in press", "paper": BOLD, "pmcid": "PMC1", "organisms": [], "type": "Figure", "thumb": "",
    }  # fmt: skip
    last = next(r for r in strange["rows"] if r["figid"] == "strange id")
    assert last["href"] == "/sub/figures/strange%20id.html"
    assert len(last["title"]) == 300


@needs_node
def test_facets_count_all_answers(collection: tuple[list[Figure], Path]) -> None:
    """Years, organisms and types are counted over every answer, not over a page of them."""
    figures, folder = collection
    [result, facets] = ask(folder, ["search", "proteasome", {"limit": 1}], ["facets", "proteasome", {"limit": 1}])
    named = figids(folder)
    found = [f for f in figures if f.figid in {named[i] for i in result["ids"]}]
    assert len(found) > 20
    years = {y["year"]: y["count"] for y in facets["years"]}
    assert years == {int(y): sum(f.year == y for f in found) for y in {f.year for f in found}}
    organisms = {o["name"]: o["count"] for o in facets["organisms"]}
    assert organisms == {o: sum(o in f.organisms for f in found) for o in {o for f in found for o in f.organisms}}
    assert {t["name"]: t["count"] for t in facets["types"]} == {
        t: sum((f.figtype or "Figure") == t for f in found) for t in {f.figtype or "Figure" for f in found}
    }


@needs_node
def test_names_of_genes_are_recognised(collection: tuple[list[Figure], Path]) -> None:
    """Symbols, words that were seen, ids and keys name genes, in any separator; a gene named twice counts once."""
    figures, folder = collection
    mentions = [g for f in figures for g in f.genes]
    seen = next(g for g in mentions if g.symbol != g.word and g.word.isalnum() and len(g.word) > 3 and g.ncbi)
    text = f"tgfb1; TGF-β1, 7040\tMus_musculus/Il6|{seen.word}\nnosuchgene"
    [resolved, suggested] = ask(folder, ["resolveGenes", text], ["suggest", "TGF-β", {"limit": 3}])
    assert [r["gene"]["key"] for r in resolved["recognised"]][:2] == ["TGFB1", "Mus_musculus/Il6"]
    assert [r["name"] for r in resolved["repeated"]] == ["TGF-β1", "7040"]
    assert [r["name"] for r in resolved["unrecognised"]] == ["nosuchgene"]
    assert len(resolved["recognised"]) == 3
    assert "TGFB1" in [s["gene"]["key"] for s in suggested["genes"]]


@needs_node
def test_mistyped_names_of_genes_get_the_right_ones_offered(collection: tuple[list[Figure], Path]) -> None:
    """A letter too many, too few, changed or swapped leads to the gene that was meant."""
    _, folder = collection
    junk = [f"zzqx{n:03}" for n in range(60)]
    [resolved] = ask(folder, ["resolveGenes", [*junk, "AKTT1", "EFGR", "PTENN", "MTOOR", "TGFXB1"]])
    offered = {u["name"]: [g["key"] for g in u["suggestions"]] for u in resolved["unrecognised"]}
    for name, key in (("AKTT1", "AKT1"), ("EFGR", "EGFR"), ("PTENN", "PTEN"), ("MTOOR", "MTOR"), ("TGFXB1", "TGFB1")):
        assert offered[name][0] == key, name
    assert offered["zzqx000"] == []
    [many] = ask(folder, ["resolveGenes", [f"zzqx{n:03}" for n in range(150)]])
    assert [u["suggestions"] for u in many["unrecognised"]] == [[]] * 100 + [None] * 50
    [allele] = ask(folder, ["resolveGenes", "AKT1*15:01"])
    assert allele["recognised"] == []


@needs_node
@pytest.mark.parametrize("between", ["->", ">", "=", "*", "~", "#", "\\", "_", ".", "\u2013", "\u2014", "/", "+", ":"])
def test_genes_are_told_apart_whatever_stands_between_them(collection: tuple[list[Figure], Path], between: str) -> None:
    """What may be a part of a name stands between names where the whole means no gene."""
    _, folder = collection
    [resolved] = ask(folder, ["resolveGenes", f"(AKT1){between}(PTEN) MTOR{between}EGFR"])
    assert [r["gene"]["key"] for r in resolved["recognised"]] == ["AKT1", "PTEN", "MTOR", "EGFR"]
    assert resolved["unrecognised"] == []


@needs_node
@pytest.mark.parametrize(
    ("query", "meant"),
    [("gene:AKTT1 gene:PTEN", "gene:AKT1 gene:PTEN"), ("gene:EFGR", "gene:EGFR"), ("type:Scheem", "type:Scheme"),
     ("organism:musculus", 'organism:"Mus musculus"')],
)  # fmt: skip
def test_mistyped_filters_get_the_right_ones_offered(
    collection: tuple[list[Figure], Path], query: str, meant: str
) -> None:
    """A gene, a type or an organism that nobody knows leads to the query that was meant."""
    _, folder = collection
    [found] = ask(folder, ["search", query])
    assert found["didYouMean"][0]["query"] == meant
    assert found["unknown"]


@needs_node
def test_a_minus_before_a_filter_leaves_out(collection: tuple[list[Figure], Path]) -> None:
    """Figures of an organism, a type or years that stand behind a minus are left out, and all others found."""
    figures, folder = collection
    mouse = {f.figid for f in figures if "Mus musculus" in f.organisms}
    schemes = {f.figid for f in figures if f.figtype == "Scheme"}
    year = {f.figid for f in figures if f.year == "2019"}
    whole = {f.figid for f in figures}
    asked = ['-organism:"Mus musculus"', "-type:Scheme", "-year:2019"]
    named = figids(folder)
    for out, query in zip((mouse, schemes, year), asked, strict=True):
        assert 0 < len(out) < len(whole), query
        [found] = ask(folder, ["search", query])
        assert {named[i] for i in found["ids"]} == whole - out, query


@needs_node
def test_network_has_the_genes_most_seen_with_one(
    collection: tuple[list[Figure], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network shows the genes most seen with its gene, however many files say so; a facet of a part says so."""
    monkeypatch.setattr("builder.search.index.IDS_A_GENE_SHARD", 64)
    figures, _ = collection
    make_index(figures, tmp_path)
    shown = [{g.symbol for g in f.genes} for f in figures]
    for symbol in ("TNF", "CDKN2A"):
        seen = Counter(s for own in shown if symbol in own for s in own)
        counts = sorted((n for s, n in seen.items() if s != symbol), reverse=True)
        queries = ["neighbourhood", symbol], ["genes", f"gene:{symbol}"], ["genes", "onerror"]
        network, facet, few = ask(tmp_path, *queries)
        both = [len(set(network["figures"][0]) & set(own)) for own in network["figures"]]
        assert (both[1:], network["sampled"]) == (counts[:25], False), symbol
        assert (facet["sampled"], few["sampled"]) == (True, False)
        assert {f["gene"]["key"]: f["count"] for f in facet["genes"]}.items() <= seen.items()


@needs_node
def test_a_network_is_of_one_organism(tmp_path: Path) -> None:
    """A word stands for genes of each organism of its paper: a gene's network shows those of its own alone."""
    human = [GeneMention(s, s, "hgnc_symbol", s, n) for s, n in (("TNF", "7124"), ("IL6", "3569"))]
    own = (("Tnf", "21926"), ("Il6", "16193"))
    mouse = [GeneMention(s, s, "ncbigene_symbol", s, n, "Mus musculus") for s, n in own]
    make_index([_figure(f"PMC{n}__both", genes=(*human, *mouse)) for n in range(3)], tmp_path)
    one, other = ask(tmp_path, ["neighbourhood", "TNF"], ["neighbourhood", "Mus_musculus/Il6"])
    assert [g["key"] for g in one["genes"]] == ["TNF", "IL6"]
    assert [g["key"] for g in other["genes"]] == ["Mus_musculus/Il6", "Mus_musculus/Tnf"]


@needs_node
@pytest.mark.parametrize("typed", ["AT2G32950", "at2g32950"])
def test_ids_of_other_databases_are_looked_up(tmp_path: Path, typed: str) -> None:
    """A gene is found by the id that its records give, be it one of NCBI Gene or another."""
    gene = GeneMention("COP1", "COP1", "TAIR", "COP1", "AT2G32950", "Arabidopsis thaliana")
    make_index([_figure("LAB1__a", genes=(gene,)), _figure("LAB1__b")], tmp_path)
    found, taken = ask(tmp_path, ["search", f"gene:{typed}"], ["set", typed])
    assert (found["total"], taken["set"]) == (1, 1)


@needs_node
def test_dois_and_common_names_are_found(tmp_path: Path) -> None:
    """A figure is found by its paper's DOI, an organism by what people call it; a date is no gene."""
    genes = tuple(GeneMention(s, s, "hgnc_symbol", s, n) for s, n in (("NAT1", "9"), ("A2M", "2"), ("TP53", "7157")))
    figures = [
        _figure("PMC1__a", doi="https://doi.org/10.1105/TPC.19.00123", genes=genes),
        _figure("PMC2__b", doi="10.1105/tpc.19.00124", organisms=("Mus musculus",)),
    ]
    make_index(figures, tmp_path)
    asked = [
        "10.1105/tpc.19.00123",
        "https://doi.org/10.1105/tpc.19.00123",
        "doi: 10.1105/tpc.19.00123",
        "organism:mouse",
    ]
    answers = ask(tmp_path, *(["search", text] for text in asked), ["suggest", "mouse"], ["set", "9/2/2023 TP53"])
    found = [[row["figid"] for row in answer["rows"]] for answer in answers[:4]]
    assert found == [["PMC1__a"], ["PMC1__a"], ["PMC1__a"], ["PMC2__b"]]
    assert [o["name"] for o in answers[4]["organisms"]] == ["Mus musculus"]
    assert answers[5]["set"] == 1


@needs_node
@pytest.mark.parametrize("typed", ["花成", "開花", "タンパク質", "ガン", "ghd7", "短日条件", "イネ 花成"])
def test_words_without_blanks_are_found(tmp_path: Path, typed: str) -> None:
    """Japanese and Chinese are found wherever they stand in a text, beside Latin letters too."""
    caption = "Hd3aタンパク質は葉で合成され、短日条件で花成を促進する。ガン"
    figures = [
        _figure("LAB1__a", title="イネの開花とGhd7の役割", caption=caption),
        _figure("LAB1__b", caption="花 成長"),
    ]
    make_index(figures, tmp_path)
    (answer,) = ask(tmp_path, ["search", typed])
    assert [row["figid"] for row in answer["rows"]] == ["LAB1__a"]


@needs_node
def test_a_misspelt_word_is_corrected(collection: tuple[list[Figure], Path]) -> None:
    """A word that is found nowhere brings the word that was meant, within the whole query."""
    _, folder = collection
    [answer] = ask(folder, ["search", "year:2000- proteosome"])
    assert answer["total"] == 0
    assert answer["didYouMean"][0]["query"] == "proteasome year:2000-"


@needs_node
def test_gene_sets_are_ranked_as_scipy_ranks_them(collection: tuple[list[Figure], Path]) -> None:
    """Overlap, size, p and q of every figure are those that scipy gives for the genes of the records."""
    figures, folder = collection
    genes = {f.figid: {g.symbol for g in f.genes if not g.organism} for f in figures}
    background = set().union(*genes.values())
    rng = random.Random(3)  # noqa: S311 - repeatable
    chosen = sorted(rng.sample(sorted(g for g in background if g.isalnum()), 40))
    [result] = ask(folder, ["set", " ".join(chosen), {"limit": 5}])
    shown = {f: own for f, own in genes.items() if own}
    found = {f: len(own & set(chosen)) for f, own in shown.items()}
    p = [hypergeom.sf(found[f] - 1, len(background), len(chosen), len(shown[f])) for f in shown]
    q = dict(zip(shown, false_discovery_control(p), strict=True))
    expected = dict(zip(shown, p, strict=True))
    assert (result["background"], result["set"], result["tested"]) == (len(background), 40, len(shown))
    named = figids(folder)
    ranked = {named[r["id"]]: r for r in result["ranked"]}
    assert ranked.keys() == {f for f, n in found.items() if n}
    for figid, r in ranked.items():
        assert (r["overlap"], r["size"]) == (found[figid], len(shown[figid]))
        assert r["p"] == pytest.approx(expected[figid], rel=1e-9)
        assert r["q"] == pytest.approx(q[figid], rel=1e-9)
    assert [r["p"] for r in result["ranked"]] == sorted(r["p"] for r in result["ranked"])
    first = result["rows"][0]["figid"]
    assert {g["symbol"] for g in result["genes"][0]} == genes[first] & set(chosen)


@needs_node
def test_a_ranking_is_narrowed_and_cut_into_pages_without_another_order(collection: tuple[list[Figure], Path]) -> None:
    """Figures of one p come by overlap, size, then newest; what a filter leaves keeps its order and numbers."""
    figures, folder = collection
    chosen = " ".join(sorted({g.symbol for f in figures[:40] for g in f.genes if not g.organism}))
    size, years = [3, 9], [2015, 2019]
    narrowed = {"size": size, "atLeast": 2, "filters": {"years": years}, "offset": 3, "limit": 4}
    whole, part = ask(folder, ["set", chosen, {"limit": 7}], ["set", chosen, narrowed])
    ranked = whole["ranked"]
    assert ranked == sorted(ranked, key=lambda r: (r["logP"], -r["overlap"], r["size"], r["id"]))
    assert whole["page"] == ranked[:7]
    year = {f.figid: int(f.year) if f.year.isdigit() else 0 for f in figures}
    named = figids(folder)
    left = [
        r
        for r in ranked
        if size[0] <= r["size"] <= size[1] and r["overlap"] >= 2 and years[0] <= year[named[r["id"]]] <= years[1]
    ]
    assert 7 < len(left) < len(ranked)
    assert (part["ranked"], part["page"], part["total"]) == (left, left[3:7], len(left))
    assert [r["figid"] for r in part["rows"]] == [named[r["id"]] for r in left[3:7]]


@needs_node
def test_tails_of_the_hypergeometric_distribution() -> None:
    """The logarithm of p agrees with scipy where p is near 1, and where it is too small for a number."""
    rng = random.Random(9)  # noqa: S311 - repeatable
    cases = [
        (k, n, a, b)
        for n in (5, 60, 20_000)
        for _ in range(80)
        for a, b in [(rng.randint(1, n), rng.randint(1, n))]
        for k in (0, 1, min(a, b), rng.randint(0, min(a, b)))
    ]
    script = (
        "import { logHypergeometric } from './static/js/search/statistics.js';"
        f"console.log(JSON.stringify({json.dumps(cases)}.map((c) => logHypergeometric(...c)).map(String)))"
    )
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    for case, found in zip(cases, map(float, json.loads(done.stdout)), strict=True):
        k, n, a, b = case
        assert found == pytest.approx(hypergeom.logsf(k - 1, n, a, b), rel=1e-8, abs=1e-9), case
        assert not math.isnan(found)


def test_genes_of_the_index_are_those_of_the_records(collection: tuple[list[Figure], Path]) -> None:
    """The table of genes has each gene with its figures, and the table of words each word of a record once."""
    figures, folder = collection
    named = figids(folder)
    genes = {
        key.split("\t")[1]: {named[i] for i in ids_of(value)} for key, value in read_table(folder, "genes").items()
    }
    expected: dict[str, set[str]] = {}
    for f in figures:
        for g in f.genes:
            expected.setdefault(f"{g.organism.replace(' ', '_')}/{g.symbol}" if g.organism else g.symbol, set()).add(
                f.figid
            )
    plain = {k: v for k, v in expected.items() if k.replace("/", "").replace("_", "").isalnum()}
    assert {k: genes.get(k) for k in plain} == plain
    assert read_table(folder, "words").keys() >= words_of(figures[7].caption)


def test_an_edit_changes_few_files_and_leaves_a_clean_index(
    collection: tuple[list[Figure], Path], tmp_path: Path
) -> None:
    """With one caption changed all files but a handful are as they were."""
    figures, _ = collection
    edited = list(figures)
    edited[1000] = msgspec.structs.replace(figures[1000], caption=figures[1000].caption + " Unheard of before.")
    before, after = make_index(figures[:1200], tmp_path / "a"), make_index(edited[:1200], tmp_path / "b", buckets=3)
    changed = [path for path in after if before.get(path) != after[path]]
    assert "search/index.json" in changed
    assert len(changed) <= 8, changed
