"""Files of gzip whose parts were packed apart from each other."""

from __future__ import annotations

import gzip
import zlib

from hypothesis import example, given
from hypothesis import strategies as st

from builder.publish.deflate import Part, gzip_file, pack_part

TEXTS = st.binary(max_size=60) | st.builds(
    lambda text, n: text * n, st.binary(min_size=1, max_size=9), st.integers(0, 9999)
)
LISTS = st.lists(TEXTS, max_size=6)


def packed_file(parts: list[Part]) -> bytes:
    """Return the file of some parts."""
    return b"".join(gzip_file(parts))


@given(LISTS)
@example([])
@example([b""])
@example([b"", b"a", b""])
def test_file_holds_its_parts(texts: list[bytes]) -> None:
    """What comes out of a file is what went into its parts, one after the other; its checksum and length are right."""
    assert gzip.decompress(packed_file([pack_part(t) for t in texts])) == b"".join(texts)


@given(LISTS)
def test_file_is_one_member(texts: list[bytes]) -> None:
    """All parts stand in one member, so that a reader that stops at its end reads everything."""
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert reader.decompress(packed_file([pack_part(t) for t in texts])) == b"".join(texts)
    assert reader.eof
    assert reader.unused_data == b""


@given(LISTS)
def test_file_has_no_clock(texts: list[bytes]) -> None:
    """The same parts are the same bytes whenever they are packed, and the header gives no time."""
    data = packed_file([pack_part(t) for t in texts])
    assert data == packed_file([pack_part(t) for t in texts])
    assert data[4:8] == bytes(4)


@given(TEXTS, TEXTS)
def test_part_does_not_depend_on_others(one: bytes, other: bytes) -> None:
    """A part can be cut out of one file and put into another."""
    first, second = pack_part(one), pack_part(other)
    data = packed_file([first, second])
    place = data.index(first.data) + len(first.data)
    cut = second._replace(data=data[place : place + len(second.data)])
    assert gzip.decompress(packed_file([cut, first])) == other + one


def test_length_is_counted_modulo() -> None:
    """A part larger than memory cannot be tried, but its length and checksum enter as those of any other."""
    zeros = pack_part(bytes(100_000))
    data = packed_file([zeros] * 50)
    assert int.from_bytes(data[-4:], "little") == 5_000_000
    assert int.from_bytes(data[-8:-4], "little") == zlib.crc32(bytes(5_000_000))
