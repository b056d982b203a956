"""Stored text is what was captured, but for newlines and mentions; what it shows is told by rules that run anywhere."""

from __future__ import annotations

from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilens.corpus.engine import Corpus
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.corpus.text import (
    distinct_hashtags,
    hashtag_key,
    hashtags_in,
    language_of,
    script_expression,
    script_of,
    stickers,
    stored_text,
)

MOMO, NAMED = "u-aaaaaaaaaaaaaaaa", "n-bbbbbbbbbbbbbbbb"


def stored(captured: str, known: dict[str, str] | None = None, from_gbk: bool = False) -> tuple[str, tuple[str, ...]]:
    return stored_text(captured, lambda name: NAMED, known, from_gbk)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_newlines_become_line_feeds(newline: str) -> None:
    assert stored(f"a{newline}b") == ("a\nb", ())


def test_quirk_2_bom_inside_text_is_kept_and_flagged() -> None:
    assert stored("\ufeff#话题[话题]#") == ("\ufeff#话题[话题]#", ("bom_in_text",))
    assert hashtags_in("\ufeff#话题[话题]#\ufeff") == ("话题",)


def test_quirk_2_lossy_gbk_is_flagged_and_not_repaired() -> None:
    assert stored("好??", from_gbk=True) == ("好??", ("lossy_encoding",))
    assert stored("?#话题[话题]#?", from_gbk=True) == ("?#话题[话题]#?", ("lossy_encoding",))
    assert stored("really??") == ("really??", ())
    assert stored("好\ufffd") == ("好\ufffd", ("lossy_encoding",))


def test_quirk_6_nul_bytes_are_replaced_and_flagged() -> None:
    assert stored("a\x00b") == ("a\ufffdb", ("nul_in_text",))


def test_quirk_14_zero_width_and_surrogates() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200b\ue000\U0001fada\n\t\n"
    assert stored(family) == (family, ())
    assert stored("\ud83d\ude00") == ("\U0001f600", ())
    assert stored("\ud83d") == ("\ufffd", ("broken_character",))


def test_quirk_15_mentions_become_pseudonyms() -> None:
    assert stored("@momo 你好", {"momo": MOMO}) == (f"@{MOMO} 你好", ())
    assert stored("@momo酱 @momo", {"momo": MOMO, "momo酱": NAMED}) == (f"@{NAMED} @{MOMO}", ())
    assert stored("@Tom Smith 你好", {"Tom Smith": MOMO}) == (f"@{MOMO} 你好", ())
    assert stored("看@小红，好") == (f"看@{NAMED}，好", ("mention_by_name",))
    assert stored("https://www.tiktok.com/@someone/video/1")[0] == f"https://www.tiktok.com/@{NAMED}/video/1"
    assert stored("write to a@example.org") == ("write to a@example.org", ())


@pytest.mark.parametrize(
    ("captured", "expected"),
    [("回复 小明: 好", f"回复 {NAMED}: 好"), ("回复 @小明 : 好", f"回复 @{NAMED} : 好"),
     ("回复@小明:好//@大家:x", f"回复@{NAMED}:好//@{NAMED}:x")],
)  # fmt: skip
def test_quirk_15_answers_name_nobody(captured: str, expected: str) -> None:
    assert stored(captured) == (expected, ("mention_by_name",))


@pytest.mark.parametrize(
    ("captured", "expected"),
    [("thanks u/some_one!", f"thanks u/{NAMED}!"), ("(/u/Some-One)", f"(/u/{NAMED})"), ("U/x2", f"U/{NAMED}"),
     ("https://www.reddit.com/user/someone/", f"https://www.reddit.com/user/{NAMED}/"),
     ("and/or menu/lunch, user/admin, u/", None), (f"u/{MOMO}", None)],
)  # fmt: skip
def test_on_reddit_a_path_is_a_mention(captured: str, expected: str | None) -> None:
    found = stored_text(captured, lambda name: NAMED, platform="reddit")
    assert found == ((expected, ("mention_by_name",)) if expected else (captured, ()))
    assert stored_text(captured, lambda name: NAMED, platform="rednote") == (captured, ())
    assert script_of(f"u/{NAMED} 好") == "han"


@given(st.text(alphabet=st.characters(exclude_characters="@＠复\r\x85\u2028\u2029\x00", exclude_categories=["Cs"])))
def test_text_without_mentions_keeps_every_code_point(captured: str) -> None:
    assert stored(captured, from_gbk=True)[0] == captured


@given(st.text(st.sampled_from("ab @＠回复:： \r\n\u2028momo明酱,#"), max_size=40))
def test_storing_twice_changes_nothing_more(captured: str) -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    known = {"momo": pseudonyms.of("rednote", "1")}
    once = stored_text(captured, lambda name: pseudonyms.of_name("rednote", name), known)[0]
    assert stored_text(once, lambda name: pseudonyms.of_name("rednote", name), known)[0] == once
    assert "\r" not in once
    assert "@momo" not in once


@pytest.mark.parametrize(
    ("text", "expected"),
    [("#话题[话题]##猫税[话题]#", ("话题", "猫税")), ("#tiktok#rednote 好 #TikTok", ("tiktok", "rednote")),
     ("#a# b", ("a",)), ("&#39; http://a/#x #1 #2025a", ("2025a",)), ("＃猫税", ("猫税",)),
     ("#cat tax[话题]# x", ("cat tax",))],
)  # fmt: skip
def test_quirk_13_hashtags_without_marker(text: str, expected: tuple[str, ...]) -> None:
    assert hashtags_in(text) == expected


def test_quirk_13_weibo_closes_its_hashtags() -> None:
    assert hashtags_in("#TikTok 难民#来了#猫税#", "weibo") == ("TikTok 难民", "猫税")


def test_quirk_13_case_variants_are_one_hashtag() -> None:
    assert hashtag_key("TikTokRefugee") == hashtag_key("tiktokrefugee")
    assert distinct_hashtags(["#TikTokRefugee", "tiktokrefugee", "猫税[话题]", "", "#"]) == ("TikTokRefugee", "猫税")


def test_quirk_12_stickers_are_tokens() -> None:
    assert stickers("好[笑哭R][笑哭R]#话题[话题]#[doge] 12:30:45 :one:") == ("[笑哭R]", "[笑哭R]", "[doge]", ":one:")
    assert script_of("[哭惹R]") == "emoji"


SCRIPTS = {
    "你好": ("han", "zh"), "hello": ("latin", ""), "你好 hello": ("mixed", ""), "😀[笑哭R]": ("emoji", ""),
    "2": ("none", ""), "": ("none", ""), "こんにちは": ("other", "ja"), "私は学生です": ("other", "ja"),
    "我の猫": ("han", "zh"), "한국어": ("other", "ko"),
    "Привет": ("other", ""), f"@{MOMO}": ("none", ""), f"@{MOMO} 好": ("han", "zh"), "#猫税[话题]#": ("han", "zh"),
    "https://a.b/c": ("none", ""), "(´・ω・`) 哈哈": ("han", "zh"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SCRIPTS.items())
def test_script_and_language(text: str, expected: tuple[str, str]) -> None:
    assert (script_of(text), language_of(text)) == expected


def test_the_engine_decides_scripts_as_python_does(tmp_path: Path) -> None:
    texts = [*SCRIPTS, "a[话题]#b", "你[笑哭R]b", "ωω好好好好好好好", "の", "é", "𠀀", "Ｗ", "[a b]", NAMED, "12:ab:"]
    with Corpus(tmp_path / "corpus") as corpus:
        table = ibis.memtable(pa.table({"text": texts}))
        found = corpus.frame(table.mutate(script=script_expression(table.text)))
    assert dict(zip(found["text"].to_pylist(), found["script"].to_pylist(), strict=True)) == {
        text: script_of(text) for text in texts
    }
