"""A figure's page from its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from builder.names import escape, fold, year_number
from builder.render.atlas import address
from builder.render.contexts import (
    FigureCard,
    FigureImage,
    FigurePage,
    Head,
    Link,
    Mention,
    Paper,
    SimilarFigure,
)
from builder.render.jsonld import document, figure_graph
from builder.render.lexicons import (
    is_pmc,
    lexicon,
    ndex_href,
    vocabulary,
    wikipathways_href,
)
from builder.render.markdown import render_markdown
from builder.urls import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.model import ChemicalMention, DiseaseMention, Figure, GeneMention
    from builder.plan.facts import FigureLinks
    from builder.render.atlas import Atlas, GeneKey
    from builder.render.contexts import WordGroup

__all__ = ["clip", "figure_page", "organism_links"]

DESCRIPTION = 300
TITLE = 120
_MAX_QUERY_GENES = 400


def clip(text: str, length: int) -> str:
    """The beginning of a text, cut at a word, with an ellipsis where something is missing."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[length // 2 :] else head).rstrip(" ,;:.") + "…"


def _groups(genes: Sequence[GeneMention], atlas: Atlas) -> tuple[WordGroup, ...]:
    """Genes by the word that stands for them, in the order of the record, each once."""
    groups: dict[tuple[str, str, str], dict[GeneKey, int]] = {}
    for g in genes:
        counts = groups.setdefault((g.word, g.match, g.source), {})
        key = g.organism, g.ncbi, g.symbol
        counts[key] = counts.get(key, 0) + 1
    return tuple([atlas.group(*word, max(counts.values()), tuple(counts)) for word, counts in groups.items()])


def _mentions(mentions: Sequence[ChemicalMention | DiseaseMention]) -> tuple[Mention, ...]:
    """Chemicals or diseases, each once."""
    out: dict[tuple[str, str], Mention] = {}
    for m in mentions:
        source, identifier, href = vocabulary(m.source, m.identifier)
        out.setdefault(
            (m.word, identifier), Mention(m.word, m.name if m.name != m.word else "", identifier, href, source)
        )
    return tuple(out.values())


def _paper(figure: Figure, atlas: Atlas) -> Paper:
    """The publication block."""
    article = address(atlas.settings.article_url, pmcid=figure.pmcid) if is_pmc(figure.pmcid) else ""
    link = figure.figlink.strip("/")
    at_pmc = f"https://www.ncbi.nlm.nih.gov/{quoted(link, '/-._~')}" if link.startswith("pmc/") else ""
    doi = figure.doi.removeprefix("https://doi.org/").removeprefix("doi:")
    return Paper(
        figure.paper,
        figure.reftext,
        figure.pmcid,
        article,
        at_pmc if article else "",
        doi,
        f"https://doi.org/{quoted(doi, '/()-._;:')}" if doi.startswith("10.") else "",
        figure.journal,
        figure.year,
    )


def _image(figure: Figure, paper: Paper, atlas: Atlas) -> FigureImage:
    """The picture: the site's own file of that name, else the publisher's."""
    alt = f"Figure {figure.number}: {figure.title}" if figure.number else figure.title or figure.figid
    source = paper.figure or paper.article
    if own := atlas.data.images.get(figure.filename):
        href = atlas.urls.absolute(own.path)
        return FigureImage(atlas.urls.href(own.path), href, own.width, own.height, clip(alt, 250), True, source)  # noqa: FBT003 - the field is named local
    remote = atlas.image_address(figure)
    return FigureImage(remote, remote, 0, 0, clip(alt, 250), False, source)  # noqa: FBT003 - as above


def organism_links(organisms: Sequence[str], atlas: Atlas) -> tuple[Link, ...]:
    """The organisms with their pages; no address for one that no figure shows."""
    known = atlas.data.organisms
    return tuple(
        Link(o, atlas.urls.href(f"organisms/{escape(known[fold(o)])}.html") if fold(o) in known else "")
        for o in organisms
    )


def _links_out(figure: Figure) -> tuple[Link, ...]:
    """Models of the figure elsewhere."""
    found = (
        Link(f"WikiPathways {figure.wpid}", wikipathways_href(figure.wpid)),
        Link("NDEx network", ndex_href(figure.ndex)),
    )
    return tuple(link for link in found if link.href)


def _as_text(value: Any) -> str:
    """Plain data as text for a person."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return ", ".join(value)
    return msgspec.json.encode(value).decode()


def _more(figure: Figure) -> tuple[tuple[str, str], ...]:
    """Fields of the record that the page shows nowhere else."""
    known = {
        "filename": figure.filename,
        "figlink": figure.figlink,
        "figid_alias": figure.alias,
        "redirect_from": ", ".join(figure.redirects),
        "pmc_ranked_result_index": figure.rank,
        "pathway_score": figure.score,
        "wpid": "" if wikipathways_href(figure.wpid) else figure.wpid,
        "ndex": "" if ndex_href(figure.ndex) else figure.ndex,
        "seo": figure.seo,
    }
    rest = {k: _as_text(v) for k, v in figure.more.items()}
    return tuple((k, v) for k, v in (known | rest).items() if v)


def _drugst_one(symbols: Sequence[str]) -> str:
    """Address that opens human genes in Drugst.One, a drug repurposing network explorer."""
    if not symbols or len(symbols) > _MAX_QUERY_GENES:
        return ""
    nodes = ",".join([quoted(s) for s in symbols])
    return (
        f"https://drugst.one/standalone?nodes={nodes}&autofillEdges=true"
        "&activateNetworkMenuButtonAdjacentDrugs=true&interactionDrugProtein=NeDRex&licensedDatasets=true"
    )


def _human(figure: Figure, atlas: Atlas) -> list[str]:
    """Symbols of the human genes, each once."""
    default = atlas.settings.default_organism
    return list(dict.fromkeys(g.symbol for g in figure.genes if (g.organism or default) == "Homo sapiens"))


def _head(figure: Figure, image: FigureImage, atlas: Atlas, graph: Any) -> Head:
    """The head of a figure's page."""
    title = figure.title or figure.figid
    label = f" ({figure.pmcid}{', ' + figure.number if figure.number else ''})"
    return Head(
        title=f"{clip(title, TITLE)}{label} · {atlas.settings.title}",
        description=clip(figure.caption or title, DESCRIPTION),
        canonical=atlas.figure_url(figure.figid),
        section="browse",
        og_type="article",
        image=image.full,
        image_alt=image.alt if image.full else "",
        jsonld=document(graph),
    )


def _step(index: int, atlas: Atlas) -> FigureCard | None:
    """The newer or older figure."""
    return atlas.figure_card(index) if index >= 0 else None


def _similar(index: int, shared: int, figure: Figure, atlas: Atlas) -> SimilarFigure:
    """A figure that shows much the same genes."""
    card = atlas.figure_card(index)
    return SimilarFigure(card, shared, card.pmcid == figure.pmcid)


def _around(figure: Figure, links: FigureLinks, atlas: Atlas) -> dict[str, Any]:
    """The fields of a figure's page that lead to other figures."""
    return {
        "siblings": tuple(atlas.figure_card(i) for i in links.siblings),
        "similar": tuple(_similar(i, n, figure, atlas) for i, n in links.similar),
        "newer": _step(links.newer, atlas),
        "older": _step(links.older, atlas),
    }


def _seen(figure: Figure, groups: tuple[WordGroup, ...], atlas: Atlas) -> dict[str, Any]:
    """The fields of a figure's page that tell what was recognised in it, its number of genes aside."""
    human = _human(figure, atlas)
    sources = dict.fromkeys(g.source_id for g in groups)
    return {
        "groups": groups,
        "word_count": len({g.word for g in groups}),
        "lexicons": tuple((*lexicon(s), s) for s in sources if s),
        "gene_symbols": " ".join(human),
        "drugst_one": _drugst_one(human),
        "chemicals": _mentions(figure.chemicals),
        "diseases": _mentions(figure.diseases),
        "annotations": figure.annotations,
    }


def figure_page(figure: Figure, name: str, links: FigureLinks, atlas: Atlas) -> FigurePage:
    """What the template of a figure is given.

    Args:
        figure: the record.
        name: file name of the record, for the address at which it is edited.
        links: the figures around it.
        atlas: the collection.
    """
    year_link = Link(figure.year or "Year unknown", atlas.year_href(year_number(figure.year)))
    crumbs = (Link("Browse", atlas.urls.href("browse/index.html")), year_link)
    paper = _paper(figure, atlas)
    image = _image(figure, paper, atlas)
    groups = _groups(figure.genes, atlas)
    genes = list({(g.ncbi or g.symbol, g.href): g for group in groups for g in group.genes}.values())
    return FigurePage(
        head=_head(figure, image, atlas, figure_graph(figure, atlas, genes, image, paper, crumbs)),
        breadcrumbs=crumbs,
        figid=figure.figid,
        href=atlas.figure_url(figure.figid),
        title=figure.title or figure.figid,
        number=figure.number,
        figtype=figure.figtype,
        demonstration=figure.figtype == "Demonstration",
        year=year_link if figure.year else None,
        organisms=organism_links(figure.organisms, atlas),
        caption=figure.caption,
        body=render_markdown(figure.body, atlas.urls)[0],
        image=image,
        paper=paper,
        gene_count=len(genes),
        links=_links_out(figure),
        edit_href=address(atlas.settings.edit_url, figid=figure.figid, file=name),
        more=_more(figure),
        **_seen(figure, groups, atlas),
        **_around(figure, links, atlas),
    )
