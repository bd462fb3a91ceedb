"""The page of a record that was just saved, before the build that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.names import real
from builder.plan.cards import figure_links
from builder.problems import BuildError
from builder.read.beside import table_names
from builder.read.bucket import read_files
from builder.render.atlas import Atlas
from builder.render.figure import figure_page
from builder.render.mentions import encoded
from builder.urls import figure_path
from builder.write.output import MARKER, Output

if TYPE_CHECKING:
    from pathlib import Path

    from builder.publishing import Site

__all__ = ["Preview"]


class Preview:
    """Makes pages of saved records from what the last build knew of the collection."""

    def __init__(self, site: Site, out: Path) -> None:
        self._site = site
        self._marker = out / MARKER
        self._out = Output(str(out))
        self._atlas = Atlas(site.plan.atlas)
        self._tables: dict[str, str] = {}
        self._number = {name: i for i, name in enumerate(site.catalog.figures.name)}

    def _name(self, path: Path) -> str:
        """File name of the record that a file is of: itself, or the one beside which a table stands.

        Raises:
            KeyError: if it is of none.
            ValueError: if it stands elsewhere.
        """
        beside = self._site.beside
        if beside.folder and path.parent.as_posix() == beside.folder:
            if not self._tables:
                names = ((t, n) for n, kinds in beside.tables.items() for t in table_names(n, kinds))
                self._tables = dict(names)
            return self._tables[path.name]
        return path.relative_to(self._site.folder).as_posix()

    def show(self, path: Path) -> bool:
        """Make the page of a record's file; False where only a build can tell: a new record, a bad one, a new gene."""
        try:
            name = self._name(real(path))
            number = self._number[name]
            figure, _ = read_files(self._site.folder, name, self._site.beside)
            if figure is None or not self._marker.is_file():  # a folder that somebody emptied is for a build to fill
                return False
            page = figure_page(encoded(figure), name, figure_links(self._site.catalog, number), self._atlas)
            self._out.put(figure_path(figure.figid), self._atlas.engine.page("figure.html", page))
        except (KeyError, ValueError, OSError, BuildError):
            return False
        return True
