"""Write docs/record.schema.json from the types of the reader and the words of docs/records.md."""

import json
import re
from pathlib import Path

from builder.curate.schema import record_schema

ROOT = Path(__file__).resolve().parents[1]
RECORDS = ROOT / "docs/records.md"
SCHEMA = ROOT / "docs/record.schema.json"


def _plain(cell: str) -> str:
    """A cell of a table without Markdown."""
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", cell).replace("**", "").replace("`", "")


def meanings(heading: str) -> dict[str, str]:
    """What each name in the first column of the tables below a header row means."""
    out: dict[str, str] = {}
    inside = False
    for line in RECORDS.read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in line.strip("|").split(" | ")]
        if not line.startswith("|"):
            inside = False
        elif cells[0].strip() == heading:
            inside = True
        elif inside:
            out |= {name: _plain(cells[1].rstrip(" |")) for name in re.findall(r"`([^`]+)`", cells[0])}
    return out


def text() -> str:
    """The schema as it should stand in the file."""
    schema = record_schema(meanings("Field"), meanings("Key of a gene"), meanings("Key of a chemical or disease"))
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8")
    print(f"{SCHEMA.relative_to(ROOT)} written")
