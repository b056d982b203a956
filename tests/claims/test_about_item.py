"""Is everything there that a person may be told of an item, and nothing of another's blind round?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from resilens.claims.about_item import AboutItem, about_item
from resilens.coding.rounds import freeze, open_round, reveal
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.errors import InputError
from resilens.record.clock import Ticking
from resilens.record.events import Draft
from resilens.record.store import Record

POST, FIRST, ANSWER, OTHER = "rednote:p:1", "rednote:c:1", "rednote:c:2", "rednote:p:2"


def at(hour: int) -> datetime:
    return datetime(2025, 1, 14, hour, tzinfo=UTC)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    tables: dict[str, list[dict[str, Any]]] = {
        "posts": [{"post_id": POST, "text": "cat tax", "author": "u-a"}, {"post_id": OTHER, "text": "eggs"}],
        "comments": [
            {"comment_id": ANSWER, "post_id": POST, "parent_id": FIRST, "root_id": FIRST, "published_at": at(3),
             "text": "thanks"},
            {"comment_id": FIRST, "post_id": POST, "root_id": FIRST, "published_at": at(2), "text": "欢迎",
             "author": "u-b"},
        ],
        "observations": [
            {"item_id": FIRST, "collected_at": at(5), "likes_raw": "10+", "state": "seen",
             "capture_id": "k", "line": 2},
            {"item_id": FIRST, "collected_at": at(4), "likes_raw": "3", "state": "seen", "capture_id": "k", "line": 1},
            {"item_id": POST, "collected_at": at(4), "likes_raw": "7.6万", "capture_id": "k", "line": 1},
        ],
        "captures": [{"capture_id": "k", "name": "rednote.json"}],
    }  # fmt: skip
    for name, rows in tables.items():
        (tmp_path / name).mkdir()
        parquet.write_table(pa.Table.from_pylist(rows, schema=TABLES[name].schema), tmp_path / name / "0.parquet")
    with Corpus(tmp_path) as opened:
        yield opened


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.open(tmp_path / "work.sqlite", clock=Ticking(datetime(2025, 5, 1, tzinfo=UTC))) as opened:
        open_round(opened, "round-1", "independent", ["mei", "jon"], "mei")
        for coder in ("mei", "jon"):
            coding = {"item_id": FIRST, "code_id": f"of-{coder}"}
            memo = {"memo_id": f"by-{coder}", "text": "hm", "about": [FIRST]}
            opened.append(Draft("coding.set", FIRST, coding, coder, round_id="round-1"))
            opened.append(Draft("memo.written", memo["memo_id"], memo, coder, round_id="round-1"))
        opened.append(Draft("group.assigned", "u-b", {"author": "u-b", "group": "natives"}, "mei"))
        opened.append(Draft("quoting.set", FIRST, {"item_id": FIRST, "status": "do_not_quote"}, "mei"))
        opened.append(Draft("lead.noted", "l1", {"lead_id": "l1", "text": "seen", "items": [FIRST]}, "jon"))
        for name, evidence in (("c10", FIRST), ("c2", f"{FIRST} [0:2]"), ("c3", POST)):
            claim = {"claim_id": name, "statement": "They welcome.", "evidence_for": [evidence]}
            opened.append(Draft("claim.changed", name, claim, "mei"))
        yield opened


def shown(about: AboutItem) -> tuple[list[str], list[str]]:
    return [row["code_id"] for row in about.codings], [row["memo_id"] for row in about.memos]


def test_everything_about_an_item_stands_together(record: Record, corpus: Corpus) -> None:
    about = about_item(record, corpus, FIRST, "mei", "paraphrase")
    assert [item.item_id for item in about.thread] == [POST, FIRST, ANSWER]
    assert about.item.group == "natives"
    assert about.item in about.thread
    assert [claim.id for claim in about.claims] == ["c2", "c10"]
    assert [row["lead_id"] for row in about.leads] == ["l1"]
    assert (about.quoting.status, about.quoting.actor) == ("do_not_quote", "mei")
    assert [(one.collected_at, one.counts["likes"], one.capture) for one in about.observations] == [
        (at(4), "3", "rednote.json"), (at(5), "10+", "rednote.json"),
    ]  # fmt: skip
    assert about.shown_counts == ("likes",)


def test_an_item_that_nothing_was_said_of(record: Record, corpus: Corpus) -> None:
    about = about_item(record, corpus, OTHER, "mei", "paraphrase")
    assert (about.quoting.status, about.quoting.decided, about.claims, about.observations) == (
        "paraphrase", False, (), [],
    )  # fmt: skip
    with pytest.raises(InputError, match="no such item"):
        about_item(record, corpus, "rednote:p:404", "mei", "paraphrase")


def test_of_a_long_thread_what_the_item_answers_and_what_stands_around_it(record: Record, corpus: Corpus) -> None:
    about = about_item(record, corpus, FIRST, "mei", "paraphrase")
    post, first = about.thread[:2]
    many = [replace(first, item_id=f"rednote:c:n{number}") for number in range(100)]
    answer = replace(first, item_id="rednote:c:answer", parent_id="rednote:c:n3")
    long = replace(about, item=answer, thread=(post, *many, answer))
    assert [item.item_id for item in long.near(5)] == [
        POST, "rednote:c:n3", *(f"rednote:c:n{number}" for number in range(96, 100)), "rednote:c:answer",
    ]  # fmt: skip
    assert long.near(200) == long.thread


def test_nothing_is_told_of_another_coder_until_the_round_is_revealed(record: Record, corpus: Corpus) -> None:
    def seen_by(viewer: str) -> tuple[list[str], list[str]]:
        return shown(about_item(record, corpus, FIRST, viewer, "paraphrase"))

    decided = {"item_id": FIRST, "code_id": "of-mei", "applies": True}
    record.append(Draft("consensus.decided", FIRST, decided, "mei", round_id="round-1"))
    assert seen_by("mei") == (["of-mei"], ["by-mei"])
    assert seen_by("jon") == (["of-jon"], ["by-jon"])
    assert not about_item(record, corpus, FIRST, "mei", "paraphrase").decisions
    freeze(record, "round-1", "mei")
    assert seen_by("jon") == (["of-jon"], ["by-jon"])
    reveal(record, "round-1", "mei")
    assert seen_by("jon") == (["of-mei", "of-jon"], ["by-mei", "by-jon"])
    assert about_item(record, corpus, FIRST, "jon", "paraphrase").decisions
