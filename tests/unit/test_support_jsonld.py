"""The checkers of structured data accept what is right and name what is wrong."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.support import jsonld
from tests.support.bioschemas import profile_ids
from tests.support.shared import needs_shared
from tests.support.vocabulary import load_vocabulary

pytestmark = needs_shared

PAGE = "https://example.org/figures/x.html"


def conforms(kind: str) -> dict[str, str]:
    """Return the claim of a profile as pages write it."""
    return {"@id": profile_ids(kind)[0], "@type": "CreativeWork"}


def dataset() -> dict[str, Any]:
    """Return the node of a figure without fault."""
    catalogue = {"@type": "DataCatalog", "@id": "https://example.org/#catalog", "name": "Figures"}
    return {
        "@type": "Dataset",
        "@id": f"{PAGE}#figure",
        "dct:conformsTo": conforms("Dataset"),
        "name": "HER2 signalling",
        "description": "HER2 signalling and how it is held back in breast cancer cells.",
        "identifier": "PMC1__x",
        "url": PAGE,
        "keywords": ["ERBB2", "AKT1"],
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "creator": {"@type": "Organization", "name": "WikiPathways"},
        "isAccessibleForFree": True,
        "measurementTechnique": ["optical character recognition"],
        "includedInDataCatalog": catalogue,
        "citation": {"@id": f"{PAGE}#article"},
        "isBasedOn": {"@id": f"{PAGE}#image"},
        "mentions": [{"@type": "Gene", "@id": "ncbigene:2064", "name": "ERBB2"}],
    }


def figure_page() -> dict[str, Any]:
    """Return the document of a figure page without fault."""
    image = {
        "@type": "ImageObject",
        "@id": f"{PAGE}#image",
        "contentUrl": "https://example.org/x.jpg",
        "caption": "HER2 signalling.",
        "creditText": "A paper",
        "acquireLicensePage": "https://example.org/paper",
    }
    article = {
        "@type": "ScholarlyArticle",
        "@id": f"{PAGE}#article",
        "name": "A paper",
        "datePublished": "2020",
    }
    home = {"@id": "https://example.org/", "name": "Home"}
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [{"@type": "ListItem", "position": 1, "item": home}],
    }
    return {"@context": "https://schema.org", "@graph": [dataset(), image, article, trail]}


def gene_page() -> dict[str, Any]:
    """Return the document of a gene page without fault."""
    return {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "CollectionPage",
                "@id": "https://example.org/genes/ERBB2.html",
                "about": {"@id": "https://example.org/genes/ERBB2.html#gene"},
            },
            {
                "@type": "Gene",
                "@id": "https://example.org/genes/ERBB2.html#gene",
                "dct:conformsTo": conforms("Gene"),
                "identifier": "ncbigene:2064",
                "name": "ERBB2",
                "alternateName": ["Her2", "neu"],
                "sameAs": "https://www.ncbi.nlm.nih.gov/gene/2064",
                "taxonomicRange": {
                    "@type": "Taxon",
                    "name": "Homo sapiens",
                    "taxonRank": "species",
                },
            },
        ],
    }


def home_page() -> dict[str, Any]:
    """Return the document of a home page without fault."""
    return {
        "@context": ["https://schema.org", {"dct": "http://purl.org/dc/terms/"}],
        "@graph": [
            {"@type": "Organization", "@id": "#us", "name": "WikiPathways"},
            {
                "@type": "DataCatalog",
                "@id": "https://example.org/#catalog",
                "http://purl.org/dc/terms/conformsTo": conforms("DataCatalog"),
                "name": "Figures",
                "description": "Figures and the genes in them.",
                "url": "https://example.org/",
                "keywords": "pathway figures",
                "provider": {"@id": "#us"},
            },
            {
                "@type": "DataDownload",
                "contentUrl": "https://example.org/genes.tsv",
                "encodingFormat": "text/tab-separated-values",
            },
        ],
    }


def changed(doc: dict[str, Any], node: int, **properties: Any) -> dict[str, Any]:
    """Return a document in which one node has other properties; None takes a property away."""
    copied = copy.deepcopy(doc)
    copied["@graph"][node].update(properties)
    copied["@graph"][node] = {k: v for k, v in copied["@graph"][node].items() if v is not None}
    return copied


def test_classes_inherit() -> None:
    """A property of a supertype is allowed, and URL counts as Text."""
    vocabulary = load_vocabulary()
    assert {"BioChemEntity", "Thing"} <= vocabulary.ancestors("Gene")
    assert {"Text", "URL", "Integer", "Date", "Boolean"} <= vocabulary.datatypes
    assert "CreativeWork" not in vocabulary.datatypes


@pytest.mark.parametrize("page", [figure_page, gene_page, home_page])
def test_good_documents_pass(page: Any) -> None:
    """The documents that DESIGN.md asks for have no fault in words and profiles."""
    assert jsonld.check_graph(page()) == []
    assert jsonld.graph_warnings(page()) == []
    assert jsonld.check_bioschemas(page()) == []


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"@type": "Dataste"}, "@type 'Dataste' is no class of schema.org"),
        ({"@type": None}, "node without @type"),
        ({"identifer": "x"}, "schema.org has no property 'identifer'"),
        ({"conformsTo": "x"}, "schema.org has no property 'conformsTo'"),
        ({"caption": "x"}, "'caption' is not allowed on Dataset, only on AudioObject"),
        ({"license": "CC0"}, "text 'CC0' where CreativeWork or URL is expected"),
        ({"isAccessibleForFree": "yes"}, "text 'yes' where Boolean is expected"),
        ({"name": True}, "true where Text is expected"),
        ({"name": ""}, "empty text"),
        ({"name": ["A", None]}, "null"),
        ({"keywords": []}, "empty list"),
        ({"datePublished": "May 2020"}, "text 'May 2020' where Date or DateTime is expected"),
        ({"distribution": {"@type": "ImageObject"}}, "ImageObject does not fit"),
        ({"distribution": {"@id": f"{PAGE}#image"}}, "ImageObject does not fit"),
        ({"citation": {"@id": "#nothing"}}, "'#nothing' is described nowhere"),
        ({"citation": {"@id": "_:b1"}}, "'_:b1' is described nowhere"),
        ({"citation": {"@id": f"{PAGE}#artcle"}}, "#artcle' is of this page, but described"),
        ({"citation": {"@id": "a b"}}, "'a b' is no address"),
        ({"@id": f"{PAGE}#image"}, "is given to 2 nodes"),
        ({"citation": {"@type": "Article", "nmae": "x"}}, "no property 'nmae'"),
    ],
)
def test_vocabulary_faults(properties: dict[str, Any], message: str) -> None:
    """Every slip against the vocabulary is named with its place."""
    doc = changed(figure_page(), 0, **properties)
    # The slip is the only one: what depends on the changed @id or @type aside.
    assert any(message in found for found in jsonld.check_graph(doc)), jsonld.check_graph(doc)


def test_context_must_be_schema_org() -> None:
    """Bare keys mean nothing without schema.org's context."""
    assert jsonld.check_graph({**gene_page(), "@context": "https://example.org/"})
    assert jsonld.check_graph({**gene_page(), "@context": {"@vocab": "https://schema.org/"}}) == []


def test_text_for_a_thing_is_a_warning() -> None:
    """Text where only a thing is expected is common practice: listed, but no error."""
    doc = changed(figure_page(), 0, creator="WikiPathways")
    assert jsonld.check_graph(doc) == []
    assert "text 'WikiPathways' where" in jsonld.graph_warnings(doc)[0]


def test_enumeration_members_and_numbers() -> None:
    """Members of enumerations are named by address, positions are whole numbers."""
    offer = {"@type": "Offer", "availability": "https://schema.org/InStock"}
    item = {"@type": "ListItem", "position": 1.5}
    doc = {"@context": "https://schema.org", "@graph": [offer, item]}
    assert jsonld.check_graph(doc) == ["@graph[1] ListItem.position: 1.5 is no whole number"]


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"description": None}, "'description' is a required property"),
        ({"dct:conformsTo": None}, "'conformsTo' is a required property"),
        ({"dct:conformsTo": {"@id": "https://bioschemas.org/profiles/Dataset/0.3"}}, "expected 'ht"),
        ({"license": "CC0"}, 'license: found "CC0", expected'),
        ({"url": "/figures/x.html"}, "url: found"),
        ({"datePublished": "2020"}, 'datePublished: found "2020", expected string (date)'),
        ({"isAccessibleForFree": "true"}, "isAccessibleForFree: found"),
        ({"keywords": ["a", {"@type": "DefinedTerm"}]}, "keywords: found"),
        ({"sameAs": ["https://a.example/"]}, "sameAs: found"),
        ({"description": "Too short."}, "description: 10 characters, expected 50 to 5000"),
        ({"identifier": {"@type": "PropertyValue", "value": "x"}}, "identifier: found"),
    ],
)
def test_dataset_profile_faults(properties: dict[str, Any], message: str) -> None:
    """Every breach of the Dataset profile is named with what was found."""
    found = jsonld.check_bioschemas(changed(figure_page(), 0, **properties))
    assert len(found) == 1
    assert message in found[0]


def test_gene_and_catalogue_profile_faults() -> None:
    """A gene has one sameAs and one identifier, a catalogue a provider with a name."""
    gene = changed(gene_page(), 1, sameAs=["https://a.example/"], identifier=["a"])
    assert len(jsonld.check_bioschemas(gene)) == 2
    home = changed(home_page(), 1, provider={"@type": "Organization", "url": "https://a.example/"})
    assert "provider: found" in jsonld.check_bioschemas(home)[0]
    download = changed(home_page(), 2, contentUrl=None)
    assert jsonld.check_bioschemas(download) == ["DataDownload : 'contentUrl' is missing"]


def test_mentioned_gene_needs_no_profile() -> None:
    """A nested gene is checked only when it claims the profile."""
    claim = {"@type": "Gene", "name": "ERBB2", "dct:conformsTo": conforms("Gene")}
    assert jsonld.check_bioschemas(changed(figure_page(), 0, mentions=claim)) == [
        "Gene : 'identifier' is a required property"
    ]


def test_recommended_properties_are_a_list_of_their_own() -> None:
    """What a profile only recommends is no fault, but can be asked for."""
    missing = jsonld.missing_recommended(gene_page())
    assert any("recommended 'encodesBioChemEntity' is missing" in m for m in missing)
    assert not any("'name'" in m for m in missing)


def page_of(*blocks: str) -> str:
    """Return a page with some JSON-LD blocks."""
    scripts = "".join(f'<script type="application/ld+json">{b}</script>' for b in blocks)
    return f"<!doctype html><html><head>{scripts}</head><body></body></html>"


def test_extract_reads_every_block() -> None:
    """All blocks of a page are read, escaped characters included."""
    doc = changed(gene_page(), 1, description="a < b")
    text = json.dumps(doc).replace("<", "\\u003c")
    assert jsonld.extract(page_of(text, text)) == [doc, doc]
    assert jsonld.check_html(page_of(text)) == []


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("{'a': 1}", "JSON-LD block 1: Expecting property name"),
        ("[1]", "JSON-LD block 1: list instead of an object"),
        ('{"@context": "https://schema.org", "@type": "Thing", "name": "a <b>"}', "written \\u003c"),
    ],
)
def test_broken_blocks(block: str, message: str) -> None:
    """A block that is no JSON object, or could end its script early, is an error with a message."""
    assert message in jsonld.check_html(page_of(block))[0]
    with pytest.raises(ValueError, match="JSON-LD block 1"):
        jsonld.extract(page_of(block))
