"""Whole columns of texts: the same scripts and languages as one by one."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilens.corpus.scripts import scripts_and_languages, with_scripts
from resilens.corpus.text import language_of, script_of

TELLING = "の한中aΩé한🐱[]#@:_-/ \n\t\x1c\x85\u2003\u3000\ufeff©ｂ〇\U000323af"
PIECES = ("https://", "[笑哭R]", "[话题]#", "u-abcdefghijklmnop", ":one:", "[\u3000]", "[a\x85]")
pieces = st.lists(st.sampled_from(PIECES + tuple(TELLING))).map("".join)
written = st.text(st.sampled_from(TELLING)) | st.text() | pieces


@settings(deadline=None)  # the first call loads the engine
@given(st.lists(written, max_size=5))
def test_columns_say_what_single_texts_say(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    scripts, languages = scripts_and_languages(pa.array(texts, pa.string()))
    assert scripts.to_pylist() == [script_of(text) for text in texts]
    assert languages.to_pylist() == [language_of(text) for text in texts]


@pytest.mark.parametrize("text", ["http://a\u3000の字", "[\u3000]", "[a\x85b]"])
def test_blanks_beyond_ascii_end_what_they_end_one_by_one(text: str) -> None:
    assert scripts_and_languages(pa.array([text]))[0].to_pylist() == [script_of(text)]


def test_title_and_text_of_a_post_are_looked_at_together() -> None:
    posts = pa.table({"title": ["猫", None, None], "text": ["cat", "cat", None], "script": [None] * 3,
                      "language": [None] * 3})  # fmt: skip
    filled = with_scripts(posts)
    assert filled.column("script").to_pylist() == ["mixed", "latin", "none"]
    assert filled.column("language").to_pylist() == ["", "", ""]
    assert with_scripts(pa.table({"reason": ["x"]})).column_names == ["reason"]
