"""The documentation describes the program as it is: options, settings, rules, targets, messages, links."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
import pytest

from builder.cli import main
from builder.problems import text_line
from builder.read import settings as settings_module
from builder.read.bucket import MAX_BYTES, read_text
from builder.read.record import FIELDS, GENE_KEYS, LISTS, MENTION_KEYS, OTHER_KEYS
from builder.read.settings import REDIRECT_KINDS, Settings
from builder.read.texts import ABSENT
from builder.render.lexicons import LEXICONS
from builder.rules import RULES, label
from tests.site.building import in_process, record, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
RECORDS = ROOT / "docs/records.md"
DEVELOPING = ROOT / "docs/developing.md"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

MESSAGE = re.compile(r"\S.*:\d+:\d+: (error|warning): .* \[(FP\d+ [a-z-]+)\]")
RULE_ARGUMENT = {"_Reading": 0, "tell": 3, "Problem": 4, "Finding": 2, "Clash": 3, "error": 1, "warn": 1, "Note": 0}
"""Which argument of a call names the rule."""


def text_of(path: Path) -> str:
    """Return the text of a page of the documentation."""
    return path.read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    """Return the commands of figpages by name."""
    assert isinstance(main, click.Group)
    return dict(main.commands)


def options(command: click.Command) -> set[str]:
    """Return the long options of a command."""
    return {o for p in command.params for o in p.opts if o.startswith("--")}


def targets() -> dict[str, bool]:
    """Return the targets of the Makefile, and whether ``make help`` lists each."""
    found = re.findall(r"^([a-z][a-z-]*):(.*)$", text_of(ROOT / "Makefile"), re.MULTILINE)
    return {name: "## " in rest for name, rest in found}


def rules() -> set[str]:
    """Return the rules of all problems, as the program's source names them."""
    found = set()
    for path in (ROOT / "builder").rglob("*.py"):
        for node in ast.walk(ast.parse(text_of(path))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = RULE_ARGUMENT.get(name)
            if place is not None and len(node.args) > place:
                rule = node.args[place]
                if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
                    found.add(rule.value)
    return found


def table(path: Path, heading: str) -> dict[str, list[str]]:
    """Return the rows of the first table below a heading, by the names in their first cell."""
    below = text_of(path).partition(f"\n{heading}\n")[2]
    rows: dict[str, list[str]] = {}
    for line in below[below.index("| ---") :].splitlines()[1:]:
        if not line.startswith("|"):
            break
        cells = [c.strip() for c in line.strip("|").split(" | ")]
        rows.update(dict.fromkeys(re.findall(r"`([^`]+)`", cells[0]), cells))
    return rows


def shell_lines(path: Path) -> Iterator[str]:
    """Yield the commands in the indented blocks of a page."""
    for line in text_of(path).splitlines():
        if re.match(r"    (make|\.venv/bin/figpages)\b", line):
            yield re.split(r"\s{2,}", line.strip())[0]


def prose(path: Path) -> str:
    """Return the text of a page without its code blocks."""
    return re.sub(r"^(```|~~~).*?^\1", "", text_of(path), flags=re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ +(.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


def test_every_option_is_described() -> None:
    """The README's table names every option of every command, the commands that have it, and no other."""
    rows = table(README, "## Command line")
    described = {re.split(r"[ =]", name)[0]: cells[1] for name, cells in rows.items() if name.startswith("--")}
    own = {name: options(c) for name, c in commands().items()}
    assert described.keys() == set().union(*own.values())
    for option, of in described.items():
        have = {name for name, known in own.items() if option in known}
        assert have == (set(own) if of == "all" else set(of.split(", "))), option


def test_defaults_of_options_are_stated() -> None:
    """The default of an option stands in its row of the README."""
    rows = {re.split(r"[ =]", name)[0]: cells[-1] for name, cells in table(README, "## Command line").items()}
    for command in commands().values():
        for option in command.params:
            if isinstance(option, click.Option) and option.show_default and not option.is_flag:
                assert f"`{option.default}`" in rows[option.opts[0]], option.name


def shown_default(value: Any) -> str:
    """Return a default as the README writes it; empty where it is said in words."""
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else str(value or "")


def test_every_setting_is_described() -> None:
    """The README's table names every setting of site.yml with its default, and no other."""
    rows = table(README, "## Settings")
    settings = {f.name: getattr(Settings(), f.name) for f in msgspec.structs.fields(Settings)}
    assert rows.keys() == settings.keys()
    for name, value in settings.items():
        default = rows[name][1]
        assert default == f"`{shown_default(value)}`" if shown_default(value) else "`" not in default, name
    assert all(f"`{kind}`" in rows["redirects"][2] for kind in REDIRECT_KINDS)


def test_every_target_is_described() -> None:
    """Every target that ``make help`` lists is in the README or in docs/developing.md."""
    described = text_of(README) + text_of(DEVELOPING)
    missing = [t for t, listed in targets().items() if listed and not re.search(rf"\bmake {t}\b", described)]
    assert missing == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_commands_of_the_docs_exist(path: Path) -> None:
    """Each make target and each figpages command that a page tells to type exists, with its options."""
    for line in shell_lines(path):
        words = shlex.split(line)
        if words[0] == "make":
            assert words[1] in targets(), line
            extra = next((w for w in words if w.startswith("ARGS=")), "").removeprefix("ARGS=")
            words = [words[1], *shlex.split(extra)]
        else:
            words = words[1:]
        if words[0] in commands():
            used = {w.split("=")[0] for w in words if w.startswith("--")}
            assert used <= options(commands()[words[0]]), line


def test_every_field_is_described() -> None:
    """docs/records.md names every field of a record, every key of a mention, every lexicon, and what means absent."""
    text = text_of(RECORDS)
    names = [*FIELDS, *LISTS, *OTHER_KEYS, *GENE_KEYS, *MENTION_KEYS, *LEXICONS, *(a for a in ABSENT if a)]
    assert [n for n in names if f"`{n}`" not in text] == []


def test_every_rule_is_described() -> None:
    """docs/records.md has an entry for every rule of a problem, with its level and an example, and for no other."""
    entry = re.compile(r"^`(FP\d+ [a-z-]+)` \((error|warning|off)\)\n\n((?:    .+\n)+)", re.MULTILINE)
    entries = entry.findall(text_of(RECORDS))
    assert sorted(rule for rule, _, _ in entries) == sorted(label(rule) for rule in rules())
    levels = {label(name): rule.level for name, rule in RULES.items()}
    for rule, level, examples in entries:
        assert level == levels[rule], rule
        severity = "warning" if level == "off" else level  # as a site would raise it
        for line in examples.splitlines():
            found = MESSAGE.fullmatch(line.strip())
            assert found, line
            assert found.groups() == (severity, rule)


def test_the_table_of_rules_is_that_of_the_program() -> None:
    """docs/records.md lists each rule with name, level, who tells it, whether it is mended, and what it asks for."""
    rows = table(RECORDS, "### Rules and levels")
    listed = {
        rule.id: [
            f"`{rule.id}`", f"`{name}`", rule.level, "check" if rule.curators else "build, check",
            "yes" if rule.mended else "", rule.summary,
        ]
        for name, rule in RULES.items()
    }  # fmt: skip
    assert rows == listed


def rare_messages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the messages of faults that the folders in tests/faults do not hold."""
    source = write_site(folder, {}, "title: x\n")
    (source / "figures/PMC1__b.md").mkdir()
    data = record("PMC1__c").encode()
    (source / "figures/PMC1__c.md").write_bytes(data + b"x" * (MAX_BYTES + 1 - len(data)))

    def refused(_: bytes) -> str:
        raise PermissionError(13, "Permission denied")  # as root every file can be read

    monkeypatch.setattr(settings_module, "decode", refused)
    ran = in_process("check", "--source", source, "--jobs", "1", "--cache", folder / "cache")
    empty = write_site(folder / "empty", {})
    none = in_process("check", "--source", empty, "--jobs", "1", "--cache", folder / "cache")
    lines = ran.out.splitlines() + none.out.splitlines()
    return {line.replace(f"{empty}/", "").replace(f"{source}/", "") for line in lines}


def test_messages_are_those_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message that docs/records.md shows comes out of the program, word for word."""
    shown = {line.strip() for line in text_of(RECORDS).splitlines() if MESSAGE.fullmatch(line.strip())}
    known = {m for p in (ROOT / "tests/faults").glob("*/*/expected.txt") for m in text_of(p).splitlines()}
    known = {re.sub(r"\[([a-z-]+)\]$", lambda rule: f"[{label(rule[1])}]", m) for m in known}
    assert sorted(shown - known - rare_messages(tmp_path, monkeypatch)) == []


def test_the_readme_record_is_good() -> None:
    """The record that the README explains is read without a problem."""
    block = re.search(r"```yaml\n(---\n.*?)```", text_of(README), re.DOTALL)
    assert block
    figid = re.search(r"figid: (\S+)", block[1])
    assert figid
    figure, problems = read_text(block[1], f"{figid[1]}.md")
    assert [text_line(p) for p in problems] == []
    assert figure is not None
    assert figure.genes[0].symbol == "ERBB2"
    assert figure.more == {}
    assert (ROOT / f"site_src/figures/{figid[1]}.md").is_file()


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_links_between_pages_resolve(path: Path) -> None:
    """Each relative link of a page leads to a file of the project, and to a heading if it names one."""
    text = prose(path)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'\b(?:src|href)="([^"]+)"', text)
    for link in (x for x in links if not x.startswith(("https:", "http:", "mailto:"))):
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_files_named_in_the_docs_exist(path: Path) -> None:
    """Each file or folder of the program that a page names is there."""
    named = re.findall(r"`((?:builder|templates|static|tests|tools|benchmarks|docs|site_src)/[\w./-]*)`", text_of(path))
    made = {"static/dist/"}  # by the build, not by us
    assert [n for n in named if n not in made and not (ROOT / n).exists()] == []


def test_every_module_has_a_place_in_the_overview() -> None:
    """docs/developing.md names every folder and every top module of the program."""
    text = text_of(DEVELOPING)
    parts = [p for p in (ROOT / "builder").iterdir() if not p.name.startswith(("_", "."))]
    names = [f"builder/{p.name}/" if p.is_dir() else f"builder/{p.name}" for p in parts]
    assert [n for n in names if n not in text] == []


def test_decisions_are_numbered_and_whole() -> None:
    """Decision records are numbered without a gap, and each says context, decision and consequences."""
    paths = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(p.name[:4]) for p in paths] == list(range(1, len(paths) + 1))
    for path in paths:
        text = text_of(path)
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences")), path.name


def test_benchmarks_have_a_place_for_the_table() -> None:
    """docs/benchmarks.md holds each mark once, in order, so that ``make bench`` can put its table there."""
    text = text_of(ROOT / "docs/benchmarks.md")
    assert re.findall(r"<!-- benchmarks: (\w+) -->", text) == ["begin", "end"]
