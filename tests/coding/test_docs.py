"""docs/codings.md: its examples are read as it says, and it names every column and mark there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from resilens.coding.codebook import synchronise
from resilens.coding.codes import NOTHING
from resilens.coding.layout import COLUMNS, NO, YES
from resilens.coding.tables import Options, Proposal, import_codings, read_codings
from resilens.record.store import Record
from resilens.study.frameworks import framework

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "codings.md").read_text(encoding="utf-8")
LONG, WIDE = re.findall(r"```csv\n(.*?)```", TEXT, re.DOTALL)
(SAID,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)

TEXTS = {
    "rednote:p:6785e350000000002003c3c4": {"title": "hi", "text": "Here is my cat tax 🐈"},
    "rednote:p:6785f77d0000000001000a0b": {"title": "", "text": "good morning"},
    "rednote:c:67860c1b000000001d02c2b2": {"text": "欢迎！税已收到[doge]"},
    "rednote:c:67860c1b000000001d02c2b9": {"text": "hello"},
}


def proposed(tmp_path: Path, record: Record, items: Any, content: str, **options: Any) -> Proposal:
    path = tmp_path / "codings.csv"
    path.write_text(content, encoding="utf-8")
    return read_codings(path, record, items, Options(**options))


def test_the_examples_are_read_as_the_docs_say(tmp_path: Path, record: Record, items: Any) -> None:
    here = type(items)(TEXTS)
    synchronise(tmp_path, record, framework("jing-zhang-2026"))
    long = proposed(tmp_path, record, here, LONG)
    assert str(long) == SAID.rstrip("\n")
    wide = proposed(tmp_path, record, here, WIDE)
    assert not wide.refused
    assert {(c.item_id, c.code_id) for c in wide.new} == {(c.item_id, c.code_id) for c in long.new}
    assert wide.unread == long.unread == 1
    import_codings(record, long)
    assert not proposed(tmp_path, record, here, LONG).changes


@pytest.mark.parametrize("word", sorted({*(call for calls in COLUMNS.values() for call in calls), *YES, *NO, *NOTHING}))
def test_the_docs_name_every_column_and_mark(word: str) -> None:
    assert f"`{word}`" in TEXT
