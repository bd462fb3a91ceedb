"""The template engine: Jinja2 with autoescape, without white space that a browser ignores."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from functools import lru_cache
from keyword import iskeyword
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    loaders,
)
from jinja2.compiler import CodeGenerator
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from builder import kept
from builder.problems import TemplateError
from builder.surroundings import program_version

try:  # MarkupSafe's own fast path; where a version has it no more, escaping is the same and slower
    from markupsafe._speedups import _escape_inner as _escape_text
except ImportError:  # pragma: no cover - depends on how MarkupSafe was built
    _escape_text = escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping
    from types import CodeType

    from jinja2 import nodes
    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame

    from builder.render.contexts import SiteContext

__all__ = ["Engine", "compile_templates", "safe"]

_BETWEEN_TAGS = re.compile(r"(?<=[>}])[ \t]*\n\s*(?=[<{])")
_LINE_BREAK = re.compile(r"[ \t]*\n\s*")


class _Squeeze(Extension):
    """Takes line breaks out of templates when they are compiled: nothing between tags, else a space.

    It does so token by token, so that errors are told with the line of the template.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The template with its indentation removed."""
        before, waiting = "", None
        for token in stream:
            if token.type == "data":  # comments between two are gone already
                waiting = Token(waiting.lineno, "data", waiting.value + token.value) if waiting else token
                continue
            yield from _squeezed(before, waiting, "{")
            yield token
            before, waiting = "}", None
        yield from _squeezed(before, waiting, "")


def _squeezed(before: str, data: Token | None, behind: str) -> Iterator[Token]:
    """The text between two tags of a template without its line breaks, if any is left.

    Args:
        before: the end of the tag before; empty at the beginning of the template.
        data: the text.
        behind: the beginning of the tag behind; empty at the end of the template.
    """
    if data is not None:
        text = data.value if before else data.value.lstrip()
        text = before + (text if behind else text.rstrip()) + behind
        text = _LINE_BREAK.sub(" ", _BETWEEN_TAGS.sub("", text)).removeprefix(before).removesuffix(behind)
        if text:
            yield Token(data.lineno, "data", text)


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


class _Compiled(BytecodeCache):
    """Compiled templates in the cache folder.

    Jinja2's own class takes files there that are damaged, and those that another version of Jinja2 compiled.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"template-{bucket.key}.code"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take over a template that was compiled before."""
        code = kept.load(self._path(bucket), bytes, program_version())
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        kept.leave(self._path(bucket), bucket.bytecode_to_string(), program_version())


@lru_cache(maxsize=2)
def _environment(templates: Path, stamp: tuple[tuple[str, int, int], ...]) -> Environment:  # noqa: ARG001 - makes a new one after an edit
    """The templates of a folder, each compiled once a process; ``stamp`` tells whether one was edited since."""
    env = _Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
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


_OF_JINJA = str(Path(jinja2.__file__).parent)


def _place(error: Exception, templates: str) -> tuple[str, int] | None:
    """Template and line to blame for an error; None where it is one of the program."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename or f"{templates}/{error.name}", error.lineno
    if isinstance(error, TemplateNotFound) and error.name:
        return f"{templates}/{error.name}", 1
    frames = list(walk_tb(error.__traceback__))
    for frame, _ in frames:
        if frame.f_code.co_filename == loaders.__file__ and "template" in frame.f_locals:
            return f"{templates}/{frame.f_locals['template']}", 1  # it cannot be read
    for frame, line in reversed(frames):
        file = frame.f_code.co_filename
        if file.startswith(templates):
            # Unless Jinja2 has put a frame of the template in its place, the line is one of the code made of it.
            template = frame.f_globals.get("__jinja_template__")
            return file, template.get_corresponding_lineno(line) if template else line
        if file != __file__ and not file.startswith(_OF_JINJA):
            break
    return None


def _told(error: Exception, templates: Path) -> Exception:
    """An error as the user is told of it, where a template is to blame."""
    place = _place(error, str(templates))
    if place is None:
        return error
    file, here = place[0], os.getcwd() + os.sep  # noqa: PTH109 - text is wanted
    what = error.message if isinstance(error, TemplateSyntaxError) else str(error)
    if isinstance(error, TemplateNotFound):
        what = "expected a template of this name, which another asks for"
    elif isinstance(error, UnicodeDecodeError):
        what = "found text that is not UTF-8"
    return TemplateError(f"{file.removeprefix(here)}:{place[1]}:1: error: {what}")


@contextmanager
def _blaming(templates: Path) -> Iterator[None]:
    """Raise TemplateError for what goes wrong within because of a template."""
    try:
        yield
    except Exception as error:
        told = _told(error, templates)
        if told is error:
            raise
        raise told from error


def compile_templates(asked: tuple[str, str]) -> None:
    """Compile every template and leave it in the cache, for the processes that render.

    Args:
        asked: folder of the templates, and the cache.

    Raises:
        TemplateError: if one is no template.
    """
    templates, cache = map(Path, asked)
    env = _environment(templates, _stamp(templates))
    env.bytecode_cache = _Compiled(cache)
    with _blaming(templates):
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
        self._site, self._templates = site, templates
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
        """The text of a page as bytes.

        Raises:
            TemplateError: if a template asks for what there is not.
        """
        head = getattr(page, "head", None)
        try:
            header, footer = self.chrome(head.section) if head is not None else ("", "")
            text = self._renderer(template)(site=self._site, page=page, header=header, footer=footer)
        except Exception as error:
            raise _told(error, self._templates) from error
        return text.encode("utf-8", "replace")

    def fragment(self, template: str, macro: str, value: Any) -> str:
        """What a macro makes of one value; raises as ``page`` does."""
        key = template, macro
        try:
            if key not in self._macros:
                self._macros[key] = getattr(self._env.get_template(template).module, macro)
            return str(self._macros[key](value))
        except Exception as error:
            raise _told(error, self._templates) from error
