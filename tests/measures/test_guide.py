"""docs/measures.md is what the registry says, and its example of one's own measure runs."""

from __future__ import annotations

import re
from pathlib import Path

from resilens.measures.guide import markdown
from resilens.measures.registry import MODULES, Measure

PAGE = Path(__file__).resolve().parents[2] / "docs" / "measures.md"


def test_the_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text("utf-8") == markdown()
    assert all(f"| `{name}` |" in markdown() for name in MODULES)


def test_the_example_is_a_measure() -> None:
    example = next(code for code in re.findall(r"```python\n(.*?)```", markdown(), re.DOTALL) if "MEASURE" in code)
    room: dict[str, object] = {}
    exec(compile(example, "greetings.py", "exec"), room)
    assert isinstance(room["MEASURE"], Measure)
