"""Is a word found however it is written, by Python and by the engine alike, and where it stands in stored text?"""

from __future__ import annotations

import re
import unicodedata

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.search.folding import WORD, engine_pattern, fold, folded, pattern, places

LETTERS = st.sampled_from(
    "aAbBßſıİéÉe\u0301\u0327ｃＣ…①㎡ﬁ 猫税。，！🐈👩\u200d👧각\u1100\u1161\u11a8ガｶﾞ؟كǅςσΣ[]().*\\'\ufffd\n"
)
TEXTS = st.one_of(st.text(LETTERS, max_size=30), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))


def found(text: str, word: str, whole_word: bool = False) -> list[str]:
    return [text[start:end] for start, end in places(text, word, whole_word)]


@pytest.mark.parametrize(("text", "word", "there"), [
    ("My CAT tax, my cat", "cat", ["CAT", "cat"]),
    ("ＣＡＴ ｔａｘ", "cat tax", ["ＣＡＴ ｔａｘ"]),
    ("我的猫税已收到，猫税！", "猫税", ["猫税", "猫税"]),
    ("wait… what", "...", ["…"]), ("wait… what", ".", ["…"]), ("9㎡", "m2", ["㎡"]), ("ﬁne", "I", ["ﬁ"]),
    ("Straße STRASSE", "strasse", ["Straße", "STRASSE"]),
    ("cafe\u0301", "é", ["e\u0301"]), ("cafe\u0301", "e", []), ("café", "CAFE\u0301", ["café"]),
    ("aaaa", "aa", ["aa", "aa"]), ("🐈\u200d⬛", "⬛", ["⬛"]), ("", "a", []), ("a", "  ", []),
])  # fmt: skip
def test_what_is_found(text: str, word: str, there: list[str]) -> None:
    assert found(text, word) == there


def test_a_whole_word_is_one_of_latin_letters_alone() -> None:
    assert found("cat cats Cat_ concat cat2 (cat) cat\u0301", "cat", True) == ["cat", "cat"]
    assert found("我的cat很ＣＡＴ", "cat", True) == ["cat", "ＣＡＴ"]
    assert found("猫税猫", "猫", True) == ["猫", "猫"]
    assert found("a.b .b", ".b", True) == [".b", ".b"]


@given(TEXTS)
def test_folding_twice_changes_nothing_more_and_case_counts_for_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.lower()) == fold(text.casefold()) or "İ" in text or "Σ" in text or "ß" in text.lower()


@given(TEXTS, TEXTS)
def test_what_is_found_is_what_was_sought_and_lies_in_order(text: str, word: str) -> None:
    spans = list(places(text, word))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))
    assert all(fold(word.strip()) in fold(text[start:end]) for start, end in spans)
    assert bool(spans) == bool(fold(word.strip()) and fold(word.strip()) in fold(text))


@given(st.text(LETTERS, min_size=1, max_size=6), TEXTS)
def test_a_word_between_borders_is_found_where_it_stands(word: str, around: str) -> None:
    text = f"{around}\n{word}\n"
    plain = fold(word.strip())
    if plain and not unicodedata.category(unicodedata.normalize("NFKD", word.strip())[0]).startswith("M"):
        assert any(start <= len(around) + 1 + word.index(word.strip()[0]) < end for start, end in places(text, word))


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, max_size=20), TEXTS, st.booleans())
def test_the_engine_finds_the_same_texts(texts: list[str], word: str, whole_word: bool) -> None:
    plain = fold(word.strip())
    if not plain or not texts:
        return
    table = ibis.memtable(pa.table({"text": pa.array([*texts, word], pa.string())}))
    column = folded(table.text)
    there = column.re_search(engine_pattern(word)) if whole_word else column.contains(plain)
    engine = ibis.duckdb.connect(":memory:").to_pyarrow(table.select(there=there))["there"].to_pylist()
    assert engine == [bool(list(places(text, word, whole_word))) for text in [*texts, word]]


def test_letters_of_every_latin_language_make_a_word_longer() -> None:
    letters = [chr(number) for number in [*range(0x250), *range(0x1E00, 0x1F00)] if chr(number).isalpha()]
    assert [letter for letter in letters if not re.match(f"[{WORD}]", fold(letter)[0])] == ["µ"]  # a Greek letter
    assert pattern("a.b", True) == f"(?<![{WORD}])a\\.b(?![{WORD}])"
