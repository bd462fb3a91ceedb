"""What the templates use is what the program gives them, and is documented."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import msgspec
import pytest
from jinja2 import nodes

from builder.render import contexts, parts
from builder.surroundings import program
from tests.unit.template_types import Uses, field_types

PAGES = {
    "browse.html": contexts.BrowsePage,
    "concept_index.html": contexts.ConceptIndexPage,
    "explore.html": contexts.ExplorePage,
    "figure.html": contexts.FigurePage,
    "gene.html": contexts.GenePage,
    "gene_index.html": contexts.GeneIndexPage,
    "home.html": contexts.HomePage,
    "listing.html": contexts.ListingPage,
    "models.html": contexts.ModelsPage,
    "not_found.html": contexts.NotFoundPage,
    "organism_index.html": contexts.OrganismIndexPage,
    "statistics.html": contexts.StatisticsPage,
    "stub.html": contexts.StubPage,
    "text.html": contexts.TextPage,
}
"""The data that each template is given."""
CLASSES = [
    kind
    for module in (contexts, parts)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__
]
MACROS = {
    ("macros/chrome.html", "header"): parts.SiteContext,
    ("macros/chrome.html", "footer"): parts.SiteContext,
    ("macros/listing.html", "listing_rows"): list[parts.FigureCard],
    ("macros/listing.html", "figure_link"): parts.FigureLink,
    ("macros/listing.html", "thumb"): parts.FigureLink,
    ("macros/genes.html", "gene_link"): parts.GeneRef,
    ("macros/genes.html", "word_group"): parts.WordGroup,
}
"""Macros that the program calls itself, and what it gives them."""
PROGRAM = {
    ("Head", "section"),  # by which the engine picks header and footer
    ("FigureImage", "full"),  # goes into the head and the structured data
}
"""Fields that the program reads, not a template."""


def uses_of(template: str) -> Uses:
    """Return what a template reads of its page and of the site."""
    uses = Uses(program().templates)
    uses.template(template, page=PAGES[template], site=parts.SiteContext)
    return uses


@pytest.fixture(scope="module")
def everything() -> Uses:
    """Return what all templates and macros read."""
    uses = Uses(program().templates)
    for template, kind in PAGES.items():
        uses.template(template, page=kind, site=parts.SiteContext)
    for (template, name), given in MACROS.items():
        uses.macro(template, name, given)
    return uses


def test_every_template_is_known() -> None:
    """Each template in the folder is either a page of this list, the base, or macros."""
    found = {p.name for p in program().templates.glob("*.html")}
    assert found == {*PAGES, "base.html"}


@pytest.mark.parametrize("template", PAGES)
def test_templates_use_what_they_are_given(template: str) -> None:
    """A template reads no field that its page does not have."""
    assert uses_of(template).unknown == set()


def test_macros_use_what_they_are_given(everything: Uses) -> None:
    """The macros that the program calls read no field that their argument does not have."""
    assert everything.unknown == set()


@pytest.mark.parametrize("template", PAGES)
def test_every_field_of_a_page_is_used(template: str) -> None:
    """Each field that is made for a page is read by its template, its base or their macros."""
    kind = PAGES[template]
    assert sorted(uses_of(template).fields_of(kind)) == sorted(field_types(kind))


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_field_of_a_part_is_used(kind: type, everything: Uses) -> None:
    """Each field of the parts of pages is read by some template."""
    read_elsewhere = {field for name, field in PROGRAM if name == kind.__name__}
    assert {*everything.fields_of(kind)} | read_elsewhere == set(field_types(kind))


def test_templates_read_no_other_variable() -> None:
    """Templates read ``site``, ``page``, ``header`` and ``footer``, and what they set themselves."""
    uses = Uses(program().templates)
    for template in (*PAGES, "base.html"):
        tree = uses.tree(template)
        stored = {n.name for n in tree.find_all(nodes.Name) if n.ctx in {"store", "param"}}
        imported = {n if isinstance(n, str) else n[0] for i in tree.find_all(nodes.FromImport) for n in i.names}
        read = {n.name for n in tree.find_all(nodes.Name) if n.ctx == "load"}
        assert read - stored - imported <= {"site", "page", "header", "footer", "loop"}, template


def test_contexts_are_documented() -> None:
    """Every kind of page data has a docstring that says what it is."""
    for module in (contexts, parts):
        tree = ast.parse(Path(inspect.getfile(module)).read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                assert ast.get_docstring(node), node.name


def test_contexts_are_frozen_and_listed() -> None:
    """Page data cannot be changed while it is rendered, and each kind is exported."""
    for kind in CLASSES:
        assert kind.__struct_config__.frozen
        assert kind.__name__ in {*contexts.__all__, *parts.__all__}
