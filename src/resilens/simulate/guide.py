"""What does docs/simulate.md say? `guide.md`, with what the code knows: `python -m resilens.simulate.guide`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from resilens.files import write_text
from resilens.simulate.inventory import LANGUAGES, inventories
from resilens.simulate.patterns import WHAT
from resilens.simulate.world import World, presets
from resilens.study.json_schema import default_of, keys_of, section_in

PAGE = "simulate.md"


def page() -> str:
    """The whole page."""
    text = (resources.files("resilens.simulate") / "guide.md").read_text("utf-8")
    patterns = sum(one.patterns for language in LANGUAGES for one in inventories(language).values())
    names = " | ".join(("pattern", "what it says"))
    table = "\n".join([f"| {names} |", "|---|---|", *(f"| {name} | {what} |" for name, what in WHAT.items())])
    known = ", ".join(f"`{name}`" for name in presets())
    text = text.replace("PATTERN_TABLE", table).replace("PATTERNS", f"{patterns:,}").replace("PRESETS", known)
    return text + "\n" + "\n".join(_sections(World, ""))


def _sections(model: type[BaseModel], path: str) -> Iterator[str]:
    """A table of the model's own keys, then the sections inside it."""
    own = [(name, field) for name, field in keys_of(model) if section_in(field.annotation) is None]
    yield "\n".join(["| key | default | meaning |", "|---|---|---|", *(
        f"| `{name}` | {default_of(field)} | {_meaning(field)} |" for name, field in own), ""])  # fmt: skip
    for name, field in keys_of(model):
        inner = section_in(field.annotation)
        if inner is not None:
            inside = f"{path}.{name}" if path else name
            several = str(field.annotation).startswith("tuple[")
            yield f"### `{f'[[{inside}]]' if several else f'[{inside}]'}`\n\n{(inner.__doc__ or '').strip()}\n"
            yield from _sections(inner, inside)


def _meaning(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "\\|")


if __name__ == "__main__":
    write_text(Path(__file__).resolve().parents[3] / "docs" / PAGE, page())
