"""Differences of texts, word by word."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from resilens.coding.word_diff import word_diff

TEXT = st.text(st.sampled_from("ab 猫税\n<&.é"), max_size=40)


def marked(before: str, after: str) -> str:
    shown = {"same": "{}", "out": "[-{}-]", "in": "[+{}+]"}
    return "".join(shown[piece.kind].format(piece.text) for piece in word_diff(before, after))


def test_words_are_told_apart_not_letters() -> None:
    assert marked("A picture of a cat, given as tax.", "A picture of a pet, given as tax.") == (
        "A picture of a [-cat-][+pet+], given as tax."
    )
    assert marked("shows a cat", "shows two small cats") == "shows [-a cat-][+two small cats+]"
    assert marked("", "new") == "[+new+]"
    assert marked("old", "") == "[-old-]"
    assert marked("same", "same") == "same"
    assert marked("", "") == ""


def test_a_chinese_character_is_a_word() -> None:
    assert marked("交猫税的人", "交狗税的人") == "交[-猫-][+狗+]税的人"


@given(TEXT, TEXT)
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "in") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "out") == after
    assert all(piece.text for piece in pieces)


def test_very_long_texts_are_compared_at_once() -> None:
    before, after = "a b " * 50_000, "b a c " * 33_000
    started = time.perf_counter()
    pieces = word_diff("begin " + before + "end", "begin " + after + "end")
    assert time.perf_counter() - started < 2
    assert pieces[0].text.startswith("begin ")
