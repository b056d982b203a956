"""What does docs/measures.md say? `guide.md` beside this, with a row for each measure that ships.

`python -m resilens.measures.guide` writes the page anew; a test keeps it equal.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from resilens.files import write_text
from resilens.measures.registry import MODULES


def markdown() -> str:
    """The page."""
    rows = ["| measure | the question it answers |", "|---|---|"]
    for name in MODULES:
        measure = import_module(f"resilens.measures.{name}").MEASURE
        rows.append(f"| `{measure.name}` | {measure.question} |")
    text = Path(__file__).with_name("guide.md").read_text("utf-8")
    return text.replace("{measures}", "\n".join(rows))


if __name__ == "__main__":
    write_text(Path(__file__).resolve().parents[3] / "docs" / "measures.md", markdown())
