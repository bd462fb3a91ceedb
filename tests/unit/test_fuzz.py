"""Whatever bytes a record is made of, the reader reads it, or refuses it in words at a place, in a moment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.fuzz import CORPUS, fault_of, inputs

BATCH = 200


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_reader_withstands(seed: int) -> None:
    """Twenty thousand records and tables of hostile pieces, others in each run."""
    assert {data: fault for data in inputs(seed, BATCH) if (fault := fault_of(data))} == {}


@settings(max_examples=300)
@given(st.binary(max_size=200), st.booleans())
def test_reader_withstands_bytes(data: bytes, framed: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """Any bytes at all, bare or as front matter."""
    assert fault_of(b"---\nfigid: x\n" + data + b"\n---\n" if framed else data) == ""


@pytest.mark.parametrize("name", sorted(p.name for p in CORPUS.iterdir()))
def test_what_once_failed(name: str) -> None:
    """Inputs that once ended the program, or kept it for long, are read or refused."""
    assert fault_of((CORPUS / name).read_bytes()) == ""
