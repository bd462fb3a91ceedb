"""The template engine: Jinja2 with autoescape, without white space that a browser ignores."""

from __future__ import annotations

import re
from functools import lru_cache
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from markupsafe import Markup, escape

from builder import kept

try:  # MarkupSafe's own fast path; where a version has it no more, escaping is the same and slower
    from markupsafe._speedups import _escape_inner as _escape_text
except ImportError:  # pragma: no cover - depends on how MarkupSafe was built
    _escape_text = escape

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping
    from types import CodeType

    from jinja2 import nodes
    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame

    from builder.render.contexts import SiteContext

__all__ = ["Engine", "compile_templates", "safe"]

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_BETWEEN_TAGS = re.compile(r"(?<=[>}])[ \t]*\n\s*(?=[<{])")
_LINE_BREAK = re.compile(r"[ \t]*\n\s*")


class _Squeeze(Extension):
    """Takes line breaks out of templates when they are compiled: nothing between tags, else a space."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja2's signature
        """The template with its indentation removed."""
        source = _COMMENT.sub("", source)
        return _LINE_BREAK.sub(" ", _BETWEEN_TAGS.sub("", source.strip()))


def _escape(value: Any) -> str:
    """What ``markupsafe.escape`` gives, without making an object of its class for each of the many texts of a page."""
    kind = type(value)
    if kind is str:
        return _escape_text(value)
    if kind is int:
        return str(value)
    markup: str = value if kind is Markup else escape(value)
    return markup


class _Attributes(CodeGenerator):
    """Compiles ``page.title`` to just that, since pages are given objects with attributes alone.

    Jinja2 itself calls its environment for each, which tries items too, in Python code.
    """

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja2's name
        """Write the look-up of an attribute."""
        if iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


class _Template(Template):
    """A template whose compiled code escapes with our function instead of markupsafe's."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - Jinja2's name
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """The template of compiled code."""
        # A plain mapping, since every page copies it: Jinja2's is a chain of two, which is walked in Python code.
        template = super().from_code(environment, code, dict(globals), uptodate)
        # The code imports both names from Jinja2's runtime; were they called otherwise, nothing would change.
        template.root_render_func.__globals__.update(escape=_escape, Markup=safe)
        return template


def safe(html: str) -> Markup:
    """Text that is HTML already, as what autoescape leaves alone; ``Markup`` itself first looks whether it is text."""
    return str.__new__(Markup, html)


class _Environment(Environment):
    """An environment that looks for each template once: every page asks for its base and its macros anew."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._found: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja2's name
    ) -> Template:
        """The template of a name."""
        if isinstance(name, Template) or globals is not None:
            return super().get_template(name, parent, globals)
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent)
        return found


@lru_cache(maxsize=1)
def _version() -> bytes:
    """Changes when templates would be compiled otherwise; Jinja2 itself sees to its own version and Python's."""
    return kept.digest_of(Path(__file__).read_bytes())


class _Compiled(BytecodeCache):
    """Compiled templates in the cache folder; Jinja2's own class takes files there that are damaged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"template-{bucket.key}.code"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take over a template that was compiled before."""
        code = kept.load(self._path(bucket), bytes, _version())
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        kept.leave(self._path(bucket), bucket.bytecode_to_string(), _version())


@lru_cache(maxsize=2)
def _environment(templates: Path, stamp: tuple[tuple[str, int, int], ...]) -> Environment:  # noqa: ARG001 - makes a new one after an edit
    """The templates of a folder, each compiled once a process; ``stamp`` tells whether one was edited since."""
    env = _Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[_Squeeze],
    )
    env.template_class = _Template
    env.code_generator_class = _Attributes
    env.filters["num"] = "{:,}".format
    return env


def _stamp(templates: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every template."""
    found = sorted(templates.rglob("*.html"))
    return tuple((str(p), s.st_size, s.st_mtime_ns) for p in found for s in (p.stat(),))


def compile_templates(asked: tuple[str, str]) -> None:
    """Compile every template and leave it in the cache, for the processes that render.

    Args:
        asked: folder of the templates, and the cache.
    """
    templates, cache = map(Path, asked)
    env = _environment(templates, _stamp(templates))
    env.bytecode_cache = _Compiled(cache)
    for name in env.list_templates(extensions=["html"]):
        env.get_template(name)


class Engine:
    """Renders pages of one site; header and footer are made once a section."""

    def __init__(self, templates: Path, site: SiteContext, cache: Path | None = None) -> None:
        """Make ready.

        Args:
            templates: their folder.
            site: what every page knows.
            cache: where to keep compiled templates; None to compile them.
        """
        self._env = _environment(templates, _stamp(templates))
        if cache:
            self._env.bytecode_cache = _Compiled(cache)
        self._site = site
        self._chrome: dict[str, tuple[Markup, Markup]] = {}
        self._renderers: dict[str, Callable[..., str]] = {}
        self._macros: dict[tuple[str, str], Callable[..., str]] = {}

    def _renderer(self, template: str) -> Callable[..., str]:
        if template not in self._renderers:
            self._renderers[template] = self._env.get_template(template).render
        return self._renderers[template]

    def chrome(self, section: str) -> tuple[Markup, Markup]:
        """Header and footer of the pages of a section."""
        if section not in self._chrome:
            macros: Any = self._env.get_template("macros/chrome.html").module
            self._chrome[section] = (macros.header(self._site, section), macros.footer(self._site))
        return self._chrome[section]

    def page(self, template: str, page: Any) -> bytes:
        """The text of a page as bytes."""
        head = getattr(page, "head", None)
        header, footer = self.chrome(head.section) if head is not None else ("", "")
        text = self._renderer(template)(site=self._site, page=page, header=header, footer=footer)
        return text.encode("utf-8", "replace")

    def fragment(self, template: str, macro: str, value: Any) -> str:
        """What a macro makes of one value."""
        key = template, macro
        if key not in self._macros:
            self._macros[key] = getattr(self._env.get_template(template).module, macro)
        return str(self._macros[key](value))
