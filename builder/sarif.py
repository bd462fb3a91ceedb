"""Problems as a SARIF log, which code-scanning services and editors show beside the lines.

Source: Static Analysis Results Interchange Format (SARIF) Version 2.1.0, OASIS Standard, 27 March 2020.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from builder import __version__
from builder.rules import LEVELS, RULES, Rule, rule_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.problems import Problem

__all__ = ["sarif_log"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_NUMBER = {name: i for i, name in enumerate(RULES)}
_SARIF_LEVELS = dict(zip(LEVELS, ("none", "warning", "error"), strict=True))


def _rule(rule: Rule) -> dict[str, Any]:
    """A rule (reportingDescriptor, section 3.49)."""
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "defaultConfiguration": {"level": _SARIF_LEVELS[rule.level], "enabled": rule.level != "off"},
    }


def _plain(text: str) -> str:
    """A message that means itself: braces would be places for arguments (section 3.11.5), brackets links (3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("[", "\\[").replace("]", "\\]")


def _result(problem: Problem) -> dict[str, Any]:
    """A problem (result, section 3.27)."""
    result: dict[str, Any] = {
        "ruleId": rule_id(problem.rule) or problem.rule,
        "level": problem.severity,
        "message": {"text": _plain(problem.message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(problem.path)},
                    "region": {"startLine": problem.line, "startColumn": problem.column},
                }
            }
        ],
    }
    if problem.rule in _NUMBER:
        result["ruleIndex"] = _NUMBER[problem.rule]
    return result


def sarif_log(problems: Sequence[Problem], failure: str = "") -> dict[str, Any]:
    """A log of one run with all rules and all problems.

    Columns count characters, as everywhere in our messages (columnKind ``unicodeCodePoints``).

    Args:
        problems: what was found.
        failure: why the run could not be made, or not to its end; empty if it was.
    """
    driver = {"name": "figpages", "version": __version__, "rules": [_rule(r) for r in RULES.values()]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_result(p) for p in problems]}
    if failure:
        told = {"level": "error", "message": {"text": _plain(failure)}}
        run["invocations"] = [{"executionSuccessful": False, "toolExecutionNotifications": [told]}]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
