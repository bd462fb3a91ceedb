"""Which fields of which page data the templates use: Jinja2's syntax trees, followed with the types of the fields.

Small on purpose: it knows the constructs that the templates of this project hold, and refuses any other.
"""

from __future__ import annotations

import types
import typing
from typing import TYPE_CHECKING, Any

import msgspec
from jinja2 import Environment, FileSystemLoader, nodes
from markupsafe import Markup

from builder.render import contexts, parts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Uses", "field_types"]

Scope = dict[str, Any]
"""Name of a variable -> its type; ``Any`` for what is no page data."""


def field_types(kind: type) -> dict[str, Any]:
    """Return the type of each field of page data."""
    return typing.get_type_hints(kind, {**vars(contexts), **vars(parts)}, {"Markup": Markup})


def _plain(kind: Any) -> Any:
    """Return a type without ``None``."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return next(k for k in typing.get_args(kind) if k is not type(None))
    return kind


def _item(kind: Any) -> Any:
    """Return the type of what a loop over a value of this type gives."""
    arguments = typing.get_args(_plain(kind))
    return arguments[0] if arguments else Any


class Uses:
    """Follows templates from their variables, and keeps each field that they read."""

    def __init__(self, folder: Path) -> None:
        self.environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
        self.found: set[tuple[str, str]] = set()
        """Struct and field."""
        self.unknown: set[tuple[str, str, str]] = set()
        """Template, struct and what it wants of it, which is no field."""
        self._template = ""
        self._macros: dict[str, tuple[str, nodes.Macro]] = {}
        self._called: set[tuple[str, str, str]] = set()

    def tree(self, name: str) -> nodes.Template:
        """Return the syntax tree of a template."""
        source = (self.environment.loader or FileSystemLoader([])).get_source(self.environment, name)[0]
        return self.environment.parse(source)

    def template(self, name: str, **variables: Any) -> None:
        """Follow a template and those that it extends, given the types of its variables."""
        self._template = name
        tree = self.tree(name)
        for parent in tree.find_all(nodes.Extends):
            assert isinstance(parent.template, nodes.Const)
            self.template(parent.template.value, **variables)
        self._template = name
        self._body(tree.body, dict(variables))

    def macro(self, template: str, name: str, *arguments: Any) -> None:
        """Follow a macro, given the types of its arguments."""
        before, self._template = self._template, template
        for macro in self.tree(template).find_all(nodes.Macro):
            if macro.name == name:
                self._enter(macro, template, list(arguments))
        self._template = before

    def _enter(self, macro: nodes.Macro, template: str, arguments: list[Any]) -> None:
        """Follow a macro with arguments of these types, once."""
        key = (template, macro.name, repr(arguments))
        if key in self._called:
            return
        self._called.add(key)
        before, self._template = self._template, template
        outer = self._macros
        self._macros = {m.name: (template, m) for m in self.tree(template).find_all(nodes.Macro)}
        scope = dict.fromkeys((a.name for a in macro.args), Any)
        scope |= dict(zip(scope, arguments, strict=False))
        self._body(macro.body, scope)
        self._template, self._macros = before, outer

    def _body(self, body: list[nodes.Node], scope: Scope) -> None:
        """Follow statements in their order."""
        for node in body:
            self._statement(node, scope)

    def _statement(self, node: nodes.Node, scope: Scope) -> None:
        """Follow one statement; assignments change the scope."""
        if isinstance(node, nodes.FromImport):
            assert isinstance(node.template, nodes.Const)
            found = {m.name: m for m in self.tree(node.template.value).find_all(nodes.Macro)}
            names = [n if isinstance(n, str) else n[0] for n in node.names]
            self._macros |= {n: (node.template.value, found[n]) for n in names}
        elif isinstance(node, nodes.Macro | nodes.Extends):
            return
        elif isinstance(node, nodes.Assign):
            self._bind(node.target, self._type(node.node, scope), scope)
        elif isinstance(node, nodes.For):
            inner = {**scope, "loop": Any}
            self._bind(node.target, _item(self._type(node.iter, scope)), inner)
            if node.test is not None:
                self._type(node.test, inner)
            self._body([*node.body, *node.else_], inner)
        elif isinstance(node, nodes.If):
            self._type(node.test, scope)
            self._body([*node.body, *node.elif_, *node.else_], scope)
        elif isinstance(node, nodes.Block | nodes.AssignBlock):
            self._body(node.body, dict(scope))
        elif isinstance(node, nodes.Output):
            for part in node.nodes:
                self._type(part, scope)
        else:
            message = f"{self._template}:{node.lineno}: a construct that this checker does not know: {node}"
            raise TypeError(message)

    def _bind(self, target: nodes.Node, kind: Any, scope: Scope) -> None:
        """Give a variable, or several, their types."""
        if isinstance(target, nodes.Tuple):
            parts = typing.get_args(_plain(kind)) or (Any,) * len(target.items)
            for item, part in zip(target.items, parts, strict=True):
                self._bind(item, part, scope)
        elif isinstance(target, nodes.Name):
            scope[target.name] = kind

    def _type(self, node: nodes.Node, scope: Scope) -> Any:
        """Return the type of an expression, and keep the fields that it reads."""
        if isinstance(node, nodes.Name):
            return scope.get(node.name, Any)
        if isinstance(node, nodes.Getattr):
            return self._field(_plain(self._type(node.node, scope)), node.attr)
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in self._macros:
            template, macro = self._macros[node.node.name]
            self._enter(macro, template, [self._type(a, scope) for a in node.args])
            return Any
        if isinstance(node, nodes.Tuple):
            return types.GenericAlias(tuple, tuple(self._type(item, scope) for item in node.items))
        if isinstance(node, nodes.List):
            kinds = [self._type(item, scope) for item in node.items]
            return types.GenericAlias(list, kinds[0]) if kinds else Any
        if isinstance(node, nodes.Or):
            kinds = [self._type(side, scope) for side in (node.left, node.right)]
            return kinds[0]
        for child in node.iter_child_nodes():
            self._type(child, scope)
        return Any

    def _field(self, kind: Any, name: str) -> Any:
        """Return the type of a field of page data."""
        if not isinstance(kind, type) or not issubclass(kind, msgspec.Struct):
            return Any
        fields = field_types(kind)
        if name not in fields:
            self.unknown.add((self._template, kind.__name__, name))
            return Any
        self.found.add((kind.__name__, name))
        return fields[name]

    def fields_of(self, kind: type) -> Iterator[str]:
        """Yield the fields of a struct that were read."""
        return (field for name, field in sorted(self.found) if name == kind.__name__)
