"""The kinds are documented, feed views that exist, and refuse bodies that make no sense."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from resilens.errors import InputError
from resilens.record import views
from resilens.record.kinds import KINDS, checked_body, renewed
from resilens.record.views import VIEWS

DOCUMENT = Path(__file__).parents[2] / "docs" / "record.md"
DIGEST = "ab" * 32


def test_the_documented_table_of_kinds_is_current(tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(text) == text, "run: python -m resilens.record.kinds"
    stale = tmp_path / "record.md"
    stale.write_text(text.replace("| `coding.set` |", "| `coding.sat` |"), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "resilens.record.kinds", str(stale)], check=True, timeout=60)
    assert stale.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_says_what_it_means_and_feeds_views_that_exist(name: str) -> None:
    kind = KINDS[name]
    assert kind.name == name
    assert kind.meaning
    assert kind.views
    assert set(kind.views) <= set(VIEWS.tables)


def test_every_view_is_fed_and_documented() -> None:
    fed = {name for kind in KINDS.values() for name in kind.views}
    assert fed == set(VIEWS.tables)
    text = DOCUMENT.read_text(encoding="utf-8")
    assert not [name for name in fed if f"`{name}`" not in text]


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.name.split(".")[1] != "removed"])
def test_no_key_of_a_body_is_left_out_of_its_view(name: str) -> None:
    """A key that a view dropped would be recorded and never seen."""
    kind = KINDS[name]
    columns = {column.name for view in kind.views for column in VIEWS.tables[view].columns}
    left_out = set(kind.body.model_fields) - columns
    assert left_out == {"round.frozen": {"reason"}, "round.revealed": {"reason"}, "event.erased": {"event_ids"},
                        "capture.erased": {"whole"}}.get(name, set())  # fmt: skip


def test_columns_have_the_types_of_their_keys() -> None:
    """Numbers, flags and JSON are named in lists in `views`: a name missing there would be stored as text."""
    for kind in KINDS.values():
        for name, field in kind.body.model_fields.items():
            annotation = str(field.annotation)
            expected = (name in views._JSON, name in views._FLAGS, name in views._NUMBERS)
            is_json = "list" in annotation or "dict" in annotation or annotation == "int | str"
            is_flag = re.search(r"\bbool\b", annotation) is not None
            is_number = re.search(r"\bint\b", annotation) is not None and not is_json
            if name != "event_ids":
                assert (is_json, is_flag, is_number) == expected, f"{kind.name}: {name}"


TEXT = {"item_id": "a", "code_id": "c", "field": "text", "start": 0, "end": 4, "text_sha256": DIGEST}
REGION = {"item_id": "a", "code_id": "c", "media_id": DIGEST, "x": 0, "y": 0, "w": 4, "h": 4}
INTERVAL = {"item_id": "a", "code_id": "c", "media_id": DIGEST, "start_ms": 0, "end_ms": 100}


@pytest.mark.parametrize("body", [TEXT, REGION, INTERVAL, {"item_id": "a", "nothing_applies": True},
                                  {"item_id": "a", "code_id": "c"}, TEXT | {"field": "translation:deepl-1"},
                                  {"item_id": "a", "code_id": "c", "media_id": DIGEST}])  # fmt: skip
def test_every_target_of_a_coding_is_understood(body: dict[str, Any]) -> None:
    stored = checked_body("coding.set", body)
    assert stored.items() >= body.items()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"item_id": "a"}, "code_id is empty"),
        ({"item_id": "a", "code_id": "c", "nothing_applies": True}, "code_id is empty"),
        ({"item_id": "", "code_id": "c"}, "coding.set: item_id"),
        (TEXT | {"start": None}, "start and end go together"),
        (TEXT | {"start": None, "end": None}, "field needs them"),
        (TEXT | {"end": 0}, "end must be greater than start"),
        (TEXT | {"start": -1}, "coding.set: start"),
        (TEXT | {"field": ""}, "start and end need field"),
        (TEXT | {"field": "caption"}, "field is"),
        (TEXT | {"text_sha256": ""}, "text_sha256 is needed"),
        (TEXT | {"media_id": DIGEST}, "not of both"),
        (REGION | {"w": None}, "a region has x, y, w, h"),
        (REGION | {"media_id": ""}, "a region has x, y, w, h"),
        (REGION | {"w": 0}, "coding.set: w"),
        (INTERVAL | {"end_ms": None}, "start_ms and end_ms go together"),
        (INTERVAL | {"media_id": ""}, "need media_id"),
        (TEXT | {"code": "c"}, "coding.set: code: unknown key; did you mean 'code_id'"),
    ],
)
def test_a_coding_that_makes_no_sense_is_refused(body: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        checked_body("coding.set", body)
    assert said in str(caught.value)


def test_a_duplicate_names_what_it_repeats() -> None:
    for body in ({"decision": "duplicate"}, {"decision": "include", "duplicate_of": "b"}):
        with pytest.raises(InputError, match="duplicate_of goes with"):
            checked_body("screening.decided", {"item_id": "a", **body})
