"""The schema and the page about the study file are what the model says."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from resilens.study.json_schema import PAGE_FILE, SCHEMA_FILE, json_schema, page, schema_text
from resilens.study.model import Study

DOCS = Path(__file__).resolve().parents[2] / "docs"
RENEW = "run python -m resilens.study.json_schema"


def test_the_committed_schema_is_current() -> None:
    assert (DOCS / SCHEMA_FILE).read_text("utf-8") == schema_text(), RENEW


def test_the_committed_page_is_current() -> None:
    assert (DOCS / PAGE_FILE).read_text("utf-8") == page(), RENEW


def test_the_schema_refuses_unknown_keys_and_describes_every_key() -> None:
    schema = json_schema()
    assert json.loads(schema_text()) == json.loads(json.dumps(schema, default=str))
    assert set(schema["properties"]) == {field.alias or name for name, field in Study.model_fields.items()}
    for section in (schema, *schema["$defs"].values()):
        assert section["additionalProperties"] is False
        for key in section["properties"].values():  # a section said in the same words as its key is said once
            assert "description" in key or "description" in schema["$defs"][key["$ref"].split("/")[-1]]
    assert schema["$defs"]["Volume"]["properties"]["views"]["anyOf"][0]["type"] == ["integer", "string"]


def test_every_example_of_the_page_is_toml() -> None:
    shown = 0
    for line in page().splitlines():
        cells = [cell.strip() for cell in line.split(" | ")]
        if len(cells) == 5 and cells[4].endswith("` |"):
            tomllib.loads(cells[4].removesuffix(" |").strip("`"))
            shown += 1
    assert shown > 70


def test_no_default_shows_an_address_or_a_class() -> None:
    assert "object at" not in page()
    assert "PydanticUndefined" not in page()
