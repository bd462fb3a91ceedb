"""Fuzz the reader: records made of hostile pieces, which must be read or refused in words, never end the program.

``python -m tests.hostile.fuzz 1000000`` runs that many inputs; one that fails is kept in ``tests/hostile/corpus/``,
which every test run reads again.
"""

from __future__ import annotations

import random
import sys
import time
from hashlib import blake2b
from pathlib import Path
from typing import Any

from builder.problems import text_line
from builder.read.bucket import read_text
from builder.read.frontmatter import decode
from builder.read.tables import read_chemicals, read_diseases, read_genes
from builder.read.texts import CONTROL
from builder.read.yamltext import YamlError
from tests.hostile.records import FIELDS, PAYLOADS, put, text_of

__all__ = ["CORPUS", "fault_of", "inputs", "main"]

CORPUS = Path(__file__).parent / "corpus"
"""Inputs that once failed."""
SLOW = 5.0
"""Seconds of processor time in which any input of this size is read."""

_PIECES = [
    *(p.encode("utf-8", "surrogatepass")[:400] for p in PAYLOADS.values()),
    *b"---\n|---|...\n|\n|\r\n|\n  |\n- |- |: |:\n|? |[|]|{|}|, |'|''|&a |*a |!!str |!!python/name:x |!x".split(b"|"),
    b"|\n  ", b">-\n  ", b"<<: ", b'"',
    b'""', b"# x", b" #", b"%YAML 1.1\n", b"~", b"null", b"NA", b"2020", b"1e5", b"no", b"\t",
    b"\0", b"\x1b", b"\x7f", b"\xef\xbb\xbf", b"\xe2\x80\xa8",
    b"\xe2\x80\xae", b"\xf0\x9f\xa7\xac", b'"\\ud800"', b'"\\x00\\e\\L"', b"\\",
    b"genes:\n- word: a\n  symbol: A\n  source: s\n  hgnc_symbol: A\n  entrez: '1'\n",
    b"genes:\n- {word: a, hgnc_symbol: [A]}\n", b"chemicals:\n- word: x\n  source: MESH\n  identifier: D000001\n",
    b"diseases: [{}, x, [y]]\n", b"redirect_from: [/a, ../b]\n", b"organisms: a, b\n",
    b"schema-jsonld: {a: [b, {c: d}]}\n", b"figid: x\n", b"pmcid: PMC1\n",
    *(f"\n{f.split('.')[-1]}: ".encode() for f in FIELDS),
]  # fmt: skip
_KEYS = [f"{f.split('.')[0]}: ".encode() for f in FIELDS]
_TEXTS = [p for n, p in PAYLOADS.items() if n != "surrogates"]  # which YAML does not know
_TABLE = [b"\t", b"\n", b"word", b"ncbigene_symbol", b"ncbigene_id", b"mesh", b"chebi", b"doid", b"identifier", b"name"]


def inputs(seed: int, count: int) -> list[bytes]:
    """Return so many inputs, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    return [_one(chance) for _ in range(count)]


def _one(chance: random.Random) -> bytes:
    """Return a table, a record whose fields are attacks, or pieces of records in any order; some with bytes changed."""
    kind = chance.random()
    if kind < 0.1:
        data = b"\t" + b"".join(chance.choices([*_TABLE, *_PIECES], _weights(), k=chance.randint(0, 40)))
    elif kind < 0.6:
        front: dict[str, Any] = {"figid": "x", "pmcid": "PMC1"}
        attacks = (chance.choice(_TEXTS)[: chance.choice((5, 50, 500))] for _ in range(chance.randint(1, 8)))
        body = "".join([put(front, chance.choice(FIELDS[1:]), attack) for attack in attacks])
        data = text_of(front, body, escaped=chance.random() < 0.5)
    else:
        keys = b"".join(b"".join((chance.choice(_KEYS), *chance.choices(_PIECES, k=2), b"\n")) for _ in range(4))
        soup = b"".join(chance.choices(_PIECES, k=chance.randint(0, 12)))
        data = b"---\nfigid: x\npmcid: PMC1\n" + chance.choice((keys, soup)) + b"\n---\n" + chance.choice(_PIECES)
    changed = bytearray(data)
    while changed and chance.random() < 0.2:
        changed[chance.randrange(len(changed))] = chance.randrange(128)
    if chance.random() < 0.05:
        del changed[: chance.randrange(len(changed) + 1)]
    return bytes(changed)


def _weights() -> list[float]:
    """Return how often a piece stands in a table: its own far more often than those of records."""
    return [8.0] * len(_TABLE) + [0.5] * len(_PIECES)


def fault_of(data: bytes) -> str:
    """Return what is wrong with how an input is read; empty if it is read, or refused in words at a place."""
    began = time.process_time()
    try:
        text = decode(data)
        if data.startswith(b"\t"):
            problems = [
                *read_genes(text[1:], "x")[-1],
                *read_chemicals(text[1:], "x")[-1],
                *read_diseases(text[1:], "x")[-1],
            ]
        else:
            figure, problems = read_text(text, "x.md")
            if (figure is None) is not any(p.severity == "error" for p in problems):
                return "neither read nor refused"
            if figure is not None and CONTROL.search(repr(figure).replace("\\", "")):
                return "a character that cannot be published"
    except YamlError as error:
        return "" if error.line > 0 and error.column > 0 else "no place"
    lines = data.count(b"\n") + data.count(b"\r") + data.decode("utf-8", "replace").count("\u2028") + 3
    if odd := [p for p in problems if not (0 < p.line <= lines * 2 and p.column > 0 and p.message and p.rule)]:
        return f"no place: {odd[0]}"
    if [p for p in problems if "\n" in text_line(p)]:
        return "a message of several lines"
    return "slow" if time.process_time() - began > SLOW else ""


def main() -> int:
    """Run as many inputs as the command line says, from a new seed; returns 1 if one failed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    failed = 0
    for first in range(0, count, 1000):
        for data in inputs(seed + first, min(1000, count - first)):
            try:
                fault = fault_of(data)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
                fault = f"{type(error).__name__}: {error}"
            if fault:
                failed += 1
                CORPUS.mkdir(exist_ok=True)
                name = blake2b(data, digest_size=6).hexdigest()
                (CORPUS / name).write_bytes(data)
                sys.stdout.write(f"{name}: {fault}\n")
    sys.stdout.write(f"{count:,} inputs from seed {seed}: {failed} failed\n")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
