"""Structured data: one JSON-LD ``@graph`` a page, of facts that the page shows.

Shapes follow schema.org, the Bioschemas profiles Dataset 1.0-RELEASE, Gene 1.0-RELEASE and
DataCatalog 0.3-RELEASE-2019_07_01, and Google's rules for Dataset (name, description of 50 to
5000 characters). ``dct:conformsTo`` is the form that Bioschemas asks for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from builder.names import fold, is_number, work_kind, year_number
from builder.read.card import web_address
from builder.read.licences import license_address
from builder.render.engine import safe
from builder.render.lexicons import concept_address
from builder.render.words import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from markupsafe import Markup

    from builder.model import BareFigure
    from builder.plan.facts import ConceptEntry
    from builder.render.atlas import Atlas
    from builder.render.contexts import FigureImage, Link, Paper
    from builder.render.mentions import SaidConcept, ShownGene

__all__ = [
    "CONCEPTS",
    "DATASET_PROFILE",
    "GENE_PROFILE",
    "MENTION_CONTEXT",
    "USUAL_NAME",
    "Node",
    "breadcrumbs",
    "catalog_id",
    "concept_mention",
    "concept_node",
    "conforms",
    "document",
    "figure_graph",
    "fitting",
    "gene_mention",
    "publisher",
    "taxon",
    "untold",
]

Node = dict[str, Any]

_PROFILES = "https://bioschemas.org/profiles/"
DATASET_PROFILE = _PROFILES + "Dataset/1.0-RELEASE"
GENE_PROFILE = _PROFILES + "Gene/1.0-RELEASE"
CATALOG_PROFILE = _PROFILES + "DataCatalog/0.3-RELEASE-2019_07_01"

CONCEPTS = {"chemicals": "ChemicalSubstance", "diseases": "MedicalCondition"}
"""Classes of schema.org for what pages of a kind are of."""
SHORTEST, LONGEST = 50, 5000
_LAST = "What its record tells of it is on this page."
"""For what has neither caption nor title of some length."""
IMAGE = "_:image"
"""The picture within its page's graph; nobody else needs a name for it."""
MENTION_CONTEXT = {"gene": "https://identifiers.org/ncbigene:"}
"""Prefix by which figures name the genes that their gene pages describe."""

_encode = msgspec.json.Encoder().encode
_ORCID = re.compile(r"https?://orcid\.org/")
USUAL_NAME = "CreativeWork"
"""What every record of PFOCR calls itself; it tells a reader nothing."""
_SAID = frozenset({"@context", "@id", "@type", "name", "description", "keywords", "license", "creator"})
"""Keys of the record's structured data that the page's own says again, or that say nothing of the figure."""


def document(graph: Sequence[Node], prefixes: dict[str, str] | None = None) -> Markup:
    """A JSON-LD document that is safe inside ``<script>``: every ``<`` is escaped as U+003C.

    Args:
        graph: the nodes.
        prefixes: those of compact identifiers in the graph, beside what schema.org's context defines.
    """
    context = ["https://schema.org", prefixes] if prefixes else "https://schema.org"
    text = _encode({"@context": context, "@graph": graph}).decode("utf-8").replace("<", "\\u003c")
    return safe(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # no < left in it


def conforms(profile: str) -> Node:
    """The value of ``dct:conformsTo``."""
    return {"@id": profile}


def fitting(description: str, *fillers: str) -> str:
    """A description of 50 to 5000 characters.

    Args:
        description: the text; cut at a word if too long.
        fillers: what to put after a text that is too short, each while it is.
    """
    text = one_line(description)
    for filler in fillers:
        if len(text) >= SHORTEST:
            break
        stop = "" if not text or text[-1] in ".!?…:。\uff01\uff1f" else "."
        text = f"{text}{stop} {filler}".strip()
    if len(text) > LONGEST:
        text = text[: LONGEST - 1].rsplit(" ", 1)[0][: LONGEST - 1] + "…"
    return text


def breadcrumbs(links: Sequence[Link], here: str, root: str, base: str) -> Node:
    """The path to a page, the page itself last and without an address.

    A page right below the home page begins there, since Google wants two entries at least; other paths leave it out.
    """
    above = [(link.text, link.href) for link in links if link.href] or [("Home", base)]
    items = [
        {"@type": "ListItem", "position": i, "name": text, "item": root + href[len(base) :]}
        for i, (text, href) in enumerate(above, 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": here})
    return {"@type": "BreadcrumbList", "itemListElement": items}


def taxon(organism: str, atlas: Atlas) -> Node:
    """An organism as ``taxonomicRange``."""
    node = {"@type": "Taxon", "name": organism}
    known = atlas.data.known.get(fold(organism))
    if known and is_number(known.ncbi):
        node["@id"] = f"https://identifiers.org/taxonomy:{known.ncbi}"
    return node


def catalog_id(atlas: Atlas) -> str:
    """The address that names the catalogue of the site."""
    return atlas.site.home + "#catalog"


def _texts(value: object) -> list[str]:
    """The texts in a value that may be one text or a list."""
    items = value if isinstance(value, list) else [value]
    return [t for t in items if isinstance(t, str) and t.strip()]


def _terms(value: object) -> list[str]:
    """As ``_texts``, with the names of defined terms."""
    return _texts([item.get("name") if isinstance(item, dict) else item for item in _listed(value)])


def license_of(figure: BareFigure, atlas: Atlas) -> str | list[str]:
    """Address of the licence, or of each: as the record says, its name turned into it; the site's if it says nothing.

    Empty where the record says what we do not understand: to claim another licence would be worse than none.
    """
    said = figure.schema.get("license")
    if not said:
        return atlas.settings.license_url
    found = [_license(one) for one in (said if isinstance(said, list) else [said])]
    if not all(found):
        return ""
    return found[0] if len(found) == 1 else found


def _license(said: object) -> str:
    """Address of a licence that is given by it, by its name, or as a node; else an empty string."""
    if isinstance(said, dict):
        said = said.get("@id") or said.get("url") or said.get("name")
    return (web_address(said) or license_address(said)) if isinstance(said, str) else ""


def _listed(value: object) -> list[object]:
    """What a value of structured data comes to, which may be one thing, a list, or a list as JSON-LD has it."""
    if isinstance(value, dict) and "@list" in value:
        value = value["@list"]
    return value if isinstance(value, list) else [value] if value else []


def publisher(atlas: Atlas) -> Node:
    """Who publishes the site; one node wherever it is told."""
    s = atlas.settings
    own = {"@id": s.publisher_url} if s.publisher_url else {}
    return {"@type": "Organization", **own, "name": s.publisher or s.title}


def _creator(figure: BareFigure, atlas: Atlas) -> Node | list[Node] | None:
    """Who made the dataset, one or several: as the record says, else the site's publisher.

    None where the record says what we do not understand: to name somebody else would be worse.
    """
    said = _listed(figure.schema.get("creator"))
    found = [node for one in said if (node := _maker(one))]
    if not said:
        return publisher(atlas)
    return found[0] if len(found) == 1 else found or None


def _maker(said: object) -> Node | None:
    """A creator that is given by name or as a node; None if neither name nor address is told."""
    if not isinstance(said, dict):
        said = {"name": said}
    person = "Person" in {re.split("[/#:]", str(k))[-1] for k in _listed(said.get("@type"))}
    person |= any(_ORCID.match(str(said.get(key))) for key in ("@id", "url", "sameAs", "identifier"))
    address = web_address(said.get("@id"))
    texts = {key: value.strip() for key, value in said.items() if isinstance(value, str) and value.strip()}
    name = texts.get("name") or " ".join([texts[key] for key in ("givenName", "familyName") if key in texts]) or address
    if not name:
        return None
    node: Node = {"@type": "Person" if person else "Organization"} | ({"@id": address} if address else {})
    node["name"] = name  # Google asks for one
    node |= {key: texts[key] for key in ("givenName", "familyName") if person and key in texts}
    node |= {key: texts[key] for key in ("email", "identifier") if key in texts}
    node |= {key: value for key in ("url", "sameAs") if (value := web_address(said.get(key)))}
    at = [a.get("name") if isinstance(a, dict) else a for a in _listed(said.get("affiliation"))]
    if person and _texts(at):
        node["affiliation"] = [{"@type": "Organization", "name": name} for name in _texts(at)]
    return node


def untold(figure: BareFigure, atlas: Atlas) -> set[str]:
    """Keys of the record's structured data that the page's own does not say, at least not all of it."""
    own = figure.schema
    keys = {key for key in own if key not in _SAID}
    if own.get("license") and not license_of(figure, atlas):
        keys.add("license")
    if own.get("@id") and not web_address(own["@id"]):
        keys.add("@id")
    if not all(map(_maker, _listed(own.get("creator")))):
        keys.add("creator")
    if own.get("name") not in (None, "", figure.title, USUAL_NAME):
        keys.add("name")
    keys |= {k for k in ("keywords", "description") if len(_terms(own.get(k))) < len(_listed(own.get(k)))}
    return keys


def gene_mention(symbol: str, ncbi: str, page: str) -> msgspec.Raw:
    """A gene that a figure shows, as encoded JSON: by reference to the node of its page, which has name and organism.

    The script reads the ids of the gene table here, so genes come first and in the order of the page.

    Args:
        symbol: of the gene.
        ncbi: its NCBI Gene id, or another id that records give; empty if absent.
        page: address of its page.
    """
    own = {"@id": f"gene:{ncbi}"} if is_number(ncbi) else {"@type": "Gene", "@id": f"{page}#gene", "name": symbol}
    if ncbi and not is_number(ncbi):
        own["identifier"] = ncbi
    return msgspec.Raw(_encode(own))


def concept_node(kind: str, name: str, identifiers: Sequence[str], page: str) -> Node:
    """A chemical or disease, the same in the structured data of all pages.

    Args:
        kind: ``chemicals`` or ``diseases``.
        name: of it in this collection.
        identifiers: as ``Concepts.identifiers`` has them.
        page: address of its page.
    """
    node: Node = {"@type": CONCEPTS[kind], "@id": concept_address(kind, identifiers, page), "name": name}
    if identifiers:
        node["identifier"] = identifiers[0] if len(identifiers) == 1 else list(identifiers)
    return node


def concept_mention(kind: str, entry: ConceptEntry, page: str) -> msgspec.Raw:
    """A chemical or disease that a figure shows, as encoded JSON."""
    return msgspec.Raw(_encode(concept_node(kind, entry.name, entry.identifiers, page)))


def _mentions(genes: Iterable[ShownGene], concepts: Iterable[SaidConcept]) -> list[msgspec.Raw]:
    """Genes, chemicals and diseases of a figure, each once."""
    nodes: dict[str, msgspec.Raw] = {}
    for c in concepts:
        nodes.setdefault(c.path, c.node)
    return [*[g.mention for g in genes], *nodes.values()]


def _article(figure: BareFigure, paper: Paper, atlas: Atlas) -> Node:
    """The paper; without invented authors, and no scholarly article where there is none."""
    kind = work_kind(figure.figtype, figure.pmcid, paper.title, paper.citation, paper.doi)
    own = atlas.urls.paper(figure.pmcid, paper.doi_href, paper.article)
    node: Node = {"@type": kind, "@id": own}
    node["name"] = paper.title or paper.citation or figure.pmcid
    node["identifier"] = figure.pmcid
    if paper.article or paper.doi_href:
        node["url"] = paper.article or paper.doi_href
    if year_number(figure.year):
        node["datePublished"] = figure.year
    if paper.doi_href and (same := paper.doi_href.lower()) != own:
        node["sameAs"] = same  # as it is called where it is the name of a paper
    if paper.journal:
        node["isPartOf"] = {"@type": "Periodical", "name": paper.journal}
    if paper.keywords:
        node["keywords"] = list(paper.keywords)
    return node


def _image(figure: BareFigure, image: FigureImage, paper: Paper) -> Node:
    """The picture; no licence is claimed for what the publisher owns, unless the record or the site names it."""
    title = figure.title or figure.figid
    node = {
        "@type": "ImageObject",
        "@id": IMAGE,
        "contentUrl": image.full,
        "caption": f"{figure.number}: {title}" if figure.number else title,
        "creditText": paper.citation or paper.title or figure.pmcid,
    }
    if page := paper.article or paper.doi_href:
        node["acquireLicensePage"] = page
    if image.license and image.license.href:
        node["license"] = image.license.href
    return node


def _keywords(figure: BareFigure, genes: Iterable[ShownGene], kind: str) -> list[str]:
    """The record's own keywords, each once; failing that its genes, its paper's, its organisms, or what it is."""
    own = _terms(figure.schema.get("keywords")) or [g.symbol for g in genes]
    return list(dict.fromkeys(own)) or list(figure.keywords) or list(figure.organisms) or [kind]


def _description(figure: BareFigure, paper: str, genes: Collection[ShownGene], concepts: Iterable[SaidConcept]) -> str:
    """The record's own description; failing that its caption or title.

    Args:
        figure: the record.
        paper: its name.
        genes: that were recognised in the figure.
        concepts: likewise, chemicals and diseases.
    """
    own = " ".join(_terms(figure.schema.get("description")))
    kinds = ["genes"] * bool(genes) + list(dict.fromkeys([c.path.split("/", 1)[0] for c in concepts]))
    said = ", ".join(kinds).capitalize()
    filler = f"{said} recognised in a figure of: {paper}" if said else f"A figure of: {paper}"
    return fitting(own or figure.caption or figure.title or figure.figid, filler, _LAST)


def figure_graph(
    figure: BareFigure,
    atlas: Atlas,
    genes: Collection[ShownGene],
    concepts: Collection[SaidConcept],
    image: FigureImage,
    paper: Paper,
    crumbs: Sequence[Link],
) -> list[Node]:
    """Dataset, ImageObject, ScholarlyArticle and BreadcrumbList of a figure."""
    page = atlas.figure_url(figure.figid)
    article = _article(figure, paper, atlas)
    dataset: Node = {
        "@type": "Dataset",
        "@id": web_address(figure.schema.get("@id")) or page + "#dataset",
        "dct:conformsTo": conforms(DATASET_PROFILE),
        "name": figure.title or figure.figid,
        "description": _description(figure, article["name"], genes, concepts),
        "identifier": figure.figid,
        "url": page,
        "keywords": _keywords(figure, genes, atlas.settings.figure_kind),
        "license": license_of(figure, atlas),
        "creator": _creator(figure, atlas),
        "isAccessibleForFree": True,
        "measurementTechnique": atlas.settings.measurement_technique,
        "includedInDataCatalog": {"@id": catalog_id(atlas)},
        "citation": {"@id": article["@id"]},
        "isBasedOn": {"@id": article["@id"]},
        "distribution": {"@type": "DataDownload", "contentUrl": page, "encodingFormat": "text/html"},
        "mentions": _mentions(genes, concepts),
    }
    if not dataset["license"]:  # without one it is a dataset, but not of the profile, which asks for it
        dataset["dct:conformsTo"] = None
    dataset = {key: value for key, value in dataset.items() if value}
    graph = [dataset, article]
    if image.full:
        dataset["image"] = {"@id": IMAGE}
        graph.append(_image(figure, image, paper))
    # The page's heading says the title: the last crumb need not.
    return [*graph, breadcrumbs(crumbs, figure.number or figure.figid, atlas.urls.root, atlas.urls.base)]
