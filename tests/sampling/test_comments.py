"""Which comments are read: by likes, in reading order, at random, by judgement."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.sampling.rows import a_comment, a_post, comment_id, post_id

from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.sampling.comments import choose_comments

MakeCorpus = Callable[..., Corpus]


def names(rows: list) -> list[str]:  # type: ignore[type-arg]
    return [row.comment_id.removeprefix("rednote:c:") for row in rows]


def at(minute: int) -> datetime:
    return datetime(2025, 1, 15, 12, minute, tzinfo=UTC)


def test_top_takes_the_most_liked_unknown_last_and_says_a_tie(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(posts=[a_post("p")], comments=[
        a_comment("1", "p", likes=3), a_comment("2", "p", likes=None), a_comment("3", "p", likes=9),
        a_comment("4", "p", likes=3), a_comment("5", "elsewhere", likes=99),
    ])  # fmt: skip
    rows = choose_comments(corpus, [post_id("p")], "top", 2, 1)
    assert names(rows) == ["3", "1"]
    assert [row.reason for row in rows] == ["top", "top; as many likes as one left out, the id decided"]
    assert [row.chance for row in rows] == [None, None]
    assert names(choose_comments(corpus, [post_id("p")], "top", 9, 1)) == ["3", "1", "4", "2"]


def test_thread_reads_whole_branches_from_the_beginning_and_says_where_the_limit_cuts(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(posts=[a_post("p")], comments=[
        a_comment("b", "p", published_at=at(5)), a_comment("a", "p", published_at=at(1)),
        a_comment("a2", "p", "a", "a", published_at=at(30)), a_comment("a1", "p", "a", "a", published_at=at(20)),
        a_comment("b1", "p", "b", "b", published_at=at(6)), a_comment("lost", "p", "gone", "gone"),
    ])  # fmt: skip
    every = choose_comments(corpus, [post_id("p")], "thread", 50, 1)
    assert names(every) == ["a", "a1", "a2", "b", "b1", "lost"]
    cut = choose_comments(corpus, [post_id("p")], "thread", 4, 1)
    assert [row.reason for row in cut] == ["thread"] * 3 + ["thread; the limit cuts this branch"]


def test_random_is_the_order_of_the_hash_and_knows_its_chance(corpus_of: MakeCorpus) -> None:
    ids = [f"{number}" for number in range(30)]
    corpus = corpus_of(posts=[a_post("p"), a_post("q")],
                       comments=[a_comment(name, "p") for name in ids] + [a_comment("only", "q")])  # fmt: skip
    rows = choose_comments(corpus, [post_id("q"), post_id("p"), post_id("empty")], "random", 10, 7)
    assert rows[0].comment_id == comment_id("only")
    assert rows[0].chance == 1
    expected = sorted(ids, key=lambda name: hashlib.sha256(f"7:{comment_id(name)}".encode()).hexdigest())
    assert names(rows[1:]) == expected[:10]
    assert {row.chance for row in rows[1:]} == {10 / 30}


def test_random_passes_over_comments_screened_out_which_were_examined_all_the_same(corpus_of: MakeCorpus) -> None:
    ids = [f"{number}" for number in range(30)]
    corpus = corpus_of(posts=[a_post("p")], comments=[a_comment(name, "p") for name in ids])
    order = names(choose_comments(corpus, [post_id("p")], "random", 30, 7))
    rows = choose_comments(corpus, [post_id("p")], "random", 10, 7, {comment_id(order[2]), comment_id(order[20])})
    assert names(rows) == order[:2] + order[3:11]
    assert {row.chance for row in rows} == {11 / 30}


def test_judged_keeps_the_order_of_the_decisions_and_the_limit(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(posts=[a_post("p")], comments=[a_comment(name, "p") for name in "abc"])
    choices = {post_id("p"): [comment_id("c"), comment_id("gone"), comment_id("a"), comment_id("b")]}
    rows = choose_comments(corpus, [post_id("p")], "judged", 2, 1, choices=choices)
    assert names(rows) == ["c", "a"]
    assert [row.chance for row in rows] == [None, None]
    assert choose_comments(corpus, [post_id("p")], "judged", 2, 1) == []


def test_faults_in_words(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(posts=[a_post("p")])
    assert choose_comments(corpus, [post_id("p")], "top", 0, 1) == []
    with pytest.raises(InputError, match="cannot be negative"):
        choose_comments(corpus, [post_id("p")], "top", -1, 1)
    with pytest.raises(InputError, match="unknown rule"):
        choose_comments(corpus, [post_id("p")], "best", 1, 1)  # type: ignore[arg-type]
