"""Batches of rendering and writing, for worker processes: plain data in, plain data out."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from builder.plan.facts import FigureLinks, GeneFacts, ListingFacts
from builder.problems import BuildError
from builder.read.beside import Beside, look_beside
from builder.read.bucket import drop_bucket, load_records, read_files
from builder.read.source import scan
from builder.render.atlas import open_atlas
from builder.render.figure import figure_page
from builder.render.gene import gene_pages, gene_paths
from builder.render.listing import listing_pages
from builder.render.mentions import decode, encoded
from builder.render.site import stub_page
from builder.urls import figure_path, listing_path
from builder.write.output import Output, Written, make_thumb

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.model import EncodedFigure
    from builder.render.atlas import Atlas

__all__ = ["FigureTask", "ListTask", "PictureTask", "render", "write_figures", "write_lists", "write_pictures"]


class FigureTask(msgspec.Struct, frozen=True):
    """Figures of one bucket whose pages are to be made."""

    atlas: str
    """File of the atlas."""
    out: str
    """Folder to write into."""
    fresh: bool
    """As ``Output`` says."""
    cache: str
    folder: str
    """Where the records' files are, should the cache have lost them."""
    beside: str
    """Folder of the tables beside them; empty for none."""
    bucket: str
    """Key of the bucket."""
    figures: list[tuple[int, str, FigureLinks]]
    """Index in the bucket, file name of the record, links."""
    stubs: list[tuple[str, int]]
    """Stubs to make: path, and the figure by its number in the atlas."""


class ListTask(msgspec.Struct, frozen=True):
    """Genes and listings whose pages are to be made."""

    atlas: str
    out: str
    fresh: bool
    genes: list[GeneFacts]
    listings: list[ListingFacts]


class PictureTask(msgspec.Struct, frozen=True):
    """Pictures to put into the site."""

    out: str
    fresh: bool
    pictures: list[tuple[str, str, int, int]]
    """Source file, path in the site, and size of a thumbnail to make, 0 for a copy."""


_Page = tuple[str, bytes]
"""Path and contents."""


def _figures(task: FigureTask) -> Iterator[_Page]:
    """Pages and stubs of a task, one after the other."""
    atlas = open_atlas(task.atlas)
    page = atlas.engine.page
    records = load_records(task.cache, task.bucket) if task.figures else []
    if records is None:
        drop_bucket(task.cache, task.bucket)
    for row, name, links in task.figures:
        figure = decode(records[row].figure) if records else _reread(task.folder, task.beside, name)
        yield figure_path(figure.figid), page("figure.html", figure_page(figure, name, links, atlas))
    for path, number in task.stubs:
        card = atlas.card(number)
        yield path, page("stub.html", stub_page(atlas, figure_path(card.figid), card.title))


def _reread(folder: str, tables: str, name: str) -> EncodedFigure:
    """The figure of a record's file, which was read without error a moment ago."""
    try:
        figure, _ = read_files(folder, name, _look_beside(folder, tables))
    except OSError:
        figure = None
    if figure is None:
        raise BuildError(f"{name} was changed while the site was built; build again")
    return encoded(figure)


@lru_cache(maxsize=1)
def _look_beside(folder: str, tables: str) -> Beside:
    """What stands beside the records of a folder."""
    records = scan(Path(folder), ".md", strict=False).files
    return look_beside(Path(folder), Path(tables) if tables else None, records)[1]


def write_figures(task: FigureTask) -> list[Written]:
    """Make the pages and stubs of figures; returns what stands in the output folder."""
    output = Output(task.out, fresh=task.fresh)
    return [output.put(path, data) for path, data in _figures(task)]


def _lists(task: ListTask) -> Iterator[_Page]:
    """Pages of a task, one after the other."""
    atlas, output = open_atlas(task.atlas), Output(task.out, fresh=task.fresh)
    page = atlas.engine.page
    for gene in task.genes:
        _recall(atlas, output, gene_paths(gene, atlas))
        yield from ((path, page("gene.html", context)) for path, context in gene_pages(gene, atlas))
    for listing in task.listings:
        _recall(atlas, output, [listing_path(listing.path, n) for n in listing.pages])
        yield from ((path, page("listing.html", context)) for path, context in listing_pages(listing, atlas))


def write_lists(task: ListTask) -> list[Written]:
    """Make the pages of genes, organisms and years; returns what stands in the output folder."""
    output = Output(task.out, fresh=task.fresh)
    return [output.put(path, data) for path, data in _lists(task)]


def render(task: FigureTask | ListTask) -> None:
    """Make the pages of a task without writing them, to see whether their templates can be used."""
    if isinstance(task, FigureTask) and load_records(task.cache, task.bucket) is None:
        return  # the cache lost them, which is seen to where they are written
    for _ in _figures(task) if isinstance(task, FigureTask) else _lists(task):
        pass


def _recall(atlas: Atlas, output: Output, paths: Sequence[str]) -> None:
    """Have the rows of lists taken over from pages as they stand: few of those that are to be made are others."""
    if atlas.data.standing:
        for path in paths:
            atlas.recall(output.text(path))


def write_pictures(task: PictureTask) -> list[Written]:
    """Copy pictures and make thumbnails; returns what stands in the output folder."""
    output = Output(task.out, fresh=task.fresh)
    done = []
    for source, path, width, height in task.pictures:
        try:
            data = make_thumb(Path(source), (width, height)) if width else Path(source).read_bytes()
        except OSError as error:
            raise BuildError(f"{source}: cannot read it: {error.strerror}") from error
        done.append(output.put(path, data))
    return done
