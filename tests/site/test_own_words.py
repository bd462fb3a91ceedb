"""What a record says in its own structured data is what its page says, or is told to be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.site.building import build, record, write_site
from tests.support.google import check_google
from tests.support.jsonld import check_graph, extract

if TYPE_CHECKING:
    from pathlib import Path

OWN_LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"
BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
SITE = f"title: Figures\nlicense: CC0 1.0\nlicense_url: {OWN_LICENSE}\n"


def page(root: Path, schema: Any, **fields: Any) -> tuple[dict[str, Any], str]:
    """Return the Dataset of a figure with this ``schema-jsonld``, and its page, once both are found to be valid."""
    files = {"PMC1__a": record("PMC1__a", **{"schema-jsonld": schema}, **fields)}
    ran = build(write_site(root / "source", files, SITE), root / "out", root / "cache")
    assert (ran.code, ran.err) == (0, "")
    text = (root / "out/figures/PMC1__a.html").read_text(encoding="utf-8")
    (document,) = extract(text)
    assert check_graph(document) == []
    assert check_google(document) == []
    return document["@graph"][0], text


@pytest.mark.parametrize(
    ("said", "claimed"),
    [
        (None, OWN_LICENSE), ("NA", OWN_LICENSE), ("CC0", OWN_LICENSE), (BY_NC, BY_NC), ("cc by-nc", BY_NC),
        ("CC BY-NC-SA 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"), ({"@id": BY_NC}, BY_NC),
        (["CC0", BY_NC], [OWN_LICENSE, BY_NC]), ("free for teaching", None), (["CC0", "MIT"], None),
        ("CC BY 9.9", None), ("CC BY 3.5", None),
    ],
)  # fmt: skip
def test_licence(tmp_path: Path, said: Any, claimed: Any) -> None:
    """A page claims the licence that the record names, and none where that is not understood: never another one."""
    dataset, text = page(tmp_path, {"name": "x", "license": said})
    assert dataset.get("license") == claimed
    assert ("dct:conformsTo" in dataset) == (claimed is not None)  # the profile asks for a licence
    assert ("<dt>schema-jsonld license<dd>" in text) == (claimed is None)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (None, ["Figures"]), ({"name": "NA"}, ["Figures"]), ("WikiPathways", ["WikiPathways"]),
        ([{"@type": "Person", "name": "Ann"}, {"@type": "Person", "name": "Bob"}], ["Ann", "Bob"]),
        ({"@type": "Person", "@id": "https://orcid.org/1"}, ["https://orcid.org/1"]), ([], ["Figures"]),
    ],
)  # fmt: skip
def test_creators(tmp_path: Path, said: Any, names: list[str]) -> None:
    """All creators that the record names are named; the site stands in where it names none."""
    dataset, _ = page(tmp_path, {"creator": said})
    found = dataset["creator"] if isinstance(dataset["creator"], list) else [dataset["creator"]]
    assert [c["name"] for c in found] == names


@pytest.mark.parametrize(
    "said",
    [{"name": "Ann", "@id": "https://orcid.org/0000-0002-1825-0097"}, {"@type": ["Person"], "name": "Ann"},
     {"@type": "https://schema.org/Person", "name": "Ann"}],
)  # fmt: skip
def test_creators_that_are_persons(tmp_path: Path, said: Any) -> None:
    """However a record says that somebody is a person, also by an ORCID iD alone, the page says so."""
    dataset, _ = page(tmp_path, {"creator": said})
    assert dataset["creator"]["@type"] == "Person"


def test_a_site_without_a_licence(tmp_path: Path) -> None:
    """The whole collection claims no profile that asks for a licence, as its figures do not."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")}, "title: T\nlicense: ''\nlicense_url: ''\n")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    (document,) = extract((tmp_path / "out/index.html").read_text(encoding="utf-8"))
    (whole,) = [n for n in document["@graph"] if n["@type"] == "Dataset"]
    assert not {"license", "dct:conformsTo"} & whole.keys()
    packed = {d["name"]: d["encodingFormat"] for d in whole["distribution"]}
    assert packed["pfocr.ttl.gz"] == ["text/turtle", "application/gzip"]


@pytest.mark.parametrize(
    ("setting", "claimed"),
    [("", "Optical character recognition"), ("measurement_technique: Manual curation\n", "Manual curation"),
     ("measurement_technique: ''\n", None)],
)  # fmt: skip
def test_how_mentions_were_found(tmp_path: Path, setting: str, claimed: str | None) -> None:
    """A collection made by people does not claim that a program read its images."""
    source = write_site(tmp_path / "source", {"PMC1__a": record("PMC1__a")}, f"title: T\n{setting}")
    assert build(source, tmp_path / "out", tmp_path / "cache").code == 0
    (document,) = extract((tmp_path / "out/figures/PMC1__a.html").read_text(encoding="utf-8"))
    (dataset,) = [n for n in document["@graph"] if n["@type"] == "Dataset"]
    assert dataset.get("measurementTechnique") == claimed


def test_no_value_is_none(tmp_path: Path) -> None:
    """What R writes for "no value" reaches neither the structured data nor the page, however deep it stands."""
    schema = {"@id": "NA", "description": ".na.character", "keywords": ["NA", "", ".na.character", "real"]}
    dataset, text = page(tmp_path, schema, extra=["NA", "b", {"k": "NA"}], other=["NA"], last={"k": ["NA"]})
    assert dataset["keywords"] == ["real"]
    assert dataset["description"].startswith("A caption that says")
    assert "<dt>extra<dd>b<" in text
    assert not any(word in text for word in (".na.character", "<dt>other", "<dt>last", '"NA"'))


def test_other_keys_are_shown(tmp_path: Path) -> None:
    """What the page's own structured data does not say is shown, so that nothing is lost."""
    _, text = page(tmp_path, {"name": "x", "@type": "Dataset", "version": "3", "funder": {"name": "NIH"}})
    assert "<dt>schema-jsonld version<dd>3<dt>schema-jsonld funder<dd>" in text
    assert "<dt>schema-jsonld name<dd>x" in text


def test_own_words_of_another_kind(tmp_path: Path) -> None:
    """A description in parts carries over whole; an @id that is no address is shown, not lost."""
    parts = ["HER2 signals through two pathways,", "which end in growth and in survival of the cell."]
    dataset, text = page(tmp_path, {"@id": "PMC1/a", "description": parts})
    assert dataset["description"] == " ".join(parts)
    assert "<dt>schema-jsonld @id<dd>PMC1/a" in text


def test_home_page_counts_in_words(tmp_path: Path) -> None:
    """What the home page says of a collection of one figure is said of one."""
    page(tmp_path, {"name": "x"})
    (document,) = extract((tmp_path / "out/index.html").read_text(encoding="utf-8"))
    said = [node.get("description", "") for node in document["@graph"]]
    assert any("1 figure of 1 paper." in text for text in said)
