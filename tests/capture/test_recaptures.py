"""Recaptures: what is absent, what was not looked for, and how counts grew; none of it without a declaration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.capture.reading import envelope, tiktok_comment, tiktok_post

from resilens.capture.recaptures import Grown, Growth, grown, growth, recaptures
from resilens.corpus.engine import Corpus
from resilens.pipeline import OpenStudy, open_study
from resilens.study.beginning import begin

POSTS = ("7288995634328177926", "7288995634328177927", "7288995634328177928")
JANUARY, MARCH = 1_737_000_000_000, 1_741_000_000_000


def comment(number: int, post: int, when: int, likes: Any = 1) -> dict[str, Any]:
    item = tiktok_comment(cid=str(7289000000000000000 + number), aweme_id=POSTS[post], digg_count=likes)
    return envelope("tiktok-comments", item, timestamp_collected=when)


def post(which: int, when: int, comments: int, likes: Any) -> dict[str, Any]:
    item = tiktok_post(id=POSTS[which], stats={"commentCount": comments, "diggCount": likes})
    return envelope("tiktok.com", item, timestamp_collected=when)


@pytest.fixture
def study(tmp_path: Path) -> OpenStudy:
    begin(tmp_path / "study")
    return open_study(tmp_path / "study")


def add(study: OpenStudy, *files: list[dict[str, Any]], complete: bool = False) -> None:
    folder = study.folder.root.parent / f"given {len(list(study.folder.captures.glob('*')))}"
    folder.mkdir()
    for number, lines in enumerate(files):
        (folder / f"{number}.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    outcome = study.add([folder], complete=complete)
    assert not outcome.refused


def observed(corpus: Corpus) -> list[tuple[str, str]]:
    rows = corpus.frame(corpus.table("observations")).to_pylist()
    return [(row["item_id"][-1], row["state"]) for row in rows if ":c:" in row["item_id"]]


def test_absent_in_looked_for_threads_only(study: OpenStudy) -> None:
    first = [comment(number, number % 3, JANUARY) for number in range(6)]
    add(study, [post(0, JANUARY, 2, 10), post(1, JANUARY, 2, "1万+"), *first])
    # Thread 0 in two files, one comment gone and one new; of thread 1 the post, with none left; thread 2 not at all.
    add(study, [comment(3, 0, MARCH, 5)], [comment(9, 0, MARCH)], [post(0, MARCH, 2, 25), post(1, MARCH, 0, 12000)],
        complete=True)  # fmt: skip
    with study.corpus() as corpus:
        states = observed(corpus)
        assert sorted(one for one, state in states if state == "absent") == ["0", "1", "4"]
        assert sum(state == "seen" for _, state in states) == 8
        (found,) = recaptures(corpus)
        assert (found.threads, found.again, found.absent, found.new, found.not_looked_for) == (2, 1, 3, 1, 2)
        assert growth(corpus, "likes")[0].change == 4
        posts = {(one.item_id[-1], one.first, one.last, one.change) for one in growth(corpus) if ":p:" in one.item_id}
        assert posts == {("6", 10, 25, 15), ("7", 10000, 12000, None)}, "a bound has no difference"
        assert grown(corpus)[0] == Grown("likes", 3, 2, 4 + 15, 0)
    said = "growth of likes: 3 items were captured at two times or more; together +19 over 2, 1 not told exactly"
    assert said in study.status().lines()
    assert any("3 absent (which is not removal)" in line for line in study.status().lines())
    assert study.status().to_dict()["recaptures"][0]["absent"] == 3


def test_nothing_is_absent_without_a_declaration(study: OpenStudy) -> None:
    add(study, [comment(0, 0, JANUARY), comment(1, 0, JANUARY)])
    add(study, [comment(0, 0, MARCH)])
    with study.corpus() as corpus:
        assert {state for _, state in observed(corpus)} == {"seen"}
        assert recaptures(corpus) == []


def test_what_comes_later_was_not_absent_before(study: OpenStudy) -> None:
    add(study, [comment(0, 0, JANUARY)], complete=True)
    add(study, [comment(0, 0, MARCH), comment(1, 0, MARCH)], complete=True)
    with study.corpus() as corpus:
        assert {state for _, state in observed(corpus)} == {"seen"}
        first, second = recaptures(corpus)
        assert (first.new, first.absent, second.again, second.new) == (1, 0, 1, 1)


def test_an_older_capture_added_later_still_counts_as_before(study: OpenStudy) -> None:
    add(study, [comment(0, 0, MARCH)], complete=True)
    add(study, [comment(1, 0, JANUARY)])
    with study.corpus() as corpus:
        assert ("1", "absent") in observed(corpus)


def test_the_corpus_is_the_same_again(study: OpenStudy) -> None:
    add(study, [comment(0, 0, JANUARY), comment(1, 0, JANUARY)])
    add(study, [comment(0, 0, MARCH)], complete=True)
    before = (study.folder.corpus / "observations" / "part-0.parquet").read_bytes()
    study.rebuild_corpus()
    assert (study.folder.corpus / "observations" / "part-0.parquet").read_bytes() == before


def test_growth_names_a_count(study: OpenStudy) -> None:
    add(study, [comment(0, 0, JANUARY)])
    with study.corpus() as corpus:
        assert growth(corpus) == []
        with pytest.raises(ValueError, match="there is no count 'stars'"):
            growth(corpus, "stars")


def test_days_of_growth() -> None:
    from datetime import UTC, datetime

    one = Growth("x", "likes", 1, 2, datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 2, 12, tzinfo=UTC), 1)
    assert one.days == 1.5
