"""A figure's page from its record."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

from builder.names import DEMONSTRATION, HUMAN, escape, fold, is_pmc, leads_to, year_number
from builder.plan.cards import named
from builder.read.card import web_address
from builder.read.licences import license_address, license_name
from builder.render.atlas import address
from builder.render.contexts import (
    FigureImage,
    FigurePage,
    GeneOrganism,
    Head,
    Link,
    Mention,
    Paper,
    Sibling,
    SimilarFigure,
)
from builder.render.engine import safe
from builder.render.jsonld import MENTION_CONTEXT, USUAL_NAME, document, figure_graph, untold
from builder.render.lexicons import (
    ndex_href,
    wikipathways_href,
)
from builder.render.markdown import render_markdown
from builder.render.words import clip
from builder.urls import bare_doi, doi_href, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from builder.model import EncodedFigure
    from builder.plan.facts import FigureLinks
    from builder.render.atlas import Atlas
    from builder.render.mentions import Said, SaidConcept, SaidGene, ShownGene, ShownWord

__all__ = ["figure_page"]

DESCRIPTION = 160
"""About what search engines show."""
TITLE = 120
LONGEST_BARE_NUMBER = 4
_COLUMN = 13
"""Letters that the column of words has room for (``static/css/figure.css``)."""


def _words(genes: Iterable[msgspec.Raw], atlas: Atlas) -> tuple[list[ShownWord], dict[str, ShownGene]]:
    """The words that stand for genes with these, each gene of a word once; and all genes by address.

    Both come in the order of the record, in which genes stand by their words.
    """
    atlas.mentions.bound()
    shown = list(map(atlas.mentions.genes.__getitem__, map(bytes, genes)))
    distinct = dict.fromkeys(shown)
    groups: dict[Said, list[SaidGene]] = {}
    for one in distinct:
        if one.said in groups:
            groups[one.said].append(one)
        else:
            groups[one.said] = [one]
    found: dict[str, ShownGene] = {}
    for own in groups.values():
        for one in own:
            found.setdefault(one.gene.href, one.gene)
    times: dict[Said, int] = {}
    if len(distinct) < len(shown):
        for one, count in Counter(shown).items():
            if count > 1:
                times[one.said] = max(count, times.get(one.said, 1))
    known = atlas.mentions.words
    return [known[(times[said], *own) if said in times else tuple(own)] for said, own in groups.items()], found


def _of_organisms(genes: Iterable[ShownGene], atlas: Atlas) -> dict[str, Any]:
    """The fields of a figure's page that tell of its genes' organisms, which come in the order of the genes.

    Where there is one alone none is named, as it is no choice; the folder of human genes is told if there are any.
    """
    names = dict.fromkeys([g.organism for g in genes])
    known, human = atlas.data.known, ""
    if HUMAN in names:
        default = atlas.settings.default_organism == HUMAN
        human = atlas.urls.href("genes/" if default else f"genes/{escape(HUMAN)}/")
    named = [GeneOrganism(n, known[fold(n)].group if fold(n) in known else "") for n in names] if len(names) > 1 else []
    return {"human_genes": human, "gene_organisms": tuple(named)}


def _shown(concepts: Iterable[SaidConcept]) -> tuple[Mention, ...]:
    """Chemicals or diseases, each word of each once, with its page."""
    out: dict[tuple[str, str], Mention] = {}
    for c in concepts:
        out.setdefault((c.shown.word.casefold(), c.path), c.shown)
    return tuple(out.values())


def _paper(figure: EncodedFigure, atlas: Atlas) -> Paper:
    """The publication block."""
    template, at = atlas.settings.article_url, is_pmc(figure.pmcid)
    own = figure.figtype != DEMONSTRATION and leads_to(template, figure.pmcid)
    link = figure.figlink.strip("/")
    at_pmc = f"https://www.ncbi.nlm.nih.gov/{quoted(link, '/-._~')}" if link.startswith("pmc/") else ""
    doi = bare_doi(figure.doi)
    return Paper(
        figure.paper,
        figure.reftext,
        figure.pmcid,
        address(template, pmcid=figure.pmcid) if own else "",
        at_pmc if at else "",
        doi,
        doi_href(doi),
        figure.journal or figure.journal_abbr,
        figure.publisher,
        figure.keywords,
        figure.year,
    )


def _label(figure: EncodedFigure) -> str:
    """What the figure is called in its paper: "Figure 1" and "Scheme 2" say their type themselves, "F1" does not."""
    if len(figure.number) > LONGEST_BARE_NUMBER:
        return figure.number
    return f"{figure.figtype or 'Figure'} {figure.number}".rstrip()


def _image_license(figure: EncodedFigure, atlas: Atlas) -> Link | None:
    """The licence of the picture, if the record or the site names one."""
    said = figure.image_license or atlas.settings.image_license
    if not said:
        return None
    address = web_address(said)
    return Link(license_name(address), address) if address else Link(said, license_address(said))


def _image(figure: EncodedFigure, atlas: Atlas) -> FigureImage:
    """The picture: the site's own file of that name, else the publisher's.

    Its text is short: heading and caption, which stand beside it, say what it shows.
    """
    alt = clip(f"{_label(figure)} of {figure.pmcid}, full size", 250)
    terms = _image_license(figure, atlas)
    if own := atlas.data.images.get(figure.filename):
        link, shown = atlas.urls.href(own.path), own.view or own.path
        size = (own.view_width, own.view_height) if own.view else (own.width, own.height)
        return FigureImage(
            atlas.urls.href(shown), link, atlas.urls.absolute(shown), *size, alt, local=True, license=terms
        )
    remote = atlas.image_address(figure)
    return FigureImage(remote, remote, remote, 0, 0, alt, local=False, license=terms, named=bool(figure.filename))


def _links_out(figure: EncodedFigure) -> tuple[Link, ...]:
    """Models of the figure elsewhere."""
    if not (figure.wpid or figure.ndex):
        return ()
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


def _more(figure: EncodedFigure, image: FigureImage, paper: Paper, atlas: Atlas) -> tuple[tuple[str, str], ...]:
    """Fields of the record that the page shows nowhere else."""
    known = {
        "figid": figure.figid,
        "filename": "" if image.src else figure.filename,
        "image_license": "" if image.src else figure.image_license,
        "figlink": "" if paper.figure else figure.figlink,
        "figid_alias": figure.alias,
        "redirect_from": ", ".join([r for r in figure.redirects if r != f"/figures/{figure.alias}"]),
        "pmc_ranked_result_index": figure.rank,
        "pathway_score": figure.score,
        "wpid": "" if wikipathways_href(figure.wpid) else figure.wpid,
        "ndex": "" if ndex_href(figure.ndex) else figure.ndex,
        "journal_nlm_ta": figure.journal_abbr if figure.journal else "",
        "seo": "" if figure.seo == USUAL_NAME else figure.seo,
    }
    rest = {k: _as_text(v) for k, v in figure.more.items()}
    if own := figure.schema:
        shown = untold(figure, atlas)
        rest |= {f"schema-jsonld {k}": _as_text(own[k]) for k in own if k in shown}
    return tuple([item for item in (known | rest).items() if item[1]])


def _head(figure: EncodedFigure, image: FigureImage, atlas: Atlas, graph: Any) -> Head:
    """The head of a figure's page."""
    title = clip(figure.title or figure.figid, TITLE)
    label = f" ({figure.pmcid}{', ' + figure.number if figure.number else ''})"
    return Head(
        title=f"{title}{label} · {atlas.settings.title}",
        description=clip(figure.caption or title, DESCRIPTION),
        canonical=atlas.figure_url(figure.figid),
        section="browse",
        og_type="article",
        image=image.full,
        jsonld=document(graph, MENTION_CONTEXT),
        og_title=title,
    )


def _similar(near: tuple[int, int, int], keys: Sequence[int], figure: EncodedFigure, atlas: Atlas) -> SimilarFigure:
    """A figure that shows much the same genes, given as ``FigureLinks`` has it."""
    index, shared, common = near
    # By the order of the index, which new figures leave as it is.
    genes = sorted([keys[rank] for rank in named(common)])
    symbols = ", ".join(map(atlas.symbols.__getitem__, genes))
    more = " …" if shared > len(genes) else ""
    other = atlas.link(index)
    return SimilarFigure(other.link, other.thumb, shared, symbols + more, other.pmcid == figure.pmcid)


def _around(figure: EncodedFigure, links: FigureLinks, atlas: Atlas) -> dict[str, Any]:
    """The fields of a figure's page that lead to other figures."""
    return {
        "siblings": tuple([Sibling(*atlas.link(i)[:3]) for i in links.siblings]),
        "similar": tuple([_similar(near, links.keys, figure, atlas) for near in links.similar]),
        "newer": atlas.link(links.newer).link if links.newer >= 0 else Markup(),
        "older": atlas.link(links.older).link if links.older >= 0 else Markup(),
    }


def _crumbs(figure: EncodedFigure, atlas: Atlas) -> tuple[Link, Link]:
    """All figures, then those of the year."""
    year = Link(figure.year or "Year unknown", atlas.year_href(year_number(figure.year)))
    return Link("Browse", atlas.urls.href("browse/index.html")), year


def figure_page(figure: EncodedFigure, name: str, links: FigureLinks, atlas: Atlas) -> FigurePage:
    """What the template of a figure is given.

    Args:
        figure: the record.
        name: file name of the record, for the address at which it is edited.
        links: the figures around it.
        atlas: the collection.
    """
    crumbs = _crumbs(figure, atlas)
    paper, image = _paper(figure, atlas), _image(figure, atlas)
    words, genes = _words(figure.genes, atlas)
    chemicals, diseases = atlas.mentions.concepts(figure)
    graph = figure_graph(figure, atlas, genes.values(), [*chemicals, *diseases], image, paper, crumbs)
    return FigurePage(
        head=_head(figure, image, atlas, graph),
        breadcrumbs=crumbs,
        title=figure.title or figure.figid,
        label=_label(figure),
        demonstration=figure.figtype == DEMONSTRATION,
        year=crumbs[-1] if figure.year else None,
        organisms=atlas.organism_links(figure.organisms),
        caption=figure.caption,
        body=render_markdown(figure.body, atlas.urls)[0],
        image=image,
        paper=paper,
        panel=safe("".join([w.html for w in words])),
        gene_count=len(genes),
        word_count=len({w.word for w in words}),
        widest=min(_COLUMN, max([w.letters for w in words], default=0)),
        chemicals=_shown(chemicals),
        diseases=_shown(diseases),
        annotations=figure.annotations,
        links=_links_out(figure),
        edit_href=address(atlas.settings.edit_url, figid=figure.figid, file=name),
        more=_more(figure, image, paper, atlas),
        **_of_organisms(genes.values(), atlas),
        **_around(figure, links, atlas),
    )
