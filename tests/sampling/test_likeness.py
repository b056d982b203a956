"""Likely duplicates: by words of any script, by pictures, and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sampling.rows import a_post, post_id

from resilens.capture import pictures
from resilens.corpus.engine import Corpus
from resilens.sampling import likeness
from resilens.sampling.likeness import Alike, Likeness, plain

LETTER = "Hi from Ohio! Here is my cat tax, her name is Biscuit and she is three years old."
REPLY = "欢迎来到小红书！这是我家的猫，交猫税啦，请多多关照，大家一起玩耍吧"


def alike(*texts: str) -> list[Alike]:
    """What is like the first of these."""
    return Likeness([str(number) for number in range(len(texts))], texts).alike("0")


@pytest.mark.parametrize("text", [LETTER, REPLY, "مرحبا بكم هذه قطتي واسمها بسكويت وعمرها ثلاث سنوات"])
def test_the_same_words_are_wholly_alike_whatever_surrounds_them(text: str) -> None:
    (found,) = alike(text, f"  {text.upper()} 🐈🐈 \n#cattax #猫税[话题]#", "Something else entirely, of another day.")
    assert (found.post_id, found.text) == ("1", 1.0)
    assert found.why == "text 100% alike"


def test_a_small_change_leaves_texts_alike_and_other_texts_are_not_proposed() -> None:
    found = alike(LETTER, LETTER.replace("three", "four"), LETTER[:45] + " Please be nice to her.", REPLY)
    assert [one.post_id for one in found] == ["1"]
    assert found[0].text == pytest.approx(0.86, abs=0.05)


def test_texts_too_short_to_tell_are_alike_to_none_and_hashtags_do_not_count() -> None:
    assert not alike("cat tax!", "cat tax!")
    assert not alike("I am a TikTok refugee", "I am a TikTok refugee")
    assert alike("大家好，我是来交猫税的难民", "大家好，我是来交猫税的难民")
    assert not alike("#cattax #tiktokrefugee #hello", "#cattax #tiktokrefugee #hello")


@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_compared_and_likeness_goes_both_ways(texts: list[str]) -> None:
    ids = [str(number) for number in range(len(texts))]
    index = Likeness(ids, texts)
    for name in ids:
        for other in index.alike(name, most=len(ids)):
            assert other.post_id != name
            assert any(back.post_id == name and back.text == other.text for back in index.alike(other.post_id, 99))
    for first, one in enumerate(texts):
        same = {str(second) for second, two in enumerate(texts) if second != first and plain(one) == plain(two) != ""}
        assert same <= {found.post_id for found in index.alike(str(first), 99) if found.text == 1.0}


def test_the_share_is_that_of_the_pieces_in_common() -> None:
    one, two = ("abcdefghijklmnopqrstuvwxyz0123456789"[:end] for end in (31, 36))
    (found,) = alike(one, two)
    pieces = [{text[at : at + 4] for at in range(len(text) - 3)} for text in (one, two)]
    assert found.text == pytest.approx(2 * len(pieces[0] & pieces[1]) / (len(pieces[0]) + len(pieces[1])))


def test_pictures_are_alike_by_their_file_or_by_few_bits_and_flat_ones_only_by_their_file() -> None:
    cat, copy, dog, flat = "f0f0f0f00f0f0f0f", "f0f0f0f00f0f0f08", "0123456789abcdef", "0" * 16
    index = Likeness(
        ["a", "b", "c", "d", "e", "f", "g"], [""] * 7,
        [("a", "one", cat), ("b", "one", cat), ("c", "two", copy), ("d", "three", dog), ("e", "four", flat),
         ("f", "five", flat), ("g", "four", flat), ("elsewhere", "one", cat)],
    )  # fmt: skip
    assert [(one.post_id, one.bits, one.same_file, one.why) for one in index.alike("a")] == [
        ("b", 0, True, "the same picture"), ("c", 3, False, "a like picture (3 of 64 bits differ)"),
    ]  # fmt: skip
    assert [one.post_id for one in index.alike("e")] == ["g"]
    assert not index.alike("d")
    assert not index.alike("never heard of")


def test_a_corpus_is_compared_and_the_bound_is_that_of_capture(corpus_of: Callable[..., Corpus]) -> None:
    assert likeness.ALIKE_BITS == pictures.ALIKE
    picture = "a" * 64
    corpus = corpus_of(
        posts=[a_post("1", title="Cat tax", text=LETTER, media=[picture, "https://elsewhere/1.jpg"]),
               a_post("2", title="Cat tax", text=LETTER, media=[]), a_post("3", text=REPLY, media=[picture]),
               a_post("4", text=LETTER)],
        media=[{"media_id": picture, "kind": "image", "perceptual_hash": "f0f0f0f00f0f0f0f"},
               {"media_id": "b" * 64, "kind": "audio"}],
    )  # fmt: skip
    index = Likeness.of(corpus, [post_id(name) for name in "123"])
    assert [(one.post_id, one.why) for one in index.alike(post_id("1"))] == [
        (post_id("2"), "text 100% alike"), (post_id("3"), "the same picture"),
    ]  # fmt: skip
