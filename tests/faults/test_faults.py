"""Every fault of an input is told with its place, all in one run, and nothing is published over a site that was good.

Each folder in ``cases/`` is a source with one fault, named after it; its ``expected.txt`` holds the messages.
Faults that git cannot keep (pipes, bytes that are no text) are made here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder.rules import label
from tests.site.building import COMMAND, build, figpages, in_process, record, tree, write_site
from tests.support.installed import not_there
from tests.support.links import check_site

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parent / "cases"
NAMES = sorted(p.name for p in CASES.iterdir())
GOOD = record("PMC9__good", pmcid="PMC9")


def expected(name: str) -> list[str]:
    """Return the messages of a case, as they are seen from a source folder named ``source``."""
    text = (CASES / name / "expected.txt").read_text(encoding="utf-8")
    text = re.sub(r"\[([a-z-]+)\]$", lambda rule: f"[{label(rule[1])}]", text, flags=re.MULTILINE)
    return [
        re.sub(
            r"(^| of |which )((?:_?figures|pages|images|_data|_organisms)[/:]|site\.ya?ml:|_config\.yml:)",
            r"\1source/\2",
            line,
        )
        for line in text.splitlines()
    ]


def told(text: str) -> list[str]:
    """Return the lines that a check printed, but for those on titles and captions, which records of the cases lack."""
    return [line for line in text.splitlines() if not line.endswith(("[FP101 title-short]", "[FP102 caption-short]"))]


ERRORS = [n for n in NAMES if any(": error: " in line for line in expected(n))]
FATAL = [
    n
    for n in ERRORS
    if any(re.match(r"source/(site\.ya?ml|_config\.yml|pages/).*: error: |.*\[FP041 ", line) for line in expected(n))
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a fresh folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def take(name: str, here: Path) -> None:
    """Copy a case to ``source``, with what a site had published before in ``out``."""
    shutil.copytree(CASES / name, here / "source")
    (here / "out").mkdir()
    (here / "out/.figpages").write_text("", encoding="utf-8")
    (here / "out/index.html").write_text("published before", encoding="utf-8")


BEFORE = {".figpages": b"", "index.html": b"published before"}


@pytest.mark.parametrize("name", NAMES)
def test_check_tells_exactly_this(name: str, here: Path) -> None:
    """The command ``check`` prints each message with path, line and column, and exits 1 if there is an error."""
    take(name, here)
    ran = in_process("check", "--source", "source", "--jobs", "1")
    assert told(ran.out) == expected(name)
    assert ran.code == (1 if name in ERRORS else 0)
    assert sorted(p.name for p in here.iterdir()) == [".cache", "out", "source"]


@pytest.mark.parametrize("name", NAMES)
def test_build_with_errors_writes_nothing(name: str, here: Path) -> None:
    """A build tells the same; with an error it leaves the published site as it was, with warnings it publishes."""
    take(name, here)
    ran = build("source", "out", "cache")
    assert ran.err.splitlines() == expected(name)
    if name in ERRORS:
        assert ran.code == 1
        assert ran.out.startswith("Nothing was written: ")
        assert tree(here / "out") == BEFORE
    else:
        assert ran.code == 0
        assert "files: " in ran.out
        assert (here / "out/figures/PMC1__a.html").exists()
    assert not (here / "pwned").exists()


@pytest.mark.parametrize("name", ERRORS)
def test_keep_going_leaves_the_bad_out(name: str, here: Path) -> None:
    """With --keep-going the good records are published, the bad ones are not, and the exit code stays 1."""
    take(name, here)
    folder = next(p for p in (here / "source/figures", here / "source/_figures") if p.is_dir())
    (folder / "PMC9__good.md").write_text(GOOD, encoding="utf-8")
    ran = build("source", "out", "cache", "--keep-going")
    assert ran.code == 1
    assert set(expected(name)) <= set(ran.err.splitlines())
    if name in FATAL:
        assert tree(here / "out") == BEFORE
        return
    bad = {
        re.sub(r"-(genes|chemicals|diseases)$", "", Path(line.split(":")[0]).stem)
        for line in expected(name)
        if ": error: " in line
    }
    published = {p.stem for p in (here / "out/figures").glob("*.html")}
    assert "PMC9__good" in published
    assert not bad & published
    assert not [m for m in check_site(here / "out") if "empty" not in m]


@pytest.mark.parametrize("name", FATAL)
def test_keep_going_and_strict_respect_settings(name: str, here: Path) -> None:
    """A site whose settings or text pages are wrong is not published, whatever other options say."""
    take(name, here)
    ran = build("source", "out", "cache", "--keep-going", "--strict")
    assert ran.code == 1
    assert tree(here / "out") == BEFORE


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ERRORS])
def test_strict_makes_errors_of_warnings(name: str, here: Path) -> None:
    """With --strict every warning is an error, and nothing is written."""
    take(name, here)
    for ran in (build("source", "out", "cache", "--strict"), in_process("check", "--source", "source", "--strict")):
        assert ran.code == 1
        lines = told(ran.err or ran.out)
        assert lines == [line.replace(": warning: ", ": error: ") for line in expected(name)]
    assert tree(here / "out") == BEFORE


def test_strict_and_keep_going_publish_what_is_good(here: Path) -> None:
    """With both, records with warnings are published and the exit code tells of them."""
    take("gene-without-symbol", here)
    ran = build("source", "out", "cache", "--strict", "--keep-going")
    assert ran.code == 1
    assert (here / "out/figures/PMC1__a.html").exists()


def latin_1(path: Path) -> None:
    """A record saved as Latin-1."""
    path.write_bytes(record("PMC1__a", caption=None).encode().replace(b"A paper", "Ein Prüfstück".encode("latin-1")))


def utf_16(path: Path) -> None:
    """A record saved as UTF-16."""
    path.write_bytes(record("PMC1__a").encode("utf-16"))


def nul(path: Path) -> None:
    """A record with a NUL in its front matter."""
    path.write_bytes(record("PMC1__a", caption=None).encode().replace(b"A paper", b"A \0 paper"))


def folder(path: Path) -> None:
    """A folder with the name of a record."""
    path.mkdir()


def pipe(path: Path) -> None:
    """A pipe, at which a reader would wait for ever."""
    os.mkfifo(path)


def socket_file(path: Path) -> None:
    """A socket."""
    server = socket.socket(socket.AF_UNIX)
    with server:
        server.bind(str(path.relative_to(Path.cwd())))


def link_out(path: Path) -> None:
    """A link to a file outside the source."""
    target = path.parents[2] / "secret.md"
    target.write_text(record("PMC1__a"), encoding="utf-8")
    path.symlink_to(target)


def link_nowhere(path: Path) -> None:
    """A link to nothing."""
    path.symlink_to("nothing.md")


def link_round(path: Path) -> None:
    """A link to itself."""
    path.symlink_to(path.name)


def huge(path: Path) -> None:
    """A record of more bytes than a record can have."""
    path.write_bytes(record("PMC1__a").encode() + b"x" * (16 * 1024 * 1024))


def explosion(path: Path) -> None:
    """Aliases that unfold to a billion values."""
    rows = "\n".join(f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * 10)}]" for i in range(1, 10))
    path.write_text(f"---\nfigid: PMC1__a\npmcid: PMC1\nb0: &b0 [x, y]\n{rows}\n---\n", encoding="utf-8")


def circle(path: Path) -> None:
    """A value that holds itself."""
    path.write_text("---\nfigid: PMC1__a\npmcid: PMC1\nmore: &m [*m]\n---\n", encoding="utf-8")


MADE: dict[Callable[[Path], None], str] = {
    latin_1: r"5:19: error: found the byte 0xFC, which is not UTF-8, expected text saved as UTF-8 [FP001 front-matter]",
    utf_16: r"1:1: error: found the byte 0xFF, which is not UTF-8, expected text saved as UTF-8 [FP001 front-matter]",
    nul: r"5:15: error: found the character U+0000, which YAML does not allow [FP001 front-matter]",
    folder: r"1:1: error: found a folder, expected a file [FP017 not-a-file]",
    pipe: r"1:1: error: found a pipe, expected a file [FP017 not-a-file]",
    socket_file: r"1:1: error: found a socket, expected a file [FP017 not-a-file]",
    link_out: r"1:1: error: found a link that leaves the folder of these files, expected a file [FP017 not-a-file]",
    link_nowhere: r"1:1: error: cannot read it: No such file or directory [FP017 not-a-file]",
    link_round: r"1:1: error: cannot read it: Too many levels of symbolic links [FP017 not-a-file]",
    huge: r"1:1: error: found 16,777,416 bytes, expected at most 16,777,216 [FP019 too-large]",
    explosion: "13:5: error: found aliases that make 5,679,012,357 characters and values of the record, "
    "expected 16,777,216 at most [FP019 too-large]",
    circle: r"4:7: error: found more than 200,000 values or 40 levels [FP019 too-large]",
}


@pytest.mark.parametrize("make", MADE)
def test_file_that_is_no_record(make: Callable[[Path], None], here: Path) -> None:
    """What is no readable text file is told, read by nobody, and no hindrance to the rest."""
    write_site(here / "source", {"PMC9__good": GOOD})
    make(here / "source/figures/PMC1__a.md")
    ran = in_process("check", "--source", "source", "--jobs", "1")
    assert ran.out.splitlines() == [f"source/figures/PMC1__a.md:{MADE[make]}"]
    assert ran.code == 1
    assert build("source", "out", "cache", "--keep-going").code == 1
    assert {p.name for p in (here / "out/figures").iterdir()} == {"PMC9__good.html"}


def test_record_without_permission(here: Path) -> None:
    """A record that may not be read is told by its name."""
    source = write_site(here / "source", {"PMC9__good": GOOD, "PMC1__a": record("PMC1__a")})
    (source / "figures/PMC1__a.md").chmod(0)
    command = [*COMMAND, "check", "--source", "source"]
    if os.access(source / "figures/PMC1__a.md", os.R_OK):  # root may read every file, unless it gives that up
        if shutil.which("setpriv") is None:
            not_there("this user may read every file, and there is no setpriv (util-linux) to give that up")
        command = ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search", *command]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == [
        "source/figures/PMC1__a.md:1:1: error: cannot read it: Permission denied [FP018 unreadable]"
    ]
    assert (ran.returncode, ran.stderr) == (1, "")


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("site.yml", folder, "source/site.yml:1:1: error: found a folder, expected a file "),
        ("site.yml", latin_1, "source/site.yml:5:19: error: found the byte 0xFC, which is not UTF-8"),
        ("pages/about.md", latin_1, "source/pages/about.md:5:19: error: found the byte 0xFC"),
        ("pages/about.md", folder, "source/pages/about.md:1:1: error: found a folder"),
        ("images/a.png", folder, "source/images/a.png:1:1: error: found a folder"),
        ("images/a.png", pipe, "source/images/a.png:1:1: error: found a pipe"),
    ],
)
def test_other_inputs_that_cannot_be_read(name: str, make: Callable[[Path], None], message: str, here: Path) -> None:
    """Settings, pages and images that cannot be read are told in the same way."""
    source = write_site(here / "source", {"PMC9__good": GOOD})
    (source / name).parent.mkdir(exist_ok=True)
    make(source / name)
    ran = in_process("check", "--source", "source", "--jobs", "1")
    assert ran.code == 1
    assert ran.out.startswith(message)


def test_folder_among_images(here: Path) -> None:
    """A folder in images/ is told as a stray file is, and left out."""
    write_site(here / "source", {"PMC9__good": GOOD, "images/icons/a.png": "", "images/notes.txt": ""})
    ran = build("source", "out", "cache")
    assert ran.err.splitlines() == [
        "source/images/icons:1:1: warning: found a folder; it is left out [FP020 image-left-out]",
        "source/images/notes.txt:1:1: warning: found a file that is no image; it is left out [FP020 image-left-out]",
    ]
    assert ran.code == 0


def test_folders_within_folders(here: Path) -> None:
    """However deep folders stand in each other, a check tells where it stops and ends."""
    deep = write_site(here / "source", {"PMC9__good": GOOD}) / "figures" / "/".join("d" * 700)
    deep.mkdir(parents=True)
    ran = in_process("check", "--source", "source", "--jobs", "1")
    message = "1:1: error: found folders within folders, 64 deep, expected records nearer [FP017 not-a-file]"
    assert ran.out == f"source/figures/{'d/' * 64}d:{message}\n"


def test_link_inside_the_source_is_a_record(here: Path) -> None:
    """A link to another file of the source is read like a file."""
    source = write_site(here / "source", {"figures/sub/text.txt": record("PMC1__a")})
    (source / "figures/PMC1__a.md").symlink_to("sub/text.txt")
    assert build("source", "out", "cache").code == 0
    assert (here / "out/figures/PMC1__a.html").exists()


def test_name_that_is_no_utf_8(here: Path) -> None:
    """A file name of other bytes than UTF-8 is told in printable characters."""
    source = write_site(here / "source", {"PMC9__good": GOOD})
    try:
        Path(os.fsdecode(os.fsencode(source) + b"/figures/PMC1__\xff.md")).write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    ran = in_process("check", "--source", "source", "--jobs", "1")
    assert ran.out.splitlines() == [
        "source/figures/PMC1__\\udcff.md:1:1: error: found a file name that is not UTF-8 [FP017 not-a-file]"
    ]


def test_duplicate_that_has_a_twin_in_case(here: Path) -> None:
    """Of three records that claim one page, each message names another one, and none is published."""
    files = {f"figures/{n}/PMC1__a.md": record("PMC1__a") for n in ("one", "three", "two")}
    write_site(here / "source", {**files, "PMC9__good": GOOD})
    ran = build("source", "out", "cache", "--keep-going")
    assert [re.findall(r"figures/(\w+)/", line) for line in ran.err.splitlines()] == [
        ["one", "three"],
        ["three", "one"],
        ["two", "one"],
    ]
    assert {p.name for p in (here / "out/figures").iterdir()} == {"PMC9__good.html"}


def test_duplicate_in_another_unicode_form(here: Path) -> None:
    """Of two figids that differ only by the form of a letter, which some disks take for one name, none is published."""
    one, two = "PMC1__\u00e9", "PMC1__e\u0301"
    files = {f"figures/{folder}/{f}.md": record(f) for folder, f in (("one", one), ("two", two))}
    write_site(here / "source", {**files, "PMC9__good": GOOD})
    ran = build("source", "out", "cache", "--keep-going")
    told = (
        f"only the Unicode form of its letters tells it from {one} of source/figures/one/{one}.md [FP008 figid-twice]"
    )
    assert ran.err.splitlines()[1].endswith(told)
    assert {p.name for p in (here / "out/figures").iterdir()} == {"PMC9__good.html"}


def test_the_same_warning_many_times(here: Path) -> None:
    """Of a warning that comes often, five lines are shown, and how many more there are."""
    rows = [{"word": f"w{i}"} for i in range(24)]
    write_site(here / "source", {"PMC1__a": record("PMC1__a", genes=rows)})
    for ran in (build("source", "out", "cache"), in_process("check", "--source", "source")):
        lines = (ran.err or ran.out).splitlines()
        assert ran.code == 0
        assert len(lines) == 6
        assert all(line.startswith("source/figures/PMC1__a.md:1") for line in lines[:5])
        assert lines[5] == "... and 19 more warnings of the kind [FP014 gene-without-symbol], 24 in all"
    assert "24 warnings" in build("source", "out", "cache").out


def test_errors_are_all_shown(here: Path) -> None:
    """However many errors there are, each has its line."""
    write_site(here / "source", {f"PMC1__{i}": record(f"PMC1__{i}", pmcid=None) for i in range(40)})
    ran = build("source", "out", "cache")
    assert len(ran.err.splitlines()) == 40
    assert ran.out.startswith("Nothing was written: 40 errors, 0 warnings, ")


def test_check_as_json(here: Path) -> None:
    """For programs, the problems are JSON with path, line, column, severity, message and rule, none left out."""
    take("many", here)
    ran = in_process("check", "--source", "source", "--format", "json", "--jobs", "1")
    found = json.loads(ran.out)
    lines = [
        f"{p['path']}:{p['line']}:{p['column']}: {p['severity']}: {p['message']} [{p['id']} {p['rule']}]" for p in found
    ]
    assert lines == expected("many")
    assert ran.code == 1


def test_check_as_json_without_problems(here: Path) -> None:
    """A source without problems is an empty list, and exit code 0."""
    write_site(here / "source", {"PMC9__good": GOOD})
    ran = in_process("check", "--source", "source", "--format", "json")
    assert (json.loads(ran.out), ran.code) == ([], 0)


def test_check_as_sarif(here: Path) -> None:
    """For code scanning, the problems are a SARIF log, and the exit code is that of any check."""
    take("many", here)
    ran = in_process("check", "--source", "source", "--format", "sarif", "--jobs", "1")
    results = json.loads(ran.out)["runs"][0]["results"]
    assert len(results) == len(expected("many"))
    places = [r["locations"][0]["physicalLocation"] for r in results]
    assert {p["artifactLocation"]["uri"].split("/")[0] for p in places} == {"source"}
    assert ran.code == 1


@pytest.mark.parametrize("rule", ["FP014", "gene-without-symbol"])
def test_a_rule_is_silenced_or_raised(rule: str, here: Path) -> None:
    """A site may silence a rule or make it an error, in a check and in a build, and the other way round again."""
    take("gene-without-symbol", here)
    warned = expected("gene-without-symbol")
    raised = [line.replace("warning", "error") for line in warned]
    settings = here / "source/site.yml"
    for level, lines in (("off", []), ("error", raised), ("warning", warned)):
        settings.write_text(f"rules:\n  {rule}: {level}\n", encoding="utf-8")
        checked = in_process("check", "--source", "source", "--jobs", "1")
        built = build("source", "out", "cache")
        assert told(checked.out) == built.err.splitlines() == lines
        assert checked.code == built.code == (1 if level == "error" else 0)


def test_check_for_github(here: Path) -> None:
    """In a workflow, each problem is a command that GitHub shows beside its line, its text escaped."""
    text = record("PMC1__a", pmcid=None, genes=[{"word": "50%\nof: it, all"}])
    write_site(here / "source", {"figures/a,b/PMC1__a.md": text})
    ran = in_process("check", "--source", "source", "--format", "github")
    error, warning = ran.out.splitlines()
    file = "file=source/figures/a%2Cb/PMC1__a.md"
    message = "found no pmcid, expected 'pmcid: PMC...' or an identifier of yours for the paper"
    assert error == f"::error {file},line=1,col=1,title=FP009 pmcid-missing::{message}"
    assert warning.startswith(
        f"::warning {file},line=10,col=3,title=FP014 gene-without-symbol::found a gene mention '50%25"
    )
    assert warning.endswith("of: it, all' without hgnc_symbol; it is left out")


def test_messages_are_one_line_each(here: Path) -> None:
    """A line break in a value does not break a message, so that an editor can read them all."""
    text = record("PMC1__a", genes=[{"word": "one\ntwo"}], redirect_from="/a\nb")
    write_site(here / "source", {"PMC1__a": text})
    ran = in_process("check", "--source", "source")
    assert all(line.startswith("source/figures/PMC1__a.md:") for line in ran.out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "--source", "nowhere"], "nowhere is not a folder"),
        (["check", "--source", "nowhere"], "nowhere is not a folder"),
        (["build", "--source", "source", "--out", "source/site.yml/x"], "cannot"),
    ],
)
def test_what_cannot_be_done_at_all(arguments: list[str], message: str, here: Path) -> None:
    """A source that is not there, or an output that cannot be, is exit code 1 and one message."""
    write_site(here / "source", {"PMC9__good": GOOD}, "title: Test\n")
    ran = in_process(*arguments)
    assert ran.code == 1
    assert ran.err.startswith("Error: ")
    assert message in ran.err


@pytest.mark.parametrize(
    "arguments",
    [["build", "--nonsense"], ["nonsense"], ["build", "--jobs", "0"], ["check", "--format", "xml"], ["build", "--url",
     "example.org"],
     ["build", "--url", "https://example.org/?a=b"], ["build", "--source", "source/site.yml"]],
)  # fmt: skip
def test_wrong_usage(arguments: list[str], here: Path) -> None:
    """A wrong command line is exit code 2, and nothing is read or written."""
    write_site(here / "source", {"PMC9__good": GOOD}, "title: Test\n")
    ran = in_process(*arguments)
    assert ran.code == 2
    assert [p.name for p in here.iterdir()] == ["source"]


def test_command_in_a_process_of_its_own(here: Path) -> None:
    """In a pipe the command is quiet but for its summary, and its exit code is the result's."""
    write_site(here / "source", {"PMC9__good": GOOD})
    ran = figpages("build", "--source", "source", cwd=here)
    assert (ran.code, ran.err) == (0, "")
    summary = r"1 figure, 0 genes; files: \d+ written, 0 unchanged, 0 removed; 0 warnings, \d+\.\d seconds\n"
    assert re.fullmatch(r"Note: canonical links, .*\nNote: the data are .*\n" + summary, ran.out)
    assert (here / "_site/index.html").exists()
    assert (here / ".cache/figpages.sqlite").exists()


def test_empty_source_is_a_site(here: Path) -> None:
    """A site folder without records is published, with its pages and without broken links."""
    write_site(here / "source", {}, "title: Nothing yet\n")
    assert build("source", "out", "cache").code == 0
    assert check_site(here / "out") == []


@pytest.mark.parametrize("option", ["--source", "--out", "--cache"])
def test_folder_that_is_no_utf_8(option: str, here: Path) -> None:
    """A folder with a name of other bytes than UTF-8 is a mistake in the command line, told in printable characters."""
    write_site(here / "source", {"PMC9__good": GOOD})
    folders = {"--source": "source", "--out": "out", "--cache": "cache"} | {option: os.fsdecode(b"f\xff")}
    ran = in_process("build", *(text for pair in folders.items() for text in pair))
    assert ran.code == 2
    assert f"'{option}': found '{here}/f\\udcff', expected a path in UTF-8" in ran.err
