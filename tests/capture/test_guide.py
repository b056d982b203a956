"""docs/sources.md says what the readers do."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.capture.reading import read
from tests.capture.test_recognition import SMALL, content_of
from tests.capture.test_sources import SAMPLES

from resilens.capture import guide
from resilens.capture.layouts import at
from resilens.capture.reader import FLAGS, Options
from resilens.capture.records import Broken
from resilens.capture.registry import READERS
from resilens.corpus import schema


def test_the_page_is_current() -> None:
    kept = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
    assert kept == guide.page(), "run: python -m resilens.capture.guide"


def test_the_page_names_every_reader() -> None:
    page = guide.page()
    assert all(f"`--reader {name}`" in page for name in READERS)


@pytest.mark.parametrize("name", SMALL)
def test_every_flag_that_a_reader_sets_is_explained(tmp_path: Path, name: str) -> None:
    known = {*FLAGS, *schema.FLAGS}
    for record in read(tmp_path, content_of(name)):
        if not isinstance(record, Broken):
            assert {re.sub(r"status_-?\d+", "status_N", flag) for flag in record.flags} <= known


def laid_out() -> list[str]:
    """Samples whose records are rows or items that a layout reads."""
    return [name for name, sample in SAMPLES.items()
            if hasattr(READERS[sample.reader], "layouts") and sample.content[:2] not in (b"PK", b"SQ", b"[\n")
            and b'"data": {"videos"' not in sample.content and not name.startswith("4cat ndjson")]  # fmt: skip


def rows_of(content: bytes) -> list[dict[str, Any]]:
    text = content.decode()
    if text.startswith("{"):
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))


def without(row: dict[str, Any], key: str) -> dict[str, Any]:
    """The row, or the item in its envelope, with something else under a key."""
    if isinstance(row.get("data"), dict):
        return {**row, "data": without(row["data"], key)}
    return {**row, key: "7" if isinstance(row[key], str | int) else None} if key in row else row


@pytest.mark.parametrize("name", laid_out())
def test_what_no_layout_names_is_dropped(tmp_path: Path, name: str) -> None:
    """The page's table of places is true: whatever stands elsewhere changes nothing."""
    rows = rows_of(SAMPLES[name].content)
    options = Options(reader=SAMPLES[name].reader)
    layouts = [one for one in READERS[SAMPLES[name].reader].layouts  # type: ignore[attr-defined]
               if one.platform == SAMPLES[name].platform]  # fmt: skip

    def found(changed: list[dict[str, Any]]) -> str:
        return repr(read(tmp_path, list(changed), options))

    before = found(rows)
    named = {way.strip().partition(".")[0].partition("=")[0] for layout in layouts
             for place in [*layout.fields.values(), *layout.flags.values()]
             for way in place.replace(" + ", "|").split("|")}  # fmt: skip
    keys = dict.fromkeys(key for row in rows for key in (row["data"] if isinstance(row.get("data"), dict) else row))
    for key in keys.keys() - named:
        changed = found([without(row, key) for row in rows]) != before
        assert not changed, f"{key} is read, though no layout of {name} names it"


def test_every_place_of_every_layout_is_read() -> None:
    """A record made of the places themselves comes out with something from each."""
    for reader in READERS.values():
        for layout in getattr(reader, "layouts", ()):
            for field, place in layout.fields.items():
                for way in place.replace(" + ", "|").split("|"):
                    item: Any = [{"probe": 1}] if field == "mentions" else "probe"
                    for step in reversed(way.strip().split(".")):
                        item = [item] if step == "*" or step.isdigit() else {step: item}
                    assert at(item, way.strip()) in ("probe", ["probe"], [{"probe": 1}]), (layout.name, field, way)


def contents_of(reader: str) -> list[list[dict[str, Any]]]:
    """The records of every sample of a reader that is text."""
    samples = [one for one in SAMPLES.values() if one.reader == reader]
    contents = [one.content for one in samples if one.content[:2] not in (b"PK", b"SQ")]
    contents += [content_of(name) for name in SMALL if SMALL[name][0] == reader and name != "gb18030"]
    found = []
    for content in contents:
        text = content.decode("utf-8-sig")
        try:
            whole = json.loads(text)
            found.append(whole if isinstance(whole, list) else [whole])
        except ValueError:
            found.append(rows_of(text.encode()))
    return found


def with_other(value: Any, key: str, other: str) -> Any:
    """The value with something else under a key, wherever it stands."""
    if isinstance(value, list):
        return [with_other(one, key, other) for one in value]
    if not isinstance(value, dict):
        return value
    instead = {str: other, int: 7, list: [], dict: {}}
    return {
        name: with_other(inner, key, other) if name != key
        else not inner if isinstance(inner, bool) else instead.get(type(inner))
        for name, inner in value.items()
    }  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_what_the_page_names_as_read_matters_and_what_as_dropped_does_not(tmp_path: Path, name: str) -> None:
    """Columns and keys in backquotes, wherever a sample has them."""
    reads, drops = (set(re.findall(r"`([^`\s()]+)`", said)) for said in (READERS[name].reads, READERS[name].drops))
    options = Options(reader=name)
    matters: dict[str, bool] = {}
    for rows in contents_of(name):
        text, before = json.dumps(rows, ensure_ascii=False), repr(read(tmp_path, list(rows), options))
        for key in (key for key in reads | drops if f'"{key}":' in text):
            changed = [repr(read(tmp_path, with_other(rows, key, other), options)) for other in ("zz7", "body")]
            matters[key] = matters.get(key, False) or changed != [before, before]
    assert {key for key, matter in matters.items() if matter} == matters.keys() & reads - drops
