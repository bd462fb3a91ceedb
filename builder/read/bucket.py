"""Read records in buckets, and keep what was read.

A bucket is the records whose names fall together by a hash: a few hundred. It is read in a
worker, which leaves two files in the cache, named by the hash of the bucket's contents: the
full records (for rendering) and compact columns (for the catalogue). The main process never
holds all records. A bucket that holds a record we have read before, by content hash, takes
it from the bucket's former file instead of parsing it again.
"""

from __future__ import annotations

import os
import zlib
from array import array
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from builder.model import Figure
from builder.problems import BuildError, Finding, KeyPath, Problem, failures
from builder.read.frontmatter import decode, parse, yaml_text
from builder.read.record import read_record
from builder.read.yamltext import YamlError, locate

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BucketDone",
    "BucketTask",
    "Columns",
    "bucket_count",
    "bucket_key",
    "bucket_of",
    "digest_of",
    "drop_bucket",
    "load_columns",
    "load_records",
    "position_of",
    "read_bucket",
    "read_text",
]

RECORDS_A_BUCKET = 256
MAX_BYTES = 16 * 1024 * 1024
"""A record larger than this is refused: the largest of PFOCR has 100 kB."""

T = TypeVar("T")


_NO_FIGURE = msgspec.Raw(msgspec.msgpack.encode(None))


class Stored(msgspec.Struct, array_like=True):
    """A record as the cache keeps it."""

    name: str
    digest: bytes
    figure: msgspec.Raw
    """Encoded ``Figure``; nil if the record has an error."""
    problems: list[Problem]
    """With the record's name as path."""
    figid: str = ""
    """As the record gives it, also where it has an error."""


class BucketTask(msgspec.Struct, frozen=True):
    """What a worker needs to read a bucket; plain data."""

    number: int
    folder: str
    cache: str
    version: str
    """Hash of the reading code, so that a new version reads anew."""
    files: list[tuple[str, bytes]]
    """Names, and the content hash where size and time show that it still holds; else empty."""
    former: str
    """Key of the bucket as it was; empty for none."""


class BucketDone(msgspec.Struct, frozen=True):
    """What a worker tells of a bucket that it has read."""

    number: int
    key: str
    digests: list[bytes]
    parsed: int
    """How many records were parsed, not taken from the cache."""


class Columns(msgspec.Struct, array_like=True):
    """The facts of a bucket's good records that other pages need, column by column."""

    name: list[str]
    digest: list[bytes]
    row: list[int]
    """Index in the bucket's records."""
    figid: list[str]
    pmcid: list[str]
    title: list[str]
    number: list[str]
    figtype: list[str]
    year: list[str]
    paper: list[str]
    reftext: list[str]
    filename: list[str]
    wpid: list[str]
    ndex: list[str]
    organisms: list[tuple[str, ...]]
    redirects: list[tuple[str, ...]]
    chemicals: list[int]
    """Chemical mentions of each figure."""
    diseases: list[int]
    gene_counts: bytes
    """Gene mentions of each figure, int32."""
    genes: list[tuple[str, str, str]]
    """NCBI Gene id, symbol and organism of the genes of this bucket."""
    words: list[str]
    matches: list[str]
    lexicons: list[str]
    mentions: bytes
    """Four int32 a gene mention: indexes into genes, words, matches, lexicons."""
    problems: list[Problem]
    """Of all records of the bucket, good and bad."""
    bad: list[tuple[str, str]]
    """Name and figid of records that have an error."""


FIGURE_FIELDS = (
    "figid", "pmcid", "title", "number", "figtype", "year", "paper", "reftext", "filename", "wpid", "ndex",
    "organisms", "redirects",
)  # fmt: skip
"""Fields of a figure that are a column as they are."""


def bucket_count(records: int) -> int:
    """How many buckets a number of records fall into: a power of two, so that it rarely changes."""
    return 1 << max(0, (records // RECORDS_A_BUCKET).bit_length())


def bucket_of(name: str, buckets: int) -> int:
    """The bucket of a record, by its file name."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass")) & (buckets - 1)


def digest_of(data: bytes) -> bytes:
    """Content hash, 16 bytes."""
    return blake2b(data, digest_size=16).digest()


def _problem_at(text: str, name: str, finding: Finding) -> Problem:
    """A finding with its place in the file."""
    line, column = locate(yaml_text(text), finding.where) if finding.where else (1, 1)
    return Problem(name, line, column, finding.severity, finding.rule, finding.message)


def read_text(text: str, name: str) -> tuple[Figure | None, list[Problem]]:
    """The figure of a record's text and what is wrong with it; no figure if there is an error.

    Args:
        text: the whole file.
        name: its name, for messages; its stem is what the figid must equal.
    """
    figure, problems = _read_text(text, name)
    return (None if failures(problems) else figure), problems


def _read_text(text: str, name: str) -> tuple[Figure | None, list[Problem]]:
    """As ``read_text``, but with the figure of a record that has an error, if its front matter can be read."""
    try:
        data, body = parse(text)
    except YamlError as error:
        return None, [Problem(name, error.line, error.column, "error", "front-matter", str(error))]
    stem = name.rsplit("/", 1)[-1].removesuffix(".md")
    figure, findings = read_record(data, body, stem, escapes="\\" in text)
    return figure, [_problem_at(text, name, f) for f in findings]


def _read(name: str, data: bytes, digest: bytes) -> Stored:
    """A record from the bytes of its file."""
    if len(data) > MAX_BYTES:
        message = f"found {len(data):,} bytes, expected at most {MAX_BYTES:,}"
        return Stored(name, digest, _NO_FIGURE, [Problem(name, 1, 1, "error", "too-large", message)])
    try:
        figure, problems = _read_text(decode(data), name)
    except YamlError as error:
        problem = Problem(name, error.line, error.column, "error", "front-matter", str(error))
        return Stored(name, digest, _NO_FIGURE, [problem])
    kept = _NO_FIGURE if failures(problems) else msgspec.Raw(msgspec.msgpack.encode(figure))
    return Stored(name, digest, kept, problems, figure.figid if figure else "")


def _take(task: BucketTask, name: str, known: bytes, former: dict[tuple[str, bytes], Stored]) -> Stored:
    """A record from the cache, or from its file."""
    if known and (hit := former.get((name, known))):
        return hit
    try:
        data = Path(task.folder, name).read_bytes()
    except OSError as error:
        problem = Problem(name, 1, 1, "error", "unreadable", f"cannot read it: {error.strerror}")
        return Stored(name, b"", _NO_FIGURE, [problem])
    digest = digest_of(data)
    return former.get((name, digest)) or _read(name, data, digest)


def bucket_key(version: str, contents: Iterable[tuple[str, bytes]]) -> str:
    """Name of a bucket's files: a hash of the reader's version and of names and contents."""
    state = blake2b(version.encode(), digest_size=16)
    for name, digest in contents:
        state.update(name.encode("utf-8", "surrogatepass") + b"\0" + digest)
    return state.hexdigest()


def _files(cache: str, key: str) -> tuple[Path, Path]:
    """Where a bucket's records and columns are kept."""
    base = Path(cache, "records", key[:2], key)
    return base.with_suffix(".rec"), base.with_suffix(".col")


def read_bucket(task: BucketTask) -> BucketDone:
    """Read a bucket and leave its records and columns in the cache folder.

    Raises:
        BuildError: if the cache folder cannot be written.
    """
    former = {(s.name, s.digest): s for s in load_records(task.cache, task.former) or []} if task.former else {}
    stored = [_take(task, name, known, former) for name, known in task.files]
    digests = [s.digest for s in stored]
    key = bucket_key(task.version, ((s.name, s.digest) for s in stored))
    records, columns = _files(task.cache, key)
    if key != task.former or not former or load_columns(task.cache, key) is None:
        try:
            records.parent.mkdir(parents=True, exist_ok=True)
            _save(records, stored)
            _save(columns, _columns(stored))
        except OSError as error:
            raise BuildError(f"cannot write the cache folder {task.cache}: {error.strerror}") from error
    return BucketDone(task.number, key, digests, sum((s.name, s.digest) not in former for s in stored))


class _Index(dict[T, int]):
    """Numbers things in the order in which they come."""

    def __missing__(self, key: T) -> int:
        self[key] = number = len(self)
        return number


_decode_figure = msgspec.msgpack.Decoder(Figure | None).decode


def _columns(stored: list[Stored]) -> Columns:
    """The compact columns of a bucket."""
    rows = [(i, s, f) for i, s in enumerate(stored) if (f := _decode_figure(s.figure)) is not None]
    figures = [f for _, _, f in rows]
    genes: _Index[tuple[str, str, str]] = _Index()
    words, matches, lexicons = _Index[str](), _Index[str](), _Index[str]()
    mentions = array("i")
    for f in figures:
        for g in f.genes:
            mentions.extend((genes[g.ncbi, g.symbol, g.organism], words[g.word], matches[g.match], lexicons[g.source]))

    columns: dict[str, Any] = {field: [getattr(f, field) for f in figures] for field in FIGURE_FIELDS}
    return Columns(
        name=[s.name for _, s, _ in rows],
        digest=[s.digest for _, s, _ in rows],
        row=[i for i, _, _ in rows],
        **columns,
        chemicals=[len(f.chemicals) for f in figures],
        diseases=[len(f.diseases) for f in figures],
        gene_counts=array("i", [len(f.genes) for f in figures]).tobytes(),
        genes=list(genes),
        words=list(words),
        matches=list(matches),
        lexicons=list(lexicons),
        mentions=mentions.tobytes(),
        problems=[p for s in stored for p in s.problems],
        bad=[(s.name, s.figid) for s in stored if s.figure == _NO_FIGURE],
    )


def _save(path: Path, value: object) -> None:
    """Write a cache file with a checksum before its contents, whole or not at all."""
    data = msgspec.msgpack.encode(value)
    temporary = path.with_suffix(f"{path.suffix}.{os.getpid()}.tmp")
    temporary.write_bytes(digest_of(data) + data)
    temporary.replace(path)


def _load(path: Path, kind: Any) -> Any:
    """A cache file, or None if it is missing, damaged or of another form."""
    try:
        data = path.read_bytes()
        if digest_of(data[16:]) != data[:16]:
            return None
        return msgspec.msgpack.decode(data[16:], type=kind)
    except (OSError, msgspec.MsgspecError):
        return None


def load_columns(cache: str, key: str) -> Columns | None:
    """The columns of a bucket, or None if the cache lost them."""
    columns: Columns | None = _load(_files(cache, key)[1], Columns)
    return columns


def drop_bucket(cache: str, key: str) -> None:
    """Forget a bucket whose records the cache lost, so that the next build reads it anew."""
    for path in _files(cache, key):
        path.unlink(missing_ok=True)


def load_records(cache: str, key: str) -> list[Stored] | None:
    """The records of a bucket, or None if the cache lost them."""
    records: list[Stored] | None = _load(_files(cache, key)[0], list[Stored])
    return records


def position_of(path: Path, where: KeyPath) -> tuple[int, int]:
    """Line and column, from 1, of a field of a record's file; 1, 1 if it cannot be read any more."""
    try:
        return locate(yaml_text(decode(path.read_bytes())), where)
    except (OSError, YamlError):
        return 1, 1
