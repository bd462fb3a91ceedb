"""Parquet files whose row groups are made apart from each other, in other processes or by an earlier build.

Every column is text, as in the tables of tab-separated text; an empty value is absent (null). A row group has for each
column a page with the distinct values and a page with their numbers, packed with gzip.

Source: https://parquet.apache.org/docs/file-format/ and the Thrift compact protocol,
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
(why not pyarrow: docs/decisions/0012-downloads.md).
"""

from __future__ import annotations

from itertools import accumulate, count
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
from zlib_ng import zlib_ng

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["Column", "RowGroup", "parquet_file", "row_group", "stored", "text_column"]

_MAGIC = b"PAR1"
_LEVEL = 4
_GZIP_WINDOW = 31  # zlib: a gzip member, without a time

# Numbers of parquet.thrift.
_BYTE_ARRAY, _UTF8, _REQUIRED, _OPTIONAL, _GZIP = 6, 0, 0, 1, 2
_PLAIN, _RLE, _RLE_DICTIONARY = 0, 3, 8
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2

# Types of the compact protocol.
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12
_MORE = 0x80
"""What a byte of a number has where another follows."""
_SHORT = 15
"""Lists and steps between fields below this take one byte."""

_Fields = list[tuple[int, int, Any]]
"""A struct: number, type and value of each field, in the order of numbers; a list's value is its type and its items."""


def stored(text: bytes) -> bytes:
    """A text, UTF-8, as a page of values has it: its length before it."""
    return len(text).to_bytes(4, "little") + text


_ABSENT = stored(b"")


class Column(NamedTuple):
    """A column of some rows."""

    values: Sequence[bytes]
    """Its values as ``stored`` gives them; an empty one is absent."""
    numbers: NDArray[np.int32]
    """The value of each row."""


class RowGroup(msgspec.Struct, array_like=True):
    """What the end of the file must say of some rows."""

    rows: int
    columns: list[tuple[int, int, int]]
    """Of each column: bytes of its page of values, bytes of both pages, and these unpacked."""

    @property
    def size(self) -> int:
        """Bytes of the group."""
        return sum(c[1] for c in self.columns)


def text_column(texts: Iterable[bytes]) -> Column:
    """A column of texts, each distinct one once, in the order in which they come."""
    texts = list(texts)
    known = dict(zip(dict.fromkeys(texts), count()))
    return Column(list(map(stored, known)), np.fromiter(map(known.__getitem__, texts), np.int32, len(texts)))


def _varint(number: int) -> bytes:
    """A number in steps of seven bits, the lowest first."""
    out = bytearray()
    while number >= _MORE:
        out.append(number % _MORE | _MORE)
        number >>= 7
    out.append(number)
    return bytes(out)


def _value(kind: int, value: Any) -> bytes:
    """A value in the compact protocol."""
    if kind in {_I32, _I64}:
        return _varint(value << 1)  # zigzag; none of ours is negative
    if kind == _BINARY:
        data = value.encode() if isinstance(value, str) else value
        return _varint(len(data)) + data
    if kind == _LIST:
        item, values = value
        head = bytes([len(values) << 4 | item]) if len(values) < _SHORT else bytes([0xF0 | item]) + _varint(len(values))
        return head + b"".join(_value(item, v) for v in values)
    return _struct(value)


def _struct(fields: _Fields | bytes) -> bytes:
    """A struct in the compact protocol; no field of ours is more than 15 behind the one before.

    One that was made ready is taken as it is: a file says the same of thousands of pages.
    """
    if isinstance(fields, bytes):
        return fields
    out = []
    last = 0
    for number, kind, value in fields:
        out.append(bytes([(number - last) << 4 | kind]) + _value(kind, value))
        last = number
    return b"".join(out) + b"\0"


def _packed(numbers: NDArray[np.integer], width: int) -> bytes:
    """Numbers of ``width`` bits, as one run of groups of eight."""
    groups = -(-len(numbers) // 8)
    padded = np.zeros(groups * 8, "<u4")
    padded[: len(numbers)] = numbers
    low = padded.view(np.uint8).reshape(-1, 4)[:, : -(-width // 8)]
    bits = np.unpackbits(low, axis=1, bitorder="little")[:, :width]
    return _varint(groups << 1 | 1) + np.packbits(bits.ravel(), bitorder="little").tobytes()


def _used(numbers: NDArray[np.integer], values: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Which of so many values are used, ascending, and for each number its place among those."""
    marks = np.zeros(values, np.bool_)
    marks[numbers] = True
    used = np.flatnonzero(marks)
    place = np.empty(values, np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return used, place[numbers]


def _page(kind: int, data: bytes, header: tuple[int, int, _Fields]) -> tuple[bytes, int]:
    """A page, and how many bytes it has unpacked.

    Args:
        kind: of the page.
        data: its contents.
        header: the field that tells of pages of this kind.
    """
    packer = zlib_ng.compressobj(_LEVEL, zlib_ng.DEFLATED, _GZIP_WINDOW)
    packed = packer.compress(data) + packer.flush()
    head = _struct([(1, _I32, kind), (2, _I32, len(data)), (3, _I32, len(packed)), header])
    return head + packed, len(head) + len(data)


def _chunk(column: Column, *, required: bool) -> tuple[bytes, tuple[int, int, int]]:
    """Both pages of a column, and what to say of them."""
    used, index = _used(column.numbers, len(column.values))
    values = list(map(column.values.__getitem__, used.tolist()))
    rows = len(index)
    levels = b""
    if not required:
        levels = _varint(rows << 1) + b"\1"
        if _ABSENT in values:
            there = np.array([v != _ABSENT for v in values], bool)
            present = there[index]
            levels = _packed(present, 1)
            index = (np.cumsum(there) - 1)[index[present]]
            values = [v for v in values if v != _ABSENT]
        levels = stored(levels)
    plain = b"".join(values or [_ABSENT])
    first, first_size = _page(_DICTIONARY_PAGE, plain, (7, _STRUCT, [(1, _I32, len(values) or 1), (2, _I32, _PLAIN)]))
    width = max((len(values) - 1).bit_length(), 1)
    numbers = levels + bytes([width]) + (_packed(index, width) if len(index) else b"")
    told: _Fields = [(1, _I32, rows), (2, _I32, _RLE_DICTIONARY), (3, _I32, _RLE), (4, _I32, _RLE)]
    second, second_size = _page(_DATA_PAGE, numbers, (5, _STRUCT, told))
    return first + second, (len(first), len(first) + len(second), first_size + second_size)


def row_group(columns: Sequence[Column]) -> tuple[bytes, RowGroup]:
    """Rows as they stand in a file, and what its end must say of them.

    Args:
        columns: the columns; the first has a value in each row, others may lack some.
    """
    chunks = [_chunk(c, required=not i) for i, c in enumerate(columns)]
    return b"".join(data for data, _ in chunks), RowGroup(len(columns[0].numbers), [told for _, told in chunks])


def _schema(names: Sequence[str]) -> list[_Fields]:
    """The root and its columns."""
    root: _Fields = [(4, _BINARY, "schema"), (5, _I32, len(names))]
    string: _Fields = [(1, _STRUCT, [])]
    return [root] + [
        [
            (1, _I32, _BYTE_ARRAY), (3, _I32, _OPTIONAL if i else _REQUIRED), (4, _BINARY, name), (6, _I32, _UTF8),
            (10, _STRUCT, string),
        ]
        for i, name in enumerate(names)
    ]  # fmt: skip


def _begun(name: str) -> bytes:
    """How what is said of a column of a row group begins."""
    encodings = (_I32, [_PLAIN, _RLE, _RLE_DICTIONARY])
    about: _Fields = [
        (1, _I32, _BYTE_ARRAY), (2, _LIST, encodings), (3, _LIST, (_BINARY, [name])), (4, _I32, _GZIP),
    ]  # fmt: skip
    return _struct(about)[:-1]


def _told(begun: Sequence[bytes], group: RowGroup, start: int) -> _Fields:
    """What the end of a file says of a row group that starts at a byte.

    Args:
        begun: of each column as ``_begun`` gives it.
        group: the row group.
        start: the byte.
    """
    starts = accumulate((size for _, size, _ in group.columns), initial=start)
    chunks: list[bytes] = []
    for own, place, (values, size, unpacked) in zip(begun, starts, group.columns, strict=False):
        # Fields 5, 6, 7, 9 and 11, as those before end with 4.
        numbers = zip((1, 1, 1, 2, 2), (group.rows, unpacked, size, place + values, place), strict=True)
        more = b"".join([bytes([step << 4 | _I64]) + _varint(number << 1) for step, number in numbers])
        chunks.append(_struct([(2, _I64, place), (3, _STRUCT, own + more + b"\0")]))
    whole = sum(unpacked for _, _, unpacked in group.columns)
    return [(1, _LIST, (_STRUCT, chunks)), (2, _I64, whole), (3, _I64, group.rows)]


def parquet_file(
    names: Sequence[str], parts: Iterable[tuple[bytes | memoryview, RowGroup]]
) -> list[bytes | memoryview]:
    """The file of some row groups, in runs of bytes.

    Args:
        names: of the columns.
        parts: the groups, in their order.
    """
    pieces: list[bytes | memoryview] = [_MAGIC]
    groups = []
    begun = [_begun(name) for name in names]
    place = len(_MAGIC)
    rows = 0
    for data, group in parts:
        pieces.append(data)
        groups.append(_told(begun, group, place))
        place += len(data)
        rows += group.rows
    end = _struct([
        (1, _I32, 1), (2, _LIST, (_STRUCT, _schema(names))), (3, _I64, rows), (4, _LIST, (_STRUCT, groups)),
        (6, _BINARY, "figpages"),
    ])  # fmt: skip
    return [*pieces, end + len(end).to_bytes(4, "little") + _MAGIC]
