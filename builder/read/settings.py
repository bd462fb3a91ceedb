"""The settings of a site: ``site.yml``, checked, with a default for everything."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from builder.names import fold
from builder.problems import Finding, Problem
from builder.read.card import web_address
from builder.read.frontmatter import decode
from builder.read.licences import license_address
from builder.read.texts import ABSENT, CONTROL, one_line, short
from builder.read.yamltext import YamlError, load, locate, locate_key
from builder.rules import LEVELS, RULES, find_rule

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["REDIRECT_KINDS", "Settings", "read_settings"]

REDIRECT_KINDS = ("html", "netlify", "nginx", "apache")

_IMAGE_FIELDS = frozenset({"pmcid", "filename", "figid", "year", "number"})
_HOST = re.compile(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
_TEMPLATES = {
    "image_url": _IMAGE_FIELDS,
    "article_url": frozenset({"pmcid"}),
    "edit_url": frozenset({"figid", "file"}),
}
"""Settings that are address templates, and the fields of each."""
_OWN = re.compile(
    r"(?:index|404|about|help|cite|download)\.html|sitemap(?:-[0-9]+)?\.xml|feed\.xml|robots\.txt|redirects\.json"
    r"|\.figpages|\.nojekyll|figures|genes|organisms|browse|chemicals|diseases|wikipathways|ndex|explore|statistics"
    r"|assets|downloads|images|json|search|thumbs"
)
"""Names at the top of the output folder that builds write, so that nothing else can be kept there."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What ``site.yml`` may say; a bare folder of records gets these defaults."""

    title: str = "Figures"
    """Name of the site."""
    tagline: str = "Published pathway figures and the genes that they show."
    """One sentence on what the site is."""
    description: str = ""
    """For search engines; the tagline if empty."""
    url: str = "http://localhost:8000/"
    """Address at which the site is published, with its path."""
    language: str = "en"
    """BCP 47 tag."""
    default_organism: str = "Homo sapiens"
    """Organism of a gene whose mention names none; its gene pages stand directly in ``/genes/``."""
    image_url: str = "https://europepmc.org/articles/{pmcid}/bin/{filename}"
    """Address of a figure's image where ``images/`` has no file of that name."""
    image_license: str = ""
    """Licence of the images, by its name if it is one of Creative Commons, or its address; records may name another."""
    image_hosts: tuple[str, ...] = ()
    """Other hosts that the address of an image leads to, for the pages' content security policy."""
    article_url: str = "https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"
    """Address of a paper at PMC."""
    edit_url: str = ""
    """Address at which a record can be edited, with ``{file}`` or ``{figid}``; none if empty."""
    listing_page: int = 500
    """Figures on one page of a listing."""
    listing_limit: int = 500
    """How many figures a gene page lists in all, newest first; 0 for no limit."""
    feed_size: int = 50
    """Figures in the Atom feed."""
    redirects: tuple[str, ...] = ("html",)
    """Forms of the redirects: html stubs, and maps for netlify, nginx, apache."""
    license: str = "CC0 1.0"
    """Name of the licence of the data (not of the publishers' images)."""
    license_url: str = "https://creativecommons.org/publicdomain/zero/1.0/"
    publisher: str = ""
    """Who publishes the collection; the title if empty."""
    publisher_url: str = ""
    citation: str = ""
    """How to cite the collection."""
    figure_kind: str = "pathway figure"
    """What a figure is called in descriptions, titles and keywords; its plural has an s."""
    measurement_technique: str = "Optical character recognition"
    """How genes, chemicals and diseases were found in the images; figures claim none if empty."""
    contact: str = ""
    """Address (mailto: or https:) for questions."""
    keep_files: tuple[str, ...] = (".git", ".svn", "CNAME")
    """Names in the output folder that a build never touches; what a site names comes on top of these."""
    rules: dict[str, str] = {}
    """Level of rules by name, where a site wants another one than ours: ``off``, ``warning`` or ``error``."""
    known_organisms: tuple[str, ...] = ()
    """Latin names that ``check`` takes as known, beside those of its list and of ``_organisms/``."""


MOST = 999_999_999
"""What a number may be."""
_MAIL = re.compile(r"mailto:[^@\s<>\"`\\]+@[^@\s?<>\"`\\]+\.[^@\s?<>\"`\\]+(?:\?[^\s<>\"`\\]*)?", re.IGNORECASE)

_Faults = list[tuple[tuple[str | int, ...], str]]
"""What is wrong with a setting: where in its value, and in words."""

_TYPES: dict[str, str] = {
    f.name: f.type.__name__ if f.type in {str, int} else "rules" if f.name == "rules" else "list"
    for f in msgspec.structs.fields(Settings)
}


def _url_fault(value: str, *, need_slashless_query: bool = False) -> str:
    """Why a text is not a web address, or an empty string."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return "expected an address such as https://example.org/"
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\"'`\\]", value):
        return "expected an address such as https://example.org/"
    if need_slashless_query and (parts.query or parts.fragment):
        return "expected an address without ? and #"
    return ""


def url_fault(value: str) -> str:
    """Why a text cannot be the address of a site, or an empty string if it can."""
    if fault := _url_fault(value, need_slashless_query=True):
        return fault
    steps = urlsplit(value).path.rstrip("/").split("/")[1:]
    # Links begin with the path: one that begins with // leads to another host, and browsers resolve dots.
    if any(unquote(step) in {"", ".", ".."} for step in steps):
        return "expected a path without //, . and .."
    return ""


def _template_fault(value: str, fields: frozenset[str]) -> str:
    """Why an address template cannot be used, or an empty string if it can."""
    found = re.findall(r"\{([^{}]*)\}", value)
    unknown = sorted(set(found) - fields)
    if unknown:
        return f"expected only the fields {', '.join(sorted(fields))}, not {{{unknown[0]}}}"
    if re.sub(r"\{[^{}]*\}", "", value).count("{") or "}" in re.sub(r"\{[^{}]*\}", "", value):
        return "expected every { to be closed"
    if not found:
        return f"expected a field such as {{{min(fields)}}}, as otherwise all would lead to one address"
    return _url_fault(re.sub(r"\{[^{}]*\}", "x", value))


def _check(name: str, value: Any) -> tuple[Any, _Faults]:
    """The value of a setting in its type, and what is wrong with it."""
    kind = _TYPES[name]
    if kind == "rules":
        return _rules(value)
    if kind == "list":
        return _list(name, [value] if isinstance(value, str) else value)
    if value is None:
        value = ""
    if not isinstance(value, str):
        found = "a mapping" if isinstance(value, dict) else "a list"
        return None, [((), f"found {found} in '{name}', expected {'a number' if kind == 'int' else 'text'}")]
    value = one_line(value) if name == "default_organism" else value.strip()
    fault, least = "", 0 if name == "listing_limit" else 1
    if kind != "int":
        fault = _control_fault(value) or _text_fault(name, value)
    elif not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < least:
        fault = f"expected a whole number from {least} to {MOST:,}"
    if fault:
        told = f"'{short(value)}'" if value else "nothing"
        return None, [((), f"found {told} in '{name}', {fault}")]
    return int(value) if kind == "int" else value, []


def _control_fault(*texts: str) -> str:
    """Which character texts hold that no page can, or an empty string."""
    found = CONTROL.search("\n".join(texts))
    return f"expected text without the character U+{ord(found[0]):04X}" if found else ""


def _item_fault(name: str, item: str) -> str:
    """What is wrong with an item of a setting that is a list, or an empty string."""
    if name == "redirects" and item not in REDIRECT_KINDS:
        return f"expected some of {', '.join(REDIRECT_KINDS)}"
    if name == "image_hosts" and not _HOST.fullmatch(item):
        return "expected host names such as cdn.example.org"
    if name == "keep_files" and (not item.strip(".") or "/" in item or _OWN.fullmatch(fold(item))):
        return "expected names at the top of the output folder that no build writes"
    if name == "keep_files" and re.search(r"[*?[]", item):
        return "expected whole names, no patterns"
    return _control_fault(item)


def _list(name: str, items: Any) -> tuple[Any, _Faults]:
    """A setting that is a list, and what is wrong with each of its items."""
    if not isinstance(items, list) or not all(isinstance(i, str) for i in items):
        return None, [((), f"found '{name}', expected a list of text")]
    if name != "keep_files":  # names of files, in which each blank counts
        items = list(map(one_line, items))
    found = [(i, _item_fault(name, item)) for i, item in enumerate(items)]
    faults: _Faults = [((i,), f"found '{short(items[i])}' in '{name}', {fault}") for i, fault in found if fault]
    if faults:
        return None, faults
    if name == "keep_files":  # whatever a site adds, its repository must survive a build
        items = [*Settings().keep_files, *items]
    return tuple(dict.fromkeys(items)), []


def _rule_fault(key: str, level: Any) -> str:
    """What is wrong with the level of a rule, or an empty string."""
    rule = find_rule(key)
    if rule is None:
        close = difflib.get_close_matches(key, RULES, 1)
        return f"found the rule '{key}'" + (f", did you mean '{close[0]}'?" if close else ", which is not one")
    if level not in LEVELS:
        return f"found '{short(str(level))}' for the rule '{key}', expected {', '.join(LEVELS)}"
    if rule.level == "error" and level != "error":
        return f"found '{level}' for the rule '{key}', which cannot be lowered: no site can be made where it is broken"
    return ""


def _rules(value: Any) -> tuple[dict[str, str], _Faults]:
    """Levels of rules by name, and what is wrong with each."""
    if value is not None and not isinstance(value, dict):
        return {}, [((), "found 'rules', expected lines such as 'FP106: off'")]
    given: dict[str, Any] = value or {}
    faults: _Faults = [((key,), fault) for key, level in given.items() if (fault := _rule_fault(key, level))]
    first: dict[str, str] = {}
    for key, rule in ((key, rule) for key in given if (rule := find_rule(key))):
        if first.setdefault(rule.name, key) != key:
            faults.append(((key,), f"found the rule '{key}', which stands there as '{first[rule.name]}' already"))
    return {rule.name: level for key, level in given.items() if (rule := find_rule(key))}, faults


def _text_fault(name: str, value: str) -> str:
    """What is wrong with a setting that is text."""
    if name == "url":
        return url_fault(value)
    if name in _TEMPLATES:
        return _template_fault(value, _TEMPLATES[name]) if value or name != "edit_url" else ""
    if name in {"license_url", "publisher_url"}:
        return _url_fault(value) if value else ""
    if name == "image_license" and value and not license_address(value) and not web_address(value):
        return "expected the name of a licence of Creative Commons, such as CC BY 4.0, or the address of another"
    if (
        name == "contact"
        and value
        and (not _MAIL.fullmatch(value) if value.startswith("mailto:") else _url_fault(value))
    ):
        return "expected an address such as mailto:me@example.org or https://example.org/"
    if name == "language" and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        return "expected a language tag such as en or pt-BR"
    if name in {"title", "default_organism", "figure_kind"} and value.strip() in ABSENT:
        return "expected text"
    return ""


def _findings(data: dict[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """Checked values and what is wrong with the others."""
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for name, value in data.items():
        if name not in _TYPES:
            close = difflib.get_close_matches(str(name), _TYPES, 1)
            hint = f", did you mean '{close[0]}'?" if close else f", expected one of {', '.join(_TYPES)}"
            findings.append(Finding((str(name),), "error", "setting-unknown", f"found the setting '{name}'{hint}"))
            continue
        checked, faults = _check(name, value)
        if not faults:
            values[name] = checked
        findings += [Finding((name, *where), "error", "setting-invalid", message) for where, message in faults]
    return values, findings


MOST_BYTES = 1_000_000


def _of_key(finding: Finding) -> bool:
    """Whether a finding is of a key, not of its value: of what there is not, or what stands twice."""
    return finding.rule == "setting-unknown" or finding.message.startswith("found the rule ")


def _load(path: Path, shown: str) -> tuple[dict[str, Any], str, list[Problem]]:
    """The mapping of a YAML file, its text, and what is wrong with it."""
    try:
        if not path.is_file() and not path.is_dir():  # which would not end, as a pipe
            return {}, "", [Problem(shown, 1, 1, "error", "unreadable", "cannot read it: it is no file")]
        if (size := path.stat().st_size) > MOST_BYTES:
            message = f"found {size:,} bytes of settings, expected at most {MOST_BYTES:,}"
            return {}, "", [Problem(shown, 1, 1, "error", "too-large", message)]
        text = decode(path.read_bytes())
        data = load(text) or {}
    except YamlError as error:
        return {}, "", [Problem(shown, error.line, error.column, "error", "yaml", str(error))]
    except OSError as error:
        return {}, "", [Problem(shown, 1, 1, "error", "unreadable", f"cannot read it: {error.strerror}")]
    if not isinstance(data, dict):
        message = "found no mapping, expected 'setting: value' lines"
        return {}, "", [Problem(shown, 1, 1, "error", "setting-invalid", message)]
    return data, text, []


def _license(values: dict[str, Any], *, given: bool) -> list[Finding]:
    """Complete the licence of a site by the address that its name stands for; what is wrong with it.

    Args:
        values: settings that can be used.
        given: whether the address of the licence is among them.
    """
    name = values.get("license", Settings().license)
    known = license_address(name)
    if given:
        url = values.get("license_url", "")
        there, expected = url.partition("://")[2].removeprefix("www."), known.partition("://")[2]
        if not known or not there.startswith("creativecommons.org/") or there.startswith(expected.rstrip("/")):
            return []
        message = f"found '{short(url)}' as the address of the licence '{short(name)}', expected {known}"
        return [Finding(("license_url",), "warning", "license-address", f"{message}, or none, which means that one")]
    if "license" not in values:
        return []
    values["license_url"] = known  # the usual address is that of the usual licence
    if known or not name:
        return []
    message = f"found the licence '{short(name)}' without 'license_url', expected its address"
    told = f"{message}; pages name no licence (license_url: '' says that there is none)"
    return [Finding(("license",), "warning", "license-address", told)]


class Given(NamedTuple):
    """Settings that a file gives."""

    settings: Settings
    problems: list[Problem]
    licensed: bool = False
    """Whether it names the licence of the data, so that it is no guess."""


def read_settings(path: Path | None, shown: str, url: str | None) -> Given:
    """The settings of a site and what is wrong with its ``site.yml``.

    Args:
        path: the file, or None for a bare folder of records.
        shown: how messages name the file.
        url: overrides the site's address.
    """
    override: dict[str, Any] = {"url": url} if url else {}
    if path is None:
        return Given(Settings(**override), [])
    data, text, problems = _load(path, shown)
    if problems:
        return Given(Settings(), problems)
    values, findings = _findings(data)
    findings += _license(values, given="license_url" in data)
    places = [locate_key(text, *map(str, f.where)) if _of_key(f) else locate(text, f.where) for f in findings]
    problems = [Problem(shown, *at, f.severity, f.rule, f.message) for at, f in zip(places, findings, strict=True)]
    return Given(Settings(**(values | override)), problems, "license" in data)


def kept_pages(path: Path, shown: str, keep: Collection[str], pages: Collection[str]) -> list[Problem]:
    """What is wrong with names that no build is to touch, since text pages of the site have them.

    Args:
        path: ``site.yml``.
        shown: how messages name it.
        keep: the names.
        pages: names of text pages.
    """
    found = [f"{page}.html" for page in sorted(pages) if f"{page}.html" in keep]
    if not found:
        return []
    _, text, _ = _load(path, shown)
    message = "found '{}' in 'keep_files', expected no name of a page that this site has"
    return [
        Problem(shown, *locate(text, ("keep_files", name)), "error", "setting-invalid", message.format(name))
        for name in found
    ]


def read_config(path: Path, shown: str, url: str | None) -> Given:
    """The settings that Jekyll's ``_config.yml`` gives: title, description, and the address with its ``baseurl``.

    Its other keys are another program's; a value of these that cannot be used is left out with a warning.

    Args:
        path: the file.
        shown: how messages name the file.
        url: overrides the site's address.
    """
    data, text, problems = _load(path, shown)
    found = {key: data.get(key) for key in ("title", "description", "url")}
    base = data.get("baseurl")
    if isinstance(found["url"], str) and isinstance(base, str):
        found["url"] = found["url"].rstrip("/") + "/" + base.strip("/")
    values, findings = _findings({key: value for key, value in found.items() if value is not None and value != ""})
    if base is not None and not isinstance(base, str):
        findings.append(Finding(("baseurl",), "warning", "setting-invalid", "found 'baseurl', expected text"))
    problems += [
        Problem(shown, *locate(text, f.where), "warning", f.rule, f"{f.message}; it is left out") for f in findings
    ]
    return Given(Settings(**(values | ({"url": url} if url else {}))), problems)
