"""Check that no source file is over 500 lines and no Python function over 40."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 500
FUNCTION_LINES = 40
SOURCES = {".css", ".html", ".j2", ".js", ".mjs", ".py", ".sh"}


def source_files() -> Iterator[Path]:
    """Yield the sources that git tracks or would track, the stored site of the tests aside."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for name in sorted(set(listing.split("\0"))):
        path = Path(name)
        stored = path.suffix != ".py" and path.parts[:1] == ("tests",)
        if path.suffix in SOURCES and not stored and path.is_file():
            yield path


def long_functions(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and message of each function that is too long, its docstring and decorators counted."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            lines = (node.end_lineno or start) - start + 1
            if lines > FUNCTION_LINES:
                yield (
                    node.lineno,
                    f"{node.name} has {lines} lines, expected {FUNCTION_LINES} at most",
                )


def problems(path: Path) -> Iterator[str]:
    """Yield `path:line: message` of each thing in the file that is too long."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield f"{path}:1: the file has {lines} lines, expected {FILE_LINES} at most"
    if path.suffix == ".py":
        for line, message in long_functions(text):
            yield f"{path}:{line}: {message}"


def main() -> int:
    """Print every problem; return 1 where there is one."""
    found = [problem for path in source_files() for problem in problems(path)]
    print("\n".join(found) or "sizes: every file and function is short enough")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
