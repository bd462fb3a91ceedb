"""The settings of a site are checked, all at once, and have a default for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from builder.read.settings import Settings, read_settings, url_fault

if TYPE_CHECKING:
    from pathlib import Path


def read(tmp_path: Path, text: str, url: str | None = None) -> tuple[Settings, list[str]]:
    """Return the settings of a ``site.yml`` of this text, and what is wrong with it."""
    path = tmp_path / "site.yml"
    path.write_text(text, encoding="utf-8")
    settings, problems, _ = read_settings(path, "site.yml", url)
    return settings, [f"{p.line}:{p.column}: {p.message}" for p in problems]


def test_defaults() -> None:
    """Without a file, and with an empty one, everything has its default."""
    assert read_settings(None, "site.yml", None) == (Settings(), [], False)
    assert Settings().url.endswith("/")


@pytest.mark.parametrize("text", ["", "# nothing\n", "~\n", "\ufefftitle: Figures\n"])
def test_empty_file(tmp_path: Path, text: str) -> None:
    """A file that says nothing changes nothing."""
    assert read(tmp_path, text) == (Settings(), [])


VALUES: dict[str, tuple[str, Any]] = {
    "title": ("NO", "NO"),
    "tagline": ("''", ""),
    "description": ("text", "text"),
    "url": ("https://example.org/a/", "https://example.org/a/"),
    "language": ("pt-BR", "pt-BR"),
    "default_organism": ("Mus musculus", "Mus musculus"),
    "image_url": ("'https://x.org/{pmcid}/{filename}?y={year}'", "https://x.org/{pmcid}/{filename}?y={year}"),
    "image_license": ("CC BY 4.0", "CC BY 4.0"),
    "image_hosts": ("['*.example.org', 'cdn.example.org:8443']", ("*.example.org", "cdn.example.org:8443")),
    "article_url": ("'https://x.org/{pmcid}'", "https://x.org/{pmcid}"),
    "edit_url": ("'https://x.org/{file}'", "https://x.org/{file}"),
    "listing_page": ("20", 20),
    "listing_limit": ("0", 0),
    "feed_size": ("1", 1),
    "redirects": ("[html, nginx]", ("html", "nginx")),
    "license": ("", ""),
    "license_url": ("''", ""),
    "publisher": ("2020", "2020"),
    "publisher_url": ("http://x.org", "http://x.org"),
    "citation": ("text", "text"),
    "figure_kind": ("micrograph", "micrograph"),
    "measurement_technique": ("''", ""),
    "contact": ('"mailto:O\'Neil@x.org?subject=a%20b"', "mailto:O'Neil@x.org?subject=a%20b"),
    "keep_files": ("extra", (".git", ".svn", "CNAME", "extra")),
    "known_organisms": ("[Mus spretus, Mus caroli]", ("Mus spretus", "Mus caroli")),
    "rules": (
        "{FP012: off, fp106: error, Caption-Short: warning}",
        {"alias-collision": "off", "year-range": "error", "caption-short": "warning"},
    ),
}


@pytest.mark.parametrize("name", ["title", "default_organism", "figure_kind"])
@pytest.mark.parametrize("value", ["", "NA", ".na.character"])
def test_absent_text(tmp_path: Path, name: str, value: str) -> None:
    """What every page names cannot be "no value"."""
    (tmp_path / "site.yml").write_text(f"{name}: '{value}'\n", encoding="utf-8")
    _, problems, _ = read_settings(tmp_path / "site.yml", "site.yml", None)
    assert ["expected text" in p.message for p in problems] == [True]


@pytest.mark.parametrize("name", [f.name for f in msgspec.structs.fields(Settings)])
def test_every_setting_can_be_set(tmp_path: Path, name: str) -> None:
    """Each setting of the program can be given, and text stays text."""
    written, value = VALUES[name]
    settings, problems = read(tmp_path, f"{name}: {written}\n")
    assert problems == []
    assert getattr(settings, name) == value


def test_address_of_the_command_line_wins(tmp_path: Path) -> None:
    """The option --url overrides the file, also where the file has none."""
    assert read(tmp_path, "url: https://a.org/\ntitle: T\n", "https://b.org/x/")[0] == Settings(
        url="https://b.org/x/", title="T"
    )
    assert read_settings(None, "site.yml", "https://b.org/")[0].url == "https://b.org/"


RULES = "rules: {FP999: off, FP012: loud, FP106: off}\nkeep_files: [a/b, c, ..]\n"


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every wrong setting is told in one run, with its place, and the good ones are taken."""
    settings, problems = read(tmp_path, "titel: x\nlisting_page: 0\ntitle: Good\nredirects: iis\n" + RULES)
    assert settings.title == "Good"
    assert problems == [
        "1:1: found the setting 'titel', did you mean 'title'?",
        "2:15: found '0' in 'listing_page', expected a whole number from 1 to 999,999,999",
        "4:12: found 'iis' in 'redirects', expected some of html, netlify, nginx, apache",
        "5:9: found the rule 'FP999', which is not one",
        "5:28: found 'loud' for the rule 'FP012', expected off, warning, error",
        "6:14: found 'a/b' in 'keep_files', expected names at the top of the output folder that no build writes",
        "6:22: found '..' in 'keep_files', expected names at the top of the output folder that no build writes",
    ]


@pytest.mark.parametrize(
    "url",
    ["https://example.org", "http://localhost:8000/", "https://example.org/a/b/", "https://user@example.org/",
     "https://example.org//", "https://example.org/a//", "https://example.org/.a/b..c"],
)  # fmt: skip
def test_good_addresses(url: str) -> None:
    """Addresses with and without a path or a port are taken."""
    assert url_fault(url) == ""


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "/sub/", "ftp://example.org/", "https://", "https:///x", "https://exa mple.org/",
     'https://x.org/"', "https://x.org/?a",
     "https://x.org//a/", "https://x.org/a//b", "https://x.org/../x", "https://x.org/a/.", "https://x.org/%2E%2e/x",
     "https://x.org:99999/", "https://x.org:a/",
     "https://x.org/#a", "https://[::1", "javascript:alert(1)", "https://x.org/<b>", "https://x.org\\a"],
)  # fmt: skip
def test_bad_addresses(url: str) -> None:
    """What no site can be published at is refused."""
    assert url_fault(url)


@pytest.mark.parametrize(
    "template",
    [
        "https://x.org/{pmid}",
        "https://x.org/{",
        "https://x.org/}",
        "x.org/{pmcid}",
        "https://x.org/{pmcid",
        "https://x.org/{{pmcid}}",
    ],
)
def test_bad_templates(tmp_path: Path, template: str) -> None:
    """An address template with an unknown field, or a brace that is not closed, is refused."""
    assert read(tmp_path, f"article_url: '{template}'\n")[1]


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "1e3", "many", "''", "\u0663"])
def test_bad_numbers(tmp_path: Path, number: str) -> None:
    """A number is whole, not too small, and of the digits 0 to 9."""
    assert read(tmp_path, f"feed_size: {number}\n")[1]


@pytest.mark.parametrize("language", ["english please", "e", "en_GB", "en-", "<b>"])
def test_bad_languages(tmp_path: Path, language: str) -> None:
    """Only a language tag may stand in the pages' lang attribute."""
    assert read(tmp_path, f"language: '{language}'\n")[1]


@pytest.mark.parametrize("contact", ["javascript:alert(1)", "a@example.org", "mailto:a b@example.org"])
def test_bad_contacts(tmp_path: Path, contact: str) -> None:
    """A contact is an address that a browser may open safely."""
    expected = "expected an address such as mailto:me@example.org or https://example.org/"
    assert read(tmp_path, f"contact: '{contact}'\n")[1] == [f"1:10: found '{contact}' in 'contact', {expected}"]


@pytest.mark.parametrize(
    "name",
    ["figures", "Genes", "index.html", "about.html", "robots.txt", "sitemap-2.xml", ".figpages", "a/b", "../x", "..",
     "''"],
)  # fmt: skip
def test_files_that_cannot_be_kept(tmp_path: Path, name: str) -> None:
    """What builds write, or what is not at the top of the output folder, is refused, as it would be lost."""
    message = "expected names at the top of the output folder that no build writes"
    found = f"1:20: found '{name.strip(chr(39))}' in 'keep_files', {message}"
    assert read(tmp_path, f"keep_files: [mine, {name}]\n")[1] == [found]


@pytest.mark.parametrize("setting", ["title", "citation", "known_organisms", "keep_files"])
@pytest.mark.parametrize(("escape", "code"), [("\\0", "0000"), ("\\u202e", "202E")])
def test_characters_that_no_page_can_hold(tmp_path: Path, setting: str, escape: str, code: str) -> None:
    """Control characters, and those that turn the text behind them, are refused with their number."""
    place = f"1:{len(setting) + 3}"
    problem = f"{place}: found 'a\\u{code.lower()}b' in '{setting}', expected text without the character U+{code}"
    assert read(tmp_path, f'{setting}: "a{escape}b"\n')[1] == [problem]


@pytest.mark.parametrize(
    "host", ["https://cdn.example.org", "cdn.example.org/x", "*", "a;script-src *", "'self'", "a b", '"', ""]
)
def test_bad_image_hosts(tmp_path: Path, host: str) -> None:
    """Only the name of a host gets into the pages' content security policy."""
    assert read(tmp_path, f"image_hosts: ['{host.replace(chr(39), chr(39) * 2)}']\n")[1]


LOWERED = "which cannot be lowered: no site can be made where it is broken"


@pytest.mark.parametrize(
    ("written", "column", "message"),
    [
        ("off", 8, "found 'rules', expected lines such as 'FP106: off'"),
        ("{FP999: off}", 9, "found the rule 'FP999', which is not one"),
        ("{alias-colision: off}", 9, "found the rule 'alias-colision', did you mean 'alias-collision'?"),
        ("{FP106: off, year-range: error}", 21, "found the rule 'year-range', which stands there as 'FP106' already"),
        ("{FP012: no}", 16, "found 'no' for the rule 'FP012', expected off, warning, error"),
        (
            "{figid-twice: warning}",
            22,
            f"found 'warning' for the rule 'figid-twice', {LOWERED}",
        ),
    ],
)
def test_bad_levels_of_rules(tmp_path: Path, written: str, column: int, message: str) -> None:
    """Rules that are not known, levels that are none, and errors made less are refused."""
    assert read(tmp_path, f"rules: {written}\n")[1] == [f"1:{column}: {message}"]


ZERO, BY = "https://creativecommons.org/publicdomain/zero/1.0/", "https://creativecommons.org/licenses/by/4.0/"
NONE = "or none, which means that one"
NO_LICENCE = "expected its address; pages name no licence (license_url: '' says that there is none)"


@pytest.mark.parametrize(
    ("written", "address", "told"),
    [
        ("license: CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/", []),
        ("license: Ours", "", [f"1:10: found the licence 'Ours' without 'license_url', {NO_LICENCE}"]),
        ("license: ''", "", []),
        ("license: Ours\nlicense_url: ''", "", []),
        ("license: CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/", []),
        ("license: CC BY 4.0 International", "https://creativecommons.org/licenses/by/4.0/", []),
        ("license: Ours\nlicense_url: https://example.org/l", "https://example.org/l", []),
        ("title: T", "https://creativecommons.org/publicdomain/zero/1.0/", []),
        (
            f"license: CC BY 4.0\nlicense_url: {ZERO}",
            ZERO,
            [f"2:14: found '{ZERO}' as the address of the licence 'CC BY 4.0', expected {BY}, {NONE}"],
        ),
        (
            f"license_url: {BY}",
            BY,
            [f"1:14: found '{BY}' as the address of the licence 'CC0 1.0', expected {ZERO}, {NONE}"],
        ),
        (f"license: CC BY\nlicense_url: http://www.{BY[8:]}deed.en", f"http://www.{BY[8:]}deed.en", []),
        ("license: CC BY\nlicense_url: https://example.org/l", "https://example.org/l", []),
    ],
)
def test_address_of_a_licence_is_its_own(tmp_path: Path, written: str, address: str, told: list[str]) -> None:
    """A licence that is named without an address has that of its name, or none: never that of another licence."""
    settings, problems = read(tmp_path, written + "\n")
    assert (settings.license_url, problems) == (address, told)


@pytest.mark.parametrize(
    "written",
    ["contact: 'mailto:'", "contact: mailto:x", "contact: mailto:a@b", "url: https://:80/", "image_url: https://img.org/a.jpg",
     "edit_url: https://edit.org/", "image_license: ask us", "article_url: https://pmc.org/", "keep_files: ['*.html']",
     "listing_page: '1000000000'"],
)  # fmt: skip
def test_settings_that_cannot_work(tmp_path: Path, written: str) -> None:
    """What would be of no use, or make a site whose links are refused, is told at its line."""
    assert [p.partition(" found ")[0].partition(":")[0] for p in read(tmp_path, written + "\n")[1]] == ["1"]


@pytest.mark.parametrize(
    "contact", ["mailto:a.b@example.org", "mailto:a@example.org?subject=x%20y", "https://example.org/"]
)
def test_contacts(tmp_path: Path, contact: str) -> None:
    """Addresses of mail, also with a subject, and of the web can be contacts."""
    assert read(tmp_path, f"contact: {contact}\n")[1] == []
