"""Which chemical or disease a mention is, where it has ids of two vocabularies."""

from __future__ import annotations

from builder.catalog.catalog import make_catalog
from builder.model import ChemicalMention, Figure
from builder.urls import concept_path, listing_path
from tests.unit.collection import columns_of


def chemical(mesh: str, chebi: str) -> ChemicalMention:
    """Return a mention with these ids."""
    return ChemicalMention("x", "", mesh or chebi, "X", "", mesh, chebi)


def keys_of(*chemicals: ChemicalMention) -> list[str]:
    """Return which chemicals there are in a collection of these mentions."""
    figure = Figure(figid="PMC1__a", pmcid="PMC1", chemicals=chemicals)
    return sorted(make_catalog([columns_of([figure])], set(), "Homo sapiens").chemicals.key)


def test_an_id_of_one_mesh_id_is_that_one() -> None:
    """A ChEBI id that always stands with one MeSH id is that chemical where it stands alone, too."""
    assert keys_of(chemical("D1", "CHEBI:1"), chemical("", "CHEBI:1")) == ["mesh:D1"]


def test_an_id_of_two_mesh_ids_is_its_own() -> None:
    """A ChEBI id that stands with two MeSH ids is a chemical of its own: neither of them may be picked."""
    found = keys_of(chemical("D1", "CHEBI:1"), chemical("D2", "CHEBI:1"), chemical("", "CHEBI:1"))
    assert found == ["chebi:1", "mesh:D1", "mesh:D2"]


def test_no_page_of_a_chemical_is_a_further_page_of_another() -> None:
    """An identifier such as ``p2`` does not lead to the second page of a list."""
    second = listing_path(concept_path("chemicals", "=foo", "foo"), 2)
    assert concept_path("chemicals", "foo:p2", "bar") != second
    assert concept_path("chemicals", "foo:p2x", "bar") == "chemicals/foo.p2x.html"
