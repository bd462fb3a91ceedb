"""Read records in buckets, and keep what was read.

A bucket is the records whose names fall together by a hash: a few hundred. It is read in a worker, which leaves five
files in the cache, named by the hash of the bucket's contents: the full records (for rendering), compact columns and
gene mentions (for the catalogue), lines of tables (for the downloads) and words (for the search). The main process
never holds all records, and loads of the five what it needs. A bucket that holds a record we have read before, by
content hash, takes it from the bucket's former file instead of parsing it again.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from builder import kept
from builder.kept import bucket_key, digest_of
from builder.model import Figure
from builder.problems import Finding, Problem, failures
from builder.read.beside import Beside, Model, join, table_names
from builder.read.columns import Columns, LineColumns, MentionColumns, columns_of
from builder.read.frontmatter import decode, left_out_below, parse, yaml_text
from builder.read.record import may_be_odd, read_record
from builder.read.texts import CONTROL
from builder.read.yamltext import YamlError, locate_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from builder.read.terms import Terms

__all__ = [
    "BucketDone",
    "BucketTask",
    "Columns",
    "Opened",
    "drop_bucket",
    "has_records",
    "load_columns",
    "load_lines",
    "load_mentions",
    "load_records",
    "load_terms",
    "open_bucket",
    "open_record",
    "read_bucket",
    "read_files",
    "read_text",
]

MAX_BYTES = 16 * 1024 * 1024
"""A record larger than this is refused: the largest of PFOCR has 100 kB."""

MAX_FINDINGS = 1_000
"""Findings of one record that are told."""


_NO_FIGURE = msgspec.Raw(msgspec.msgpack.encode(None))
_encode = msgspec.msgpack.Encoder().encode


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
    beside: str = ""
    """Folder of the tables that stand beside the records."""
    shown: str = ""
    """As in ``Beside``, likewise the next two."""
    tables: dict[str, str] = {}
    models: dict[str, Model] = {}


class BucketDone(msgspec.Struct, frozen=True):
    """What a worker tells of a bucket that it has read."""

    number: int
    key: str
    digests: list[bytes]
    parsed: int
    """How many records were parsed, not taken from the cache."""


def _problems(text: str, name: str, findings: list[Finding]) -> list[Problem]:
    """Findings with their places in the file; a record of too many is refused, and the first of them told."""
    if len(findings) > MAX_FINDINGS:
        message = f"found {len(findings):,} things wrong with this record; the first {MAX_FINDINGS:,} are told"
        told = sorted(findings, key=lambda f: f.severity != "error")[:MAX_FINDINGS]
        findings = [*told, Finding((), "error", "too-large", message)]
    places = locate_all(yaml_text(text), [f.where for f in findings]) if any(f.where for f in findings) else []
    return [
        Problem(name, *(places[i] if f.where else (1, 1)), f.severity, f.rule, f.message)
        for i, f in enumerate(findings)
    ]


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
    figure, findings = read_record(data, body, stem, odd=may_be_odd(text))
    problems = _problems(text, name, findings) if findings else []
    return figure, problems + left_out_below(name, text, yaml_text(text)) if body and CONTROL.search(body) else problems


class _Files(NamedTuple):
    """A record and what stands beside it."""

    name: str
    data: bytes
    tables: Sequence[tuple[str, bytes]] = ()
    """File name and contents."""
    model: Model = ("", "")
    shown: str = ""

    def digest(self) -> bytes:
        """Content hash of all of it."""
        more = [part for name, data in self.tables for part in (name.encode("utf-8", "surrogatepass"), data)]
        more += [m.encode("utf-8", "surrogatepass") for m in self.model] if any(self.model) else []
        return digest_of(self.data, *more)

    def read(self) -> tuple[Figure | None, list[Problem]]:
        """The figure, if its front matter can be read, and what is wrong with it."""
        sizes = [(self.name, len(self.data)), *((self.shown + t, len(data)) for t, data in self.tables)]
        if large := [(path, size) for path, size in sizes if size > MAX_BYTES]:
            message = "found {:,} bytes, expected at most {:,}"
            return None, [
                Problem(path, 1, 1, "error", "too-large", message.format(size, MAX_BYTES)) for path, size in large
            ]
        try:
            figure, problems = _read_text(decode(self.data), self.name)
        except YamlError as error:
            return None, [Problem(self.name, error.line, error.column, "error", "front-matter", str(error))]
        if figure is not None and (self.tables or any(self.model)):
            figure, more = join(figure, self.tables, self.model, self.shown)
            problems += more
        return figure, problems


def read_files(folder: str, name: str, beside: Beside) -> tuple[Figure | None, list[Problem]]:
    """The figure of a record and of what stands beside it, and what is wrong with them; no figure if there is an error.

    Raises:
        OSError: if a file cannot be read.
    """
    figure, problems = open_record(folder, name, beside.folder, beside.shown, beside.tables, beside.models).read()
    return (None if failures(problems) else figure), problems


def open_record(
    folder: str, name: str, beside: str, shown: str, tables: Mapping[str, str], models: Mapping[str, Model]
) -> _Files:
    """A record's file and those beside it.

    Raises:
        OSError: if a file cannot be read; its ``filename`` is the name of the file for messages.
    """
    found = []
    try:
        with open(f"{folder}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - runs for every record
            data = file.read()
    except OSError as error:
        error.filename = name
        raise
    for table in table_names(name, tables[name]) if name in tables else ():
        try:
            with open(f"{beside}/{table}", "rb", buffering=0) as file:  # noqa: PTH123 - as above
                found.append((table, file.read()))
        except OSError as error:
            error.filename = shown + table
            raise
    return _Files(name, data, found, models.get(name, ("", "")), shown)


def _read(files: _Files, digest: bytes) -> tuple[Stored, Figure | None]:
    """A record from the bytes of its files, and its figure if it is good."""
    name = files.name
    figure, problems = files.read()
    good = None if failures(problems) else figure
    kept = _NO_FIGURE if good is None else msgspec.Raw(_encode(good))
    return Stored(name, digest, kept, problems, figure.figid if figure else ""), good


class _Taken(NamedTuple):
    """A record of a bucket."""

    stored: Stored
    fresh: Figure | None
    """Its figure, where it was read just now."""
    parsed: bool


def _take(task: BucketTask, name: str, known: bytes, former: dict[tuple[str, bytes], Stored]) -> _Taken:
    """A record from the cache, or from its file."""
    if known and (hit := former.get((name, known))):
        return _Taken(hit, None, parsed=False)
    try:
        files = open_record(task.folder, name, task.beside, task.shown, task.tables, task.models)
    except OSError as error:
        problem = Problem(error.filename, 1, 1, "error", "unreadable", f"cannot read it: {error.strerror}")
        return _Taken(Stored(name, b"", _NO_FIGURE, [problem]), None, parsed=True)
    digest = files.digest()
    if hit := former.get((name, digest)):
        return _Taken(hit, None, parsed=False)
    return _Taken(*_read(files, digest), parsed=True)


class _Kept(NamedTuple):
    """Where a bucket is kept."""

    records: Path
    columns: Path
    mentions: Path
    lines: Path
    words: Path


def _files(cache: str, key: str) -> _Kept:
    """Where a bucket is kept."""
    base = Path(kept.records(Path(cache)), key[:2], key)
    return _Kept(*map(base.with_suffix, (".rec", ".col", ".men", ".tab", ".trm")))


class Opened(NamedTuple):
    """A bucket that was read."""

    done: BucketDone
    stored: list[Stored]
    fresh: dict[int, Figure]
    """Good records that were read just now, by index: they need not be decoded."""

    def figures(self) -> list[tuple[Stored, Figure]]:
        """The good records."""
        found = ((s, self.fresh.get(i) or _decode_figure(s.figure)) for i, s in enumerate(self.stored))
        return [(s, f) for s, f in found if f is not None]


def open_bucket(task: BucketTask) -> Opened:
    """Read a bucket and leave its records in the cache folder.

    Raises:
        BuildError: if the cache folder cannot be written.
    """
    former = {(s.name, s.digest): s for s in load_records(task.cache, task.former) or []} if task.former else {}
    taken = [_take(task, name, known, former) for name, known in task.files]
    stored = [t.stored for t in taken]
    digests = [s.digest for s in stored]
    key = bucket_key(task.version, ((s.name, s.digest) for s in stored))
    # A file that cannot be read has no digest: what is wrong with it may be something else than before.
    if key != task.former or not former or not all(digests):
        _save(_files(task.cache, key).records, stored)
    done = BucketDone(task.number, key, digests, sum(t.parsed for t in taken))
    return Opened(done, stored, {i: t.fresh for i, t in enumerate(taken) if t.fresh is not None})


def _save(path: Path, value: object) -> None:
    """Keep a value in the cache folder."""
    kept.make_folder(path.parent)
    kept.save(path, value)


def read_bucket(task: BucketTask) -> BucketDone:
    """Read a bucket and leave its records, columns and words in the cache folder.

    Raises:
        BuildError: if the cache folder cannot be written.
    """
    opened = open_bucket(task)
    key = opened.done.key
    files = _files(task.cache, key)
    lost = not all(path.exists() for path in files)
    if lost or key != task.former or not all(opened.done.digests) or load_columns(task.cache, key) is None:
        facts, figures = _columns(opened.stored, opened.fresh)
        _save(files.columns, msgspec.structs.replace(facts, mentions=None, lines=None))
        _save(files.mentions, facts.of_genes())
        _save(files.lines, facts.of_tables())
        _save(files.words, _terms(figures, facts))
    return opened.done


_decode_figure = msgspec.msgpack.Decoder(Figure | None).decode


def _terms(figures: list[Figure], columns: Columns) -> Terms:
    """The words of a bucket's good records."""
    from builder.read.terms import terms_of  # noqa: PLC0415 - numpy is slow to load, and not always needed

    return terms_of(figures, columns)


def _columns(stored: list[Stored], fresh: Mapping[int, Figure] = MappingProxyType({})) -> tuple[Columns, list[Figure]]:
    """The compact columns of a bucket, and its good records.

    Args:
        stored: its records.
        fresh: figures that were read just now, by index: they need not be decoded.
    """
    found = [(i, s, f) for i, s in enumerate(stored) if (f := fresh.get(i) or _decode_figure(s.figure)) is not None]
    figures, rows = [f for _, _, f in found], [(i, s.name, s.digest) for i, s, _ in found]
    problems = [p for s in stored for p in s.problems]
    return columns_of(figures, rows, problems, [(s.name, s.figid) for s in stored if s.figure == _NO_FIGURE]), figures


def has_records(cache: str, key: str) -> bool:
    """Whether the cache has the records of a bucket, whole or not."""
    return _files(cache, key).records.exists()


def load_columns(cache: str, key: str) -> Columns | None:
    """The columns of a bucket without its mentions and lines, or None if the cache lost them."""
    columns: Columns | None = kept.load(_files(cache, key).columns, Columns)
    return columns


def load_mentions(cache: str, key: str) -> MentionColumns | None:
    """The gene mentions of a bucket, or None if the cache lost them."""
    mentions: MentionColumns | None = kept.load(_files(cache, key).mentions, MentionColumns)
    if mentions is None and (records := load_records(cache, key)) is not None:
        mentions = _columns(records)[0].mentions
    return mentions


def load_lines(cache: str, key: str) -> LineColumns | None:
    """The lines of a bucket in the tables of the downloads, or None if the cache lost them."""
    lines: LineColumns | None = kept.load(_files(cache, key).lines, LineColumns)
    if lines is None and (records := load_records(cache, key)) is not None:
        lines = _columns(records)[0].lines
    return lines


def drop_bucket(cache: str, key: str) -> None:
    """Forget a bucket whose records the cache lost, so that the next build reads it anew."""
    for path in _files(cache, key):
        path.unlink(missing_ok=True)


def load_terms(cache: str, key: str) -> Terms | None:
    """The words of a bucket, or None if the cache lost them."""
    from builder.read.terms import Terms  # noqa: PLC0415 - as above

    terms: Terms | None = kept.load(_files(cache, key).words, Terms)
    if terms is None and (records := load_records(cache, key)) is not None:
        facts, figures = _columns(records)
        terms = _terms(figures, facts)
    return terms


def load_records(cache: str, key: str) -> list[Stored] | None:
    """The records of a bucket, or None if the cache lost them."""
    records: list[Stored] | None = kept.load(_files(cache, key).records, list[Stored])
    return records
