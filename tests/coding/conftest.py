"""A small codebook, a record, and items that lie in memory instead of a corpus."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from resilens.coding.codebook import Code, Codebook, Facet
from resilens.record.clock import Ticking
from resilens.record.store import Record

BOOK = Codebook(
    "",
    (Facet("practice", "Practice", "实践"), Facet("stage", "Stage", "阶段"), Facet("affect", "Affect"),
     Facet("relation", "Relation")),
    (
        Code("practice.tribute", "practice", "Cat tax", "猫税", role="tribute"),
        Code("practice.tribute.dog", "practice", "Dog tax", role="tribute", variant="dog", parent="practice.tribute"),
        Code("practice.welcome", "practice", "Welcome", "欢迎", role="welcome", definition="says\nhello"),
        Code("stage.adapt", "stage", "Adaptation"),
        Code("stage.other", "stage", "Other"),
        Code("affect.other", "affect", "Other", status="retired"),
        Code("affect.thanks", "affect", "Thanks", role="gratitude"),
        Code("practice.thanks", "practice", "thanks", role="thanks"),
        Code("relation.compares", "relation", "Compares", role="compares_with", second_item=True),
    ),
)  # fmt: skip

TEXTS: dict[str, dict[str, str]] = {
    "rednote:p:aa1": {"title": "Hi 👩‍👩‍👧 all", "text": "my cat tax 🐈 for you, my cat"},
    "rednote:p:aa2": {"title": "", "text": "egg prices"},
    "rednote:c:bb1": {"text": "欢迎！税已收到[doge]\n欢迎"},
    "rednote:c:bb2": {"text": "cafe\u0301 ok"},
    "tiktok:c:bb2": {"text": "thanks"},
    "tiktok:p:7460912345678901234": {"title": "", "text": "bye"},
}


class MemoryItems:
    """Items from a mapping; counts how many were asked for."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts
        self.asked: set[str] = set()

    def find(self, mentioned: Collection[str]) -> dict[str, list[str]]:
        self.asked |= set(mentioned)
        called = {name: [item for item in self._texts if name in (item, item.split(":", 2)[2])] for name in mentioned}
        return {name: sorted(found) for name, found in called.items()}

    def texts(self, items: Collection[str]) -> dict[str, dict[str, str]]:
        self.asked |= set(items)
        return {item: dict(self._texts[item]) for item in items if item in self._texts}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.open(tmp_path / "work.sqlite", clock=Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as opened:
        yield opened


@pytest.fixture
def items() -> MemoryItems:
    return MemoryItems(TEXTS)


@pytest.fixture(scope="session")
def book() -> Codebook:
    return BOOK


@pytest.fixture(scope="session")
def texts() -> dict[str, dict[str, str]]:
    """The stored texts of the items."""
    return TEXTS


@pytest.fixture(scope="session")
def memory() -> MemoryItems:
    """The same items as `items`, for tests that run a body many times."""
    return MemoryItems(TEXTS)
