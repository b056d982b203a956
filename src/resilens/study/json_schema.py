"""How do editors and readers learn what a study file may hold? From the model: a JSON Schema and a page of docs.

`python -m resilens.study.json_schema` writes both anew; a test keeps them equal to the model.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from resilens.files import write_text
from resilens.study import frameworks
from resilens.study.model import Study

SCHEMA_FILE = "study.schema.json"
PAGE_FILE = "study-file.md"

_BARE = re.compile(r"[A-Za-z0-9_-]+")  # keys that TOML takes without quotation marks

_HEAD = """# The study file

`study.toml` declares a study: what is asked, what happened, who met whom, what is retrieved, how it is drawn, and on
what footing. `resilens init` writes one to start from, `resilens check` says everything that is wrong with it, as
`study.toml:17: sample.postz: unknown key; did you mean 'posts'?`. Keys that are not listed here are refused.

- Text stands in quotation marks. Dates are written `2025-05-01`, without quotation marks and without a time of day.
- A section in double brackets, such as `[[hashtag]]`, may stand any number of times, once for each.
- Large counts may be written with a unit, in quotation marks: `"46.225M"`, `"1.2万"`, `"4.2bn"`; they are read exactly.
- `framework` belongs to no section: write it first, above them all.

Editors that know JSON Schema check the file as you type: put `#:schema PATH/study.schema.json` in its first line
(Even Better TOML and other editors on taplo) and point PATH at `docs/study.schema.json`.

This page is made from `src/resilens/study/model.py` and `conduct.py` by `python -m resilens.study.json_schema`.
"""


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a study file, every key with its meaning and an example."""
    schema = Study.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Resilens study file", **{
        key: value for key, value in schema.items() if key != "title"
    }}  # fmt: skip


def schema_text() -> str:
    """The JSON Schema as the text of `docs/study.schema.json`."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"


def page() -> str:
    """The text of `docs/study-file.md`: every section and key with type, default, meaning and an example."""
    parts = [_HEAD, *_sections(Study, ""), _frameworks()]
    return "\n".join(parts)


def write(docs: Path) -> None:
    """Write the schema and the page into the folder of the docs."""
    write_text(docs / SCHEMA_FILE, schema_text())
    write_text(docs / PAGE_FILE, page())


def _sections(model: type[BaseModel], path: str) -> Iterator[str]:
    """The parts of the page about a model's own keys, then about the sections inside it."""
    plain = [(name, field) for name, field in keys_of(model) if section_in(field.annotation) is None or _inline(field)]
    if path == "":
        yield "## Above all sections\n"
    yield _table(plain)
    for name, field in keys_of(model):
        inner = section_in(field.annotation)
        if inner is None:
            continue
        inside = f"{path}.{name}" if path else name
        heading = f"[[{inside}]]" if _is_list(field) else f"[{inside}]"
        kind = f"Each entry of `{name}`" if _inline(field) else f"`{heading}`"
        yield f"{'##' if path == '' else '###'} {kind}\n"
        yield f"{(inner.__doc__ or '').strip()}\n"
        yield from _sections(inner, inside)


def keys_of(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """The keys of a section as they are written, with their fields."""
    return [(field.alias or name, field) for name, field in model.model_fields.items()]


def section_in(annotation: Any) -> type[BaseModel] | None:
    """The section inside `tuple[Question, ...]`, `Event | None` or `Sample`; None where there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(section_in, get_args(annotation))), None)


def _is_list(field: FieldInfo) -> bool:
    return str(field.annotation).startswith("tuple[")


def _inline(field: FieldInfo) -> bool:
    """Whether a section is written between braces: the lists with a plural key and no alias, `volumes` and `rules`."""
    return _is_list(field) and field.alias is None and bool(field.examples and field.examples[0])


def _table(fields: list[tuple[str, FieldInfo]]) -> str:
    if not fields:
        return ""
    rows = [
        f"| `{name}` | {_type(field)} | {default_of(field)} | {_cell(field.description)} | {_example(name, field)} |"
        for name, field in fields
    ]
    return "\n".join(("| key | type | default | meaning | example |", "|---|---|---|---|---|", *rows, ""))


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _type(field: FieldInfo) -> str:
    """What a value must be, in words."""
    schema = _schema_of(field)
    several = schema.get("type") == "array"
    schema = schema.get("items", schema) if several else schema
    if "enum" in schema:
        words = "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    else:
        words = {"date": "date"}.get(schema.get("format", ""), "")
        words = words or {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false",
                          "object": "table"}.get(str(schema.get("type", "object")), "whole number or text")  # fmt: skip
        if "pattern" in schema and "UTC" in schema["pattern"]:
            words = "text such as `UTC+08:00`"
    return f"list: {words}" if several else words


def _schema_of(field: FieldInfo) -> dict[str, Any]:
    if section_in(field.annotation) is not None:
        return {"type": "array", "items": {"type": "object"}}
    for model in _models(Study):
        for name, known in model.model_fields.items():
            if known is field:
                own: dict[str, Any] = model.model_json_schema(by_alias=True)["properties"][field.alias or name]
                choices = [choice for choice in own.get("anyOf", ()) if choice.get("type") != "null"]
                return choices[0] if choices else own
    raise LookupError(field)


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        inner = section_in(field.annotation)
        if inner is not None:
            yield from _models(inner)


def default_of(field: FieldInfo) -> str:
    """The default of a key as a cell of a table: nothing where it is empty, and said where a value is needed."""
    if field.is_required():
        return "**needed**"
    if field.default in (None, "", (), PydanticUndefined):
        return ""
    return f"`{as_toml(field.default)}`".replace("|", "\\|")


def _example(name: str, field: FieldInfo) -> str:
    return f"`{name} = {as_toml(field.examples[0])}`".replace("|", "\\|") if field.examples else ""


def as_toml(value: Any) -> str:
    """A plain value as TOML writes it on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        pairs = ((key if _BARE.fullmatch(key) else json.dumps(key), as_toml(inner)) for key, inner in value.items())
        return "{ " + ", ".join(f"{key} = {inner}" for key, inner in pairs) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _frameworks() -> str:
    rows = []
    for name in frameworks.names():
        known = frameworks.framework(name)
        facets = ", ".join(facet.name.lower() for facet in known.facets)
        rows.append(f"| `{name}` | {_cell(known.title)} | {facets} | {len(known.codes)} | {_cell(known.source)} |")
    roles = [f"| `{role}` | {_cell(meaning)} |" for role, meaning in frameworks.ROLES.items()]
    return "\n".join((
        "## Frameworks\n",
        "| name | title | facets | codes | source |", "|---|---|---|---|---|", *rows, "",
        "A framework of your own is a TOML file with `title`, `source`, `extends` (a framework it builds on), and any",
        "number of `[[facet]]` (id, name, name_zh, definition) and `[[code]]` (id, facet, name, name_zh, definition,",
        "use_when, not_when, example, source; where they apply role, variant, parent, second_item). A code with the",
        "same id as one of the framework it extends takes that code's place.",
        "",
        "Measures find codes by facet and role. The roles:",
        "",
        "| role | meaning |", "|---|---|", *roles, "",
    ))  # fmt: skip


if __name__ == "__main__":
    write(Path(__file__).resolve().parents[3] / "docs")
