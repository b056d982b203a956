"""A study's codebook with everything a code can have, and a record."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from resilens.coding.codes import Code, Codebook, Facet
from resilens.record.clock import Ticking
from resilens.record.store import Record

STUDY = "A study"

BOOK = Codebook(
    "",
    (Facet("practice", "Practice", "实践", "What people do."), Facet("affect", "Affect"), Facet("empty", "Empty")),
    (
        Code("practice.tribute", "practice", "Cat tax", "猫税", role="tribute", definition="Pays.\n\nSymbolically.",
             use_when="A cat is shown.", not_when="- no cat", example="=my cat", source="After X (2025)",
             anchors=("rednote:p:aa1",), sets=("Gifts", "=Rites & cats"), colour="#aa00ff", key="c"),
        Code("practice.tribute.dog", "practice", "Dog tax", role="tribute", variant="dog", parent="practice.tribute"),
        Code("practice.old", "practice", "Old", status="retired", merged_into="practice.tribute", sets=("Gifts",)),
        Code("affect.other", "affect", "Other", second_item=True),
        Code("practice.other", "practice", "Other", definition="[Id] is no label here\n [Role] nor this"),
    ),
)  # fmt: skip


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """An empty record."""
    with Record.open(tmp_path / "work.sqlite", Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as opened:
        yield opened


@pytest.fixture
def book() -> Codebook:
    """A codebook with everything a code can have."""
    return BOOK


@pytest.fixture
def study() -> str:
    """The title of its study."""
    return STUDY


@pytest.fixture
def qdpx(tmp_path: Path) -> Callable[..., Path]:
    """Writes a project: what stands inside `Project`, its attributes, and further files by name."""

    def write(inner: str, files: dict[str, bytes] | None = None, name: str = "p.qdpx", inside: str = "project.qde",
              space: str = "urn:QDA-XML:project:1.0", origin: str = "Another 1.0") -> Path:  # fmt: skip
        xml = f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{space}" name="A project" origin="{origin}">'
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(inside, f"{xml}{inner}</Project>")
            for file, content in (files or {}).items():
                archive.writestr(file, content)
        return tmp_path / name

    return write
