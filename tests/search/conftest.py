"""A corpus and a record made by hand, to be searched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.search.made import CHINESE, ENGLISH, ONE, STRAY, TEXTS, TWO, at, coded, write_corpus

from resilens.coding.rounds import open_round
from resilens.corpus.engine import Corpus
from resilens.record.clock import Ticking
from resilens.record.events import Draft
from resilens.record.store import Record


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    tables: dict[str, list[dict[str, Any]]] = {
        "posts": [
            {"post_id": ONE, "platform": "rednote", "author": "u-a", "published_at": at(14), "title": "Cat tax",
             "text": TEXTS[ONE], "hashtags": ["CatTax", "猫税"], "language": "en"},
            {"post_id": TWO, "platform": "x", "author": "u-b", "published_at": at(15), "text": TEXTS[TWO],
             "hashtags": ["eggs"], "url": "https://x.com/2"},
        ],
        "comments": [
            {"comment_id": CHINESE, "post_id": ONE, "platform": "rednote", "author": "u-n", "published_at": at(14, 17),
             "text": TEXTS[CHINESE], "language": "zh"},
            {"comment_id": ENGLISH, "post_id": ONE, "platform": "rednote", "author": "u-b", "text": TEXTS[ENGLISH]},
            {"comment_id": STRAY, "post_id": "rednote:p:gone", "platform": "rednote", "published_at": at(14, 1),
             "text": TEXTS[STRAY]},
        ],
        "authors": [{"author": "u-a", "group": "refugees"}, {"author": "u-b", "group": "refugees"}],
    }  # fmt: skip
    with write_corpus(tmp_path / "corpus", tables) as opened:
        yield opened


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """Round 1 is read together, round 2 is blind; mei and jon code in both."""
    with Record.open(tmp_path / "work.sqlite", clock=Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as opened:
        open_round(opened, "round-1", "joint", ["mei", "jon"], "mei")
        open_round(opened, "round-2", "independent", ["mei", "jon"], "mei")
        coded(opened, "mei", ONE, "tribute", "round-1", field="text", start=11, end=18)
        coded(opened, "mei", CHINESE, "welcome", "round-1", memo="the receipt of the cat tax")
        coded(opened, "jon", CHINESE, "receipt", "round-2", field="text", start=3, end=8, memo="猫税 again")
        coded(opened, "mei", TWO, "tribute", "round-2")
        memos = (("m1", "mei", "", "cats and welcome", ["welcome"]), ("m2", "jon", "round-2", "a cat of mine", []))
        for name, coder, round_id, text, about in memos:
            memo = {"memo_id": name, "text": text, "about": about}
            opened.append(Draft("memo.written", name, memo, coder, round_id=round_id))
        lead = {"lead_id": "l1", "text": "Seen on Weibo", "pasted": "cat tax!!", "codes": ["tribute"]}
        opened.append(Draft("lead.noted", "l1", lead, "jon"))
        claim = {"claim_id": "c1", "statement": "The tax binds.", "rivals": ["Cats are popular anyway."]}
        opened.append(Draft("claim.changed", "c1", claim, "mei"))
        opened.append(Draft("group.assigned", "u-n", {"author": "u-n", "group": "natives"}, "mei"))
        yield opened
