"""A gzip file made of parts that are packed apart from each other, in other processes or by an earlier build.

A part ends at a byte boundary without ending the stream (``Z_SYNC_FLUSH``, RFC 1951), so that parts follow each other
in one member, which every reader of gzip takes. The checksum of the whole is worked out from those of the parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zlib_ng import zlib_ng

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Part", "gzip_file", "pack_part"]

LEVEL = 4
"""Packs within 4 % of zlib's default level 6 in two fifths of its time."""

# RFC 1952: magic, deflate, no flags, no time, no extra flags, unknown system.
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_END = b"\x03\x00"  # an empty final block
_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31


class Part(NamedTuple):
    """A packed part of a file."""

    data: bytes | memoryview
    crc: int
    """CRC-32 of what was packed."""
    length: int
    """Its bytes."""


def pack_part(*pieces: bytes | memoryview) -> Part:
    """Data, packed piece by piece so that other parts may stand before and behind."""
    packer = zlib_ng.compressobj(LEVEL, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)
    packed = []
    crc = length = 0
    for piece in pieces:
        packed.append(packer.compress(piece))
        crc = zlib_ng.crc32(piece, crc)
        length += len(piece)
    packed.append(packer.flush(zlib_ng.Z_SYNC_FLUSH))
    return Part(b"".join(packed), crc, length)


def gzip_file(parts: Sequence[Part]) -> list[bytes | memoryview]:
    """The file of some parts, in runs of bytes."""
    crc = length = 0
    for part in parts:
        crc = _times(_shift(part.length), crc) ^ part.crc
        length += part.length
    tail = crc.to_bytes(4, "little") + (length & 0xFFFFFFFF).to_bytes(4, "little")
    return [HEAD, *(p.data for p in parts), _END + tail]


def _times(a: int, b: int) -> int:
    """The product of two polynomials over GF(2), modulo that of CRC-32, bits reflected as in zlib's crc32_combine."""
    product = 0
    bit = _ONE
    while a:
        if a & bit:
            product ^= b
            a ^= bit
        bit >>= 1
        b = (b >> 1) ^ _POLYNOMIAL if b & 1 else b >> 1
    return product


def _powers() -> list[int]:
    """The polynomials ``x**(2**n)``."""
    powers = [_ONE >> 1]
    for _ in range(31):
        powers.append(_times(powers[-1], powers[-1]))
    return powers


_POWERS = _powers()


def _shift(length: int) -> int:
    """The polynomial by which a checksum is multiplied when so many bytes follow."""
    product = _ONE
    k = 3  # bits in a byte: 2**3
    while length:
        if length & 1:
            product = _times(_POWERS[k & 31], product)
        length >>= 1
        k += 1
    return product
