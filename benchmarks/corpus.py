"""A corpus of any number of made-up figure records, the same for the same number and seed.

``python -m benchmarks.corpus N DIR [--seed 1]`` writes N Markdown files, one record each, with the mentions in the
front matter. Sizes and frequencies are like those of real records: about 34 gene rows a figure and 339 at most, a few
genes in thousands of figures and a long tail in one, words that stand for whole families, several figures a paper.
"""

from __future__ import annotations

import functools
import random
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from benchmarks import names, prose

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Corpus", "front_matter", "write"]

SITE = "https://example.org"
_INVENTED = 17_000  # genes beside the real ones, as many as occur in the real figures
_SKEW = 0.95  # exponent of the Zipf distribution of genes
_MOST_ROWS = 339  # gene rows of the largest real figure
_EVERY = 5000  # one in so many figures has that many rows
_YEARS = range(1995, 2026)
_LEXICONS = ("hgnc_symbol", "hgnc_alias_symbol", "hgnc_prev_symbol")
_FAMILY_LEXICON = "bioentities_symbol"
_LOOKALIKES = str.maketrans("AEKMHOPCTX", "АЕКМНОРСТХ")  # noqa: RUF001 - OCR returns Cyrillic letters

Record = dict[str, Any]


def _chance(rng: random.Random, share: float) -> bool:
    """Return True in this share of the cases."""
    return rng.random() < share


@dataclass(frozen=True)
class _Paper:
    """A paper with its figures."""

    pmcid: str
    journal: str
    stem: str
    year: int
    heading: str
    figures: int


class Corpus:
    """Draws records one after another; a record depends on the seed and its number alone."""

    def __init__(self, seed: int = 1) -> None:
        self.seed = seed
        self.families = tuple(names.families().items())

    @cached_property
    def genes(self) -> tuple[names.Gene, ...]:
        """All genes, the ones drawn most often first."""
        return (*names.real(), *names.invented(_INVENTED, self.seed))

    @cached_property
    def weights(self) -> list[float]:
        """The cumulative weights of the genes: Zipf's law, flattened at the top."""
        return list(accumulate((rank + 12) ** -_SKEW for rank in range(len(self.genes))))

    def records(self, count: int) -> Iterator[Record]:
        """Yield that many records, paper by paper."""
        made = number = 0
        while made < count:
            paper = self._paper(number)
            number += 1
            for figure in range(1, min(paper.figures, count - made) + 1):
                yield self._record(paper, figure, made)
                made += 1

    def _paper(self, number: int) -> _Paper:
        """Return a paper; two in three have one figure."""
        rng = random.Random(f"paper:{self.seed}:{number}")
        journal, stem = rng.choice(prose.JOURNALS)
        # Most papers are recent: the maximum of two draws.
        year = max(rng.choice(_YEARS), rng.choice(_YEARS))
        figures = rng.choices((1, 2, 3, 4, 7), (66, 20, 8, 5, 1))[0]
        pmcid = f"PMC{1_000_000 + number * 97 + rng.randrange(97)}"
        return _Paper(pmcid, journal, stem, year, prose.paper_title(rng), figures)

    def _rows(self, rng: random.Random, number: int) -> list[dict[str, str]]:
        """Return the gene mentions of a figure; one in 40 has none, and one in 5000 has as many as any."""
        if _chance(rng, 0.025):
            return []
        most = min(round(rng.lognormvariate(3.2, 0.8)), _MOST_ROWS)
        if number % _EVERY == _EVERY // 700:
            most = _MOST_ROWS
        rows: list[dict[str, str]] = []
        while len(rows) < most:
            rows += self._word(rng)
        if rows and _chance(rng, 0.3):
            rows += [dict(rng.choice(rows)) for _ in range(rng.randrange(1, 4))]
        return rows[:_MOST_ROWS]

    def _word(self, rng: random.Random) -> list[dict[str, str]]:
        """Return the rows of one word that OCR has seen: one gene, or all members of a family."""
        if _chance(rng, 0.18):
            word, members = rng.choice(self.families)
            symbol, lexicon = word.upper(), _FAMILY_LEXICON
        else:
            gene = rng.choices(self.genes, cum_weights=self.weights)[0]
            lexicon = rng.choices(_LEXICONS, (75, 20, 5))[0]
            word = gene.symbol if lexicon == "hgnc_symbol" else f"{gene.symbol[:3]}-{gene.symbol[3:] or '1'}"
            members, symbol = (gene,), word.replace("-", "").upper()
        seen = _misread(rng, word)
        return [
            {"word": seen, "symbol": symbol, "source": lexicon, "hgnc_symbol": g.symbol, "entrez": g.entrez}
            for g in members
        ]

    def _record(self, paper: _Paper, figure: int, number: int) -> Record:
        """Return one figure of a paper, its fields in the order of real records."""
        rng = random.Random(f"{self.seed}:{number}")
        rows = self._rows(rng, number)
        words = list(dict.fromkeys(row["word"] for row in rows))
        file = f"{paper.stem}-{paper.year % 100:02d}-{rng.randrange(100, 99999):05d}-g{figure:03d}"
        figid, alias = f"{paper.pmcid}__{file}", f"{paper.pmcid}__F{figure}"
        heading = prose.title(rng, words)
        text = prose.caption(rng, heading, words)
        chemicals = rng.sample(prose.CHEMICALS, rng.randrange(1, 6)) if _chance(rng, 0.4) else []
        diseases = rng.sample(prose.DISEASES, rng.randrange(1, 3)) if _chance(rng, 0.2) else []
        extra = rng.sample(prose.ORGANISMS, rng.randrange(1, 3)) if _chance(rng, 0.1) else []
        old = f"/figures/{alias}"
        return {
            "figid": figid,
            "figlink": f"pmc/articles/{paper.pmcid}/figure/{file.replace('-g', '-f')}/",
            "number": f"F{figure}",
            "caption": text,
            "pmcid": paper.pmcid,
            "papertitle": paper.heading,
            "reftext": f"A. Author, et al. {paper.journal}. {paper.year};{rng.randrange(1, 40)}.",
            "pmc_ranked_result_index": str(rng.randrange(200_000)),
            "pathway_score": round(rng.uniform(0.5, 1.0), 7),
            "filename": f"{file}.jpg",
            "figtitle": heading,
            "year": str(paper.year),
            "organisms": ["Homo sapiens", *extra],
            "ndex": "",
            "annotations": [],
            "seo": "CreativeWork",
            "schema-jsonld": _structured(figid, text, rows),
            "genes": rows,
            "chemicals": [{"word": w, "source": "MESH", "identifier": i} for w, i in chemicals],
            "diseases": [{"word": d, "source": "DOID", "identifier": ""} for d in diseases],
            "figid_alias": alias,
            "redirect_from": [old, f"{old}-old"] if _chance(rng, 0.02) else old,
            "figtype": "Figure",
        }


def _structured(figid: str, description: str, rows: list[dict[str, str]]) -> Record:
    """Return the JSON-LD of a record with the slips of real ones: a licence and a name that are none."""
    return {
        "@context": "https://schema.org/",
        "@id": f"{SITE}/figures/{figid}.html",
        "@type": "Dataset",
        "description": description,
        "license": "CC0",
        "name": "CreativeWork",
        "creator": {"@type": "Organization", "name": "WikiPathways"},
        "keywords": list(dict.fromkeys(row["hgnc_symbol"] for row in rows)),
    }


def _misread(rng: random.Random, word: str) -> str:
    """Return a word as OCR might have seen it."""
    forms = (word, word.capitalize(), word.lower(), word.translate(_LOOKALIKES), f"{word}--")
    return rng.choices(forms, (70, 15, 12, 2, 1))[0]


_PLAIN = re.compile(r"[^\W\d_](?:[^:#\n'\"]|:(?! |$)|(?<! )#|['\"])*", re.UNICODE)
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
_WIDTH = 80  # columns after which a long text is broken, as PyYAML does by default


def _quoted(value: str) -> str:
    """Return a text in YAML, quoted only where it must be."""
    plain = _PLAIN.fullmatch(value) and not value.endswith(" ") and value.lower() not in _WORDS_OF_YAML
    return value if plain else "'" + value.replace("'", "''") + "'"


# Symbols and lexicons come again and again.
_text = functools.lru_cache(maxsize=1 << 16)(_quoted)


def _folded(value: str, indent: int, start: int) -> str:
    """Return a long text in YAML, broken at single blanks into lines that are indented."""
    text = _quoted(value)
    if start + len(text) <= _WIDTH or "  " in text:
        return text
    lines: list[str] = []
    line, room = "", _WIDTH - start
    for word in text.split(" "):
        if line and len(line) + len(word) >= room:
            lines.append(line)
            line, room = word, _WIDTH - indent
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return ("\n" + " " * indent).join(lines)


def _lines(value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of a mapping or list in the block style of PyYAML."""
    pad = " " * indent
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _entry(f"{pad}{_text(key)}:", item, indent)
    else:
        for item in value:
            if isinstance(item, dict):
                inner = "\n".join(_lines(item, indent + 2))
                yield f"{pad}- {inner[indent + 2 :]}"
            else:
                yield f"{pad}- {_text(item)}"


def _entry(head: str, item: Any, indent: int) -> Iterator[str]:
    """Yield the lines of one key with its value; lists stand below their key without indentation."""
    if isinstance(item, str):
        short = len(head) + len(item) + 3 < _WIDTH
        yield f"{head} {_text(item) if short else _folded(item, indent + 2, len(head) + 1)}"
    elif isinstance(item, dict):
        yield head if item else f"{head} {{}}"
        yield from _lines(item, indent + 2)
    elif isinstance(item, list):
        yield head if item else f"{head} []"
        yield from _lines(item, indent)
    else:
        yield f"{head} {item!r}"


def front_matter(record: Record) -> str:
    """Return the record as a Markdown file with an empty body, in YAML that loads to the very same record."""
    return "---\n" + "\n".join(_lines(record, 0)) + "\n---\n"


def write(count: int, folder: Path, seed: int = 1) -> int:
    """Write that many records into a folder, one file each, and return their bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for record in Corpus(seed).records(count):
        data = front_matter(record).encode()
        (folder / f"{record['figid']}.md").write_bytes(data)
        size += len(data)
    return size


@click.command()
@click.argument("count", type=click.IntRange(min=1))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--seed", default=1, show_default=True, help="Another seed gives other records.")
def main(count: int, folder: Path, seed: int) -> None:
    """Write COUNT made-up figure records into FOLDER."""
    size = write(count, folder, seed)
    click.echo(f"{count} records, {size / 1e6:.1f} MB in {folder}", file=sys.stderr)


if __name__ == "__main__":
    main()
