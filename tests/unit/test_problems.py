"""Problems as lines that editors, programs and GitHub can read."""

from __future__ import annotations

from builder.problems import Problem, as_errors, failures, github_line, limited, text_line
from builder.reporter import RecordingReporter


def problem(line: int, severity: str = "warning", rule: str = "rule", message: str = "found x") -> Problem:
    """Return a problem in some file."""
    return Problem("a.md", line, 2, severity, rule, message)


def test_text_line() -> None:
    """A line begins with path, line and column."""
    assert text_line(problem(3, "error")) == "a.md:3:2: error: found x [rule]"


def test_github_line() -> None:
    """What separates the parts of a workflow command is escaped where it stands for itself."""
    found = github_line(Problem("a:b,c.md", 1, 2, "warning", "rule", "50%: a,\r\nb"))
    assert found == "::warning file=a%3Ab%2Cc.md,line=1,col=2,title=rule::50%25: a,%0D%0Ab"


def test_few_warnings_are_all_shown() -> None:
    """Up to ten warnings of a kind have a line each, sorted by place."""
    assert limited([problem(n) for n in range(10, 0, -1)]) == [text_line(problem(n)) for n in range(1, 11)]


def test_many_warnings_are_five_lines_and_a_total() -> None:
    """More than ten of a kind become five and a total; other kinds and errors are not affected."""
    many = [problem(n) for n in range(1, 10_001)]
    others = [problem(1, rule="other"), *(problem(n, "error") for n in range(20))]
    lines = limited([*many, *others])
    assert len(lines) == 5 + 1 + 20 + 1
    assert lines[-1] == "... and 9,995 more warnings of the kind [rule], 10,000 in all"
    assert [line for line in lines if ": error: " in line] == [text_line(problem(n, "error")) for n in range(20)]


def test_strict_counts_warnings_as_errors() -> None:
    """Every warning becomes an error with the same words."""
    mixed = [problem(1), problem(2, "error")]
    assert failures(mixed) == [problem(2, "error")]
    assert as_errors(mixed) == [problem(1, "error"), problem(2, "error")]


def test_progress_is_counted() -> None:
    """A phase is told with the steps expected and the steps done."""
    reporter = RecordingReporter()
    with reporter.phase("Reading", 5) as step:
        step(2)
        step(3)
    assert reporter.events == [("Reading", 5, 5)]
