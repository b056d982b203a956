"""Is every word found that a person may be told of, and nothing else: beside a search written without an engine."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.made import CHINESE, ENGLISH, ONE, STRAY, TEXTS, TWO, at, write_corpus

from resilens.coding.rounds import freeze, reveal
from resilens.coding.sight import visible
from resilens.corpus.engine import Corpus
from resilens.corpus.text import hashtag_key
from resilens.errors import InputError
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.search.folding import places
from resilens.search.query import Query, outside
from resilens.search.searching import Results, search
from resilens.study.zones import day_of

ZONE = "UTC+08:00"


def sought(record: Record, corpus: Corpus, word: str, viewer: str = "mei", **more: Any) -> Results:
    paged = {name: more.pop(name) for name in ("offset", "limit") if name in more}
    return search(record, corpus, Query(word, **more), visible(record, viewer), ZONE, **paged)


def ids(results: Results) -> list[tuple[str, str, str]]:
    return [(hit.kind, hit.id, hit.field) for hit in results.hits]


def test_a_word_is_found_everywhere_in_order_and_in_context(record: Record, corpus: Corpus) -> None:
    found = sought(record, corpus, "cat")
    assert ids(found) == [
        ("post", ONE, "title"), ("post", ONE, "text"), ("post", TWO, "text"), ("comment", STRAY, "text"),
        ("comment", ENGLISH, "text"), ("coding", CHINESE, "memo"), ("coding", ONE, "text"), ("memo", "m1", "text"),
        ("lead", "l1", "pasted"), ("claim", "c1", "rival 1"),
    ]  # fmt: skip
    assert found.counts == {"post": 3, "comment": 2, "coding": 2, "memo": 1, "lead": 1, "claim": 1}
    (line,) = found.hits[1].lines(around=5)
    assert (line.start, line.end, line.left, line.word, line.right) == (11, 14, "…s my ", "cat", " tax …")
    coding = found.hits[6]
    assert (coding.code_id, coding.places, coding.text) == ("tribute", ((11, 14),), TEXTS[ONE])
    assert [hit.said for hit in found.hits] == [True] * 5 + [False, True, False, True, False]


def test_chinese_has_no_borders_and_whole_words_have(record: Record, corpus: Corpus) -> None:
    assert [hit.places for hit in sought(record, corpus, "猫税", kinds=("post", "comment")).hits] == [
        ((22, 24),), ((3, 5),),
    ]  # fmt: skip
    whole = sought(record, corpus, "cat", whole_word=True, kinds=("post", "comment"))
    assert [hit.id for hit in whole.hits] == [ONE, ONE, STRAY, ENGLISH]


@pytest.mark.parametrize(("filters", "there"), [
    ({"group": "refugees"}, [ONE, ONE, TWO, ENGLISH]), ({"group": "unknown"}, [STRAY]),
    ({"language": "en"}, [ONE, ONE]), ({"language": "unknown"}, [TWO, STRAY, ENGLISH]), ({"platform": "x"}, [TWO]),
    ({"hashtag": "#cattax"}, [ONE, ONE, ENGLISH]), ({"hashtag": "nothing"}, []),
    ({"since": date(2025, 1, 15)}, [TWO]), ({"until": date(2025, 1, 14)}, [ONE, ONE, STRAY]),
    ({"code": "tribute"}, [ONE, ONE, TWO]), ({"code": "tribute", "coder": "jon"}, []),
    ({"code": "receipt"}, []), ({"coder": "jon"}, []),
])  # fmt: skip
def test_filters_leave_items(record: Record, corpus: Corpus, filters: dict[str, Any], there: list[str]) -> None:
    found = sought(record, corpus, "cat", kinds=("post", "comment"), **filters)
    assert [hit.id for hit in found.hits] == there


def test_a_decided_group_goes_before_the_rules(record: Record, corpus: Corpus) -> None:
    assert [hit.id for hit in sought(record, corpus, "猫税", group="natives").hits] == [CHINESE]


def test_kinds_that_do_not_know_a_filter_are_left_out_and_named(record: Record, corpus: Corpus) -> None:
    by_code = sought(record, corpus, "cat", code="tribute")
    assert ids(by_code)[3:] == [("coding", ONE, "text"), ("lead", "l1", "pasted")]
    assert by_code.query.left_out == ("claim",)
    assert "Not searched, for they know no code: claims." in by_code.sentence
    assert set(sought(record, corpus, "cat", group="natives").counts) == {"post", "comment", "coding"}


def test_nothing_of_a_blind_round_is_found_by_others(record: Record, corpus: Corpus) -> None:
    def seen_by(viewer: str, word: str = "猫税", **more: Any) -> list[tuple[str, str, str]]:
        return ids(sought(record, corpus, word, viewer, **more))

    jons = [("coding", CHINESE, "memo"), ("coding", CHINESE, "text")]
    assert seen_by("jon")[-2:] == jons
    assert not set(jons) & set(seen_by("mei"))
    assert ("memo", "m2", "text") in seen_by("jon", "cat")
    assert ("memo", "m2", "text") not in seen_by("mei", "cat")
    assert seen_by("mei", code="receipt", kinds=("post", "comment")) == []
    freeze(record, "round-2", "mei")
    assert not set(jons) & set(seen_by("mei"))
    reveal(record, "round-2", "mei")
    assert seen_by("mei")[-2:] == jons
    assert seen_by("mei", code="receipt", kinds=("post", "comment")) == [("comment", CHINESE, "text")]


def test_on_the_command_line_a_blind_round_is_left_out_but_for_ones_own(record: Record, corpus: Corpus) -> None:
    def coders(coder: str) -> set[str]:
        query = Query("猫税", kinds=("coding",))
        return {hit.coder for hit in search(record, corpus, query, outside(record, coder), ZONE).hits}

    assert coders("") == coders("mei") == set()
    assert coders("jon") == {"jon"}
    freeze(record, "round-2", "mei")
    assert coders("") == {"jon"}


def test_a_coding_whose_text_has_changed_is_not_found(record: Record, corpus: Corpus) -> None:
    body = {"item_id": ONE, "code_id": "old", "field": "text", "start": 0, "end": 20, "text_sha256": "0" * 64}
    record.append(Draft("coding.set", ONE, body, "mei", round_id="round-1"))
    assert "old" not in {hit.code_id for hit in sought(record, corpus, "cat").hits}


def test_pages_put_together_are_the_whole(record: Record, corpus: Corpus) -> None:
    whole, at_, pages = sought(record, corpus, "cat", limit=None), 0, []
    while at_ is not None:
        page = sought(record, corpus, "cat", offset=at_, limit=3)
        assert page.total == whole.total == 10
        pages += page.hits
        at_ = page.next
    assert pages == list(whole.hits)
    assert sought(record, corpus, "cat", offset=99).hits == []
    assert "--offset 3" in "\n".join(sought(record, corpus, "cat", limit=3).shown())


@pytest.mark.parametrize(("given", "words"), [
    ({"word": " "}, "is empty"), ({"word": "x" * 201}, "longer than"), ({"word": "x", "kinds": ("memos",)}, "memo"),
    ({"word": "\ud83d"}, "no text has"), ({"word": "x", "group": "a\0"}, "no text has"),
    ({"word": "x", "platform": "redmote"}, "rednote"),
    ({"word": "x", "since": date(2025, 2, 1), "until": date(2025, 1, 1)}, "turn them round"),
])  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Query(**given)


WORDS = st.sampled_from(["cat", "猫税", "a", "税", "Ｃ", "é", ".", "cat tax", "ss", "*", "()"])
PARTS = ["cat", "CATs", "猫税", "ＣＡＴ", "e\u0301", "Straße", "…", " ", "，", "tax", "\n", "🐈", "*", "("]
PIECES = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)
TIMES = st.one_of(st.none(), st.integers(0, 80).map(lambda hours: at(13, 0) + timedelta(hours=hours)))
AUTHORS = st.sampled_from(["u-a", "u-b", "u-n", ""])
LANGUAGES = st.sampled_from(["en", "zh", ""])
TAGS = st.lists(st.sampled_from(["CatTax", "cattax", "猫税"]), max_size=2, unique=True)
POSTS = st.lists(st.tuples(PIECES, PIECES, TIMES, AUTHORS, LANGUAGES, TAGS), min_size=1, max_size=4)
COMMENTS = st.lists(st.tuples(PIECES, TIMES, AUTHORS, LANGUAGES, st.integers(0, 4)), max_size=5)
FILTERS = st.fixed_dictionaries({}, optional={
    "whole_word": st.booleans(), "group": st.sampled_from(["refugees", "natives", "unknown"]),
    "language": st.sampled_from(["en", "zh", "unknown"]), "since": st.just(date(2025, 1, 14)),
    "until": st.just(date(2025, 1, 15)), "hashtag": st.sampled_from(["#CATTAX", "猫税"]),
})  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POSTS, COMMENTS, WORDS, FILTERS)
def test_the_engine_finds_what_a_loop_over_all_texts_finds(
    record: Record, posts: list[Any], comments: list[Any], word: str, filters: dict[str, Any]
) -> None:
    items: list[dict[str, Any]] = [
        {"post_id": f"rednote:p:{number}", "title": title, "text": text, "published_at": moment, "author": author,
         "language": language, "hashtags": tags}
        for number, (title, text, moment, author, language, tags) in enumerate(posts)
    ]  # fmt: skip
    answers: list[dict[str, Any]] = [
        {"comment_id": f"rednote:c:{number}", "post_id": f"rednote:p:{on}", "text": text, "published_at": moment,
         "author": author, "language": language}
        for number, (text, moment, author, language, on) in enumerate(comments)
    ]  # fmt: skip
    tags = {item["post_id"]: item["hashtags"] for item in items}
    groups = {"u-a": "refugees", "u-n": "natives"}
    due = set()
    for item in [*items, *answers]:
        name = item.get("comment_id") or item["post_id"]
        for field in ("title", "text"):
            spans = list(places(item.get(field) or "", word, filters.get("whole_word", False)))
            if spans and _passes(item, tags.get(item["post_id"], []), groups.get(item["author"], "unknown"), filters):
                due.add((name, field, tuple(spans)))
    with tempfile.TemporaryDirectory() as folder:
        tables = {"posts": items, "comments": answers, "authors": [{"author": "u-a", "group": "refugees"}]}
        with write_corpus(Path(folder), tables) as corpus:
            found = sought(record, corpus, word, kinds=("post", "comment"), limit=None, **filters)
    assert {(hit.id, hit.field, hit.places) for hit in found.hits} == due
    assert len(found.hits) == len(due) == found.total


def _passes(item: dict[str, Any], tags: list[str], group: str, filters: dict[str, Any]) -> bool:
    moment: datetime | None = item["published_at"]
    day = day_of(moment, ZONE) if moment else None
    language = filters.get("language", item["language"] or "unknown")
    return (
        filters.get("group", group) == group
        and language == (item["language"] or "unknown")
        and ("since" not in filters or (day is not None and day >= filters["since"]))
        and ("until" not in filters or (day is not None and day <= filters["until"]))
        and ("hashtag" not in filters or hashtag_key(filters["hashtag"].lstrip("#")) in map(hashtag_key, tags))
    )


