"""The frame: from retrievals or hashtags, interleaved, deduplicated, dated, named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.sampling.rows import a_comment, a_post, a_retrieval, post_id

from resilens.corpus.engine import Corpus
from resilens.errors import InputError
from resilens.sampling.frame import Frame, frame

MakeCorpus = Callable[..., Corpus]


def names(made: Frame, hashtag: str) -> list[str]:
    return [post.post_id.removeprefix("rednote:p:") for post in made.stratum(hashtag)]


def test_queries_match_hashtags_by_the_comparison_key_and_rankings_are_interleaved(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(
        posts=[a_post(name) for name in "abcd"],
        retrievals=[
            a_retrieval("a", "#CatTax", "likes", 1), a_retrieval("b", "cattax", "likes", 2),
            a_retrieval("b", "cattax", "comments", 1), a_retrieval("c", "cattax", "comments", 2),
            a_retrieval("d", "cattax", "bookmarks", 1), a_retrieval("a", "something else", "likes", 1),
        ],
    )  # fmt: skip
    made = frame(corpus, ["CATTAX"], {"CATTAX": 3})
    assert names(made, "CATTAX") == ["a", "b", "d", "c"]
    assert [post.best for post in made.posts] == ["likes 1", "comments 1", "bookmarks 1", "comments 2"]
    assert made.found[0].rows == 5
    assert "the captured searches for #CATTAX returned" in made.description
    assert "collected 2025-05-01 (UTC) in 1 capture" in made.description


def test_days_of_collection_are_those_of_the_study_zone(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(posts=[a_post("a")], retrievals=[a_retrieval("a", "x", "likes", 1)])
    assert "collected 2025-05-02 (UTC+08:00)" in frame(corpus, ["x"], {"x": 1}, zone="UTC+08:00").description


def test_without_retrievals_the_posts_that_carry_the_hashtag_and_the_frame_says_so(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(posts=[
        a_post("a", ["CatTax"], likes=1, comments=9), a_post("b", ["cattax"], likes=5), a_post("c", ["cattax"]),
        a_post("d", ["other"], likes=7),
    ])  # fmt: skip
    made = frame(corpus, ["cattax"], {"cattax": 2})
    assert names(made, "cattax") == ["b", "a", "c"]
    assert made.found[0].source == "hashtags"
    assert "posts that carry #cattax, no search having been captured" in made.description
    with pytest.raises(InputError, match="no search for #cattax was captured"):
        frame(corpus, ["cattax"], {"cattax": 2}, source="retrievals")


def test_a_post_under_several_hashtags_goes_to_the_smallest_quota_or_the_first(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(posts=[a_post("a", ["x", "y", "z"]), a_post("b", ["x", "y"]), a_post("c", ["x"])])
    quotas = {"x": 9, "y": 2, "z": 2}
    made = frame(corpus, ["x", "y", "z"], quotas)
    assert {tag: names(made, tag) for tag in quotas} == {"x": ["c"], "y": ["a", "b"], "z": []}
    assert [(row.posts, row.elsewhere, row.in_frame) for row in made.found] == [(3, 2, 1), (2, 0, 2), (1, 1, 0)]
    assert (made.distinct, made.several) == (3, 2)
    first = frame(corpus, ["x", "y", "z"], quotas, duplicates="first")
    assert names(first, "x") == ["a", "b", "c"]
    assert first.posts[0].hashtags == ("x", "y", "z")
    assert first.frame_id != made.frame_id


def test_dates_are_days_of_the_study_zone_and_undated_posts_stay(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(posts=[a_post("a", ["x"], 14), a_post("b", ["x"], 15), a_post("c", ["x"], None)])
    made = frame(corpus, ["x"], {"x": 1}, start=date(2025, 1, 15), end=date(2025, 1, 20), zone="UTC+08:00")
    assert names(made, "x") == ["b", "c"]
    assert (made.found[0].outside_dates, made.found[0].undated) == (1, 1)
    assert "published from 2025-01-15 to 2025-01-20 (UTC+08:00) or of unknown date" in made.description
    # 12:00 UTC is the next day in a zone 13 hours ahead.
    assert names(frame(corpus, ["x"], {"x": 1}, start=date(2025, 1, 15), zone="UTC+13:00"), "x") == ["a", "b", "c"]


def test_captured_comments_are_counted_and_part_of_the_frame_s_identity(corpus_of: MakeCorpus) -> None:
    posts = [a_post("a", ["x"]), a_post("b", ["x"])]
    one = frame(corpus_of(posts=posts, comments=[a_comment("1", "a"), a_comment("2", "a")]), ["x"], {"x": 1})
    assert [(post.post_id, post.comments) for post in one.posts] == [(post_id("a"), 2), (post_id("b"), 0)]
    other = frame(corpus_of(posts=posts), ["x"], {"x": 1})
    assert one.frame_id != other.frame_id


def test_a_retrieval_seen_in_two_captures_keeps_its_best_rank(corpus_of: MakeCorpus) -> None:
    corpus = corpus_of(posts=[a_post("a"), a_post("b")], retrievals=[
        a_retrieval("a", "x", "likes", 2), a_retrieval("a", "x", "likes", 1, capture_id="c2"),
        a_retrieval("b", "x", "likes", 1), a_retrieval("b", "x", None, None, capture_id="c2", collected_at=None),
    ])  # fmt: skip
    made = frame(corpus, ["x"], {"x": 1})
    assert [post.best for post in made.posts] == ["likes 1", "likes 1"]
    assert "in 2 captures" in made.description


def test_no_hashtag_is_a_fault_in_words(corpus_of: MakeCorpus) -> None:
    with pytest.raises(InputError, match="the study has no hashtag"):
        frame(corpus_of(), [], {})
