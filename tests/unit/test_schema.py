"""The JSON Schema of a record is current, takes every good record, and refuses what the reader refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from builder.read.bucket import read_text
from builder.read.record import FIELDS, LISTS, OTHER_KEYS

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs/record.schema.json"
MODELINE = "# yaml-language-server: $schema=../../docs/record.schema.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    """Return what validates front matter."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def front(text: str) -> Any:
    """Return front matter as an editor's YAML parser reads it."""
    return json.loads(json.dumps(yaml.safe_load(text.split("---\n")[1]), default=str))


def test_schema_is_current() -> None:
    """The file is what ``make schema`` writes."""
    program = "import sys; sys.path.insert(0, 'tools'); import record_schema as r; print(r.text(), end='')"
    command = [sys.executable, "-c", program]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    assert made.stdout == SCHEMA.read_text(encoding="utf-8"), "run make schema"


def test_schema_has_every_key(validator: jsonschema.Draft7Validator) -> None:
    """Every key that the reader knows is in the schema, with what it means."""
    assert isinstance(validator.schema, dict)
    properties = validator.schema["properties"]
    assert properties.keys() == {*FIELDS, *LISTS, *OTHER_KEYS}
    assert all(p.get("description") or p["anyOf"][0]["items"]["properties"] for p in properties.values())


@pytest.mark.parametrize("folder", ["site_src/figures", "tests/faults/curators"])
def test_good_records_are_valid(validator: jsonschema.Draft7Validator, folder: str) -> None:
    """Records without an error pass the schema, whatever curators would say of them."""
    paths = sorted((ROOT / folder).rglob("*.md"))
    assert paths
    for path in paths:
        assert [e.message for e in validator.iter_errors(front(path.read_text(encoding="utf-8")))] == [], path


@pytest.mark.parametrize(
    "name",
    ["caption-mapping", "figid-missing", "figid-list", "figid-unsafe", "gene-field-list", "gene-row-text",
     "genes-mapping", "genes-text", "pmcid-missing", "schema-text"],
)  # fmt: skip
def test_bad_records_are_refused(validator: jsonschema.Draft7Validator, name: str) -> None:
    """What the reader refuses for its form, the schema refuses too."""
    paths = (ROOT / "tests/faults/cases" / name / "figures").glob("*.md")
    assert all(list(validator.iter_errors(front(p.read_text(encoding="utf-8")))) for p in paths)


def test_numbers_are_text(validator: jsonschema.Draft7Validator) -> None:
    """Identities without quotes, which the reader takes as text, are no mistakes for editors either."""
    assert [e.message for e in validator.iter_errors({"figid": 2020, "pmcid": 12345})] == []


def test_line_for_editors() -> None:
    """The comment that names the schema for editors changes nothing of a record."""
    path = ROOT / "site_src/figures/PMC7464074__cancers-12-02081-g001.md"
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[1] == MODELINE
    assert read_text(text, path.name)[0] == read_text(text.replace(MODELINE + "\n", ""), path.name)[0]
    assert (path.parent / MODELINE.partition("=")[2]).resolve() == SCHEMA
