"""What raw values mean is decided once, and nothing that names an account gets through."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from resilens.capture.addresses import clean, names_account
from resilens.capture.normalise import redacted
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost, Person, Retrieval
from resilens.capture.staging import CaptureInfo, is_staged, stage_records, staged
from resilens.corpus.vault import Vault
from resilens.errors import InputError

POST, COMMENT, USER = "6785e35000000000200254ab", "6785e36000000000200254ac", "6784c2126c32b433aea773d4"
ONE_COMMENT = CapturedComment(2, "xhs", COMMENT, POST, author=Person(USER, "momo"), published=1736827728000, text="好")
ONE_POST = CapturedPost(2, "rednote", POST, Person(USER, "momo"), "2025-01-14 12:08", text="好 #猫税[话题]#")


def staged_rows(folder: Path, *records: Captured, **info: Any) -> dict[str, list[dict[str, Any]]]:
    vault = Vault.create(folder / "vault", seed=1)
    stage_records(records, CaptureInfo("c1", "a.csv", "test", **info), folder / ".staging", vault)
    return {name: pq.read_table(folder / ".staging" / "c1" / f"{name}.parquet").to_pylist()
            for name in ("posts", "comments", "quarantine")}  # fmt: skip


def one_comment(folder: Path, **changed: Any) -> dict[str, Any]:
    return staged_rows(folder, replace(ONE_COMMENT, **changed))["comments"][0]


def test_a_comment_becomes_a_row(tmp_path: Path) -> None:
    row = one_comment(tmp_path, parent="6785e35500000000200254aa", likes="1万+", location="来自 广东")
    pseudonym = Vault.open(tmp_path / "vault").pseudonyms.of("rednote", USER)
    assert (row["item_id"], row["post_id"]) == (f"rednote:c:{COMMENT}", f"rednote:p:{POST}")
    assert (row["parent_id"], row["author"]) == ("rednote:c:6785e35500000000200254aa", pseudonym)
    assert (row["likes"], row["likes_bound"], row["likes_raw"]) == (10_000, "at_least", "1万+")
    assert (row["location"], row["exact_at"], row["id_basis"]) == ("广东", 1736827728000, "id_exact")
    assert (row["script"], row["language"], row["flags"]) == ("han", "zh", [])


def test_identities_go_to_the_vault_and_nowhere_else(tmp_path: Path) -> None:
    mentioned = (Person("5e1da079f02f47644cd215d4", "阿明"),)
    staged_rows(tmp_path, ONE_POST, replace(ONE_COMMENT, text="@阿明 好", mentions=mentioned))
    rows = Vault.open(tmp_path / "vault").identities("c1").to_pylist()
    assert {(row["kind"], row["native"], row["name"]) for row in rows} == {
        ("account", USER, "momo"), ("account", "5e1da079f02f47644cd215d4", "阿明"),
    }  # fmt: skip
    for path in (tmp_path / ".staging").rglob("*.parquet"):
        text = str(pq.read_table(path).to_pylist())
        assert not any(name in text for name in (USER, "momo", "阿明", "5e1da079f02f47644cd215d4"))


def test_quirk_3_destroyed_ids_are_quarantined_with_their_line(tmp_path: Path) -> None:
    rows = staged_rows(
        tmp_path, replace(ONE_COMMENT, line=7, native_id="6.85E+278"), replace(ONE_POST, native_id="6.71E+23"),
        replace(ONE_COMMENT, line=9, post="6.85E+278"), replace(ONE_COMMENT, line=10, native_id=""),
    )  # fmt: skip
    assert [(row["line"], row["reason"]) for row in rows["quarantine"]] == [
        (7, "the comment's id was destroyed by a spreadsheet and cannot be rebuilt: 6.85E+278"),
        (2, "the post's id was destroyed by a spreadsheet and cannot be rebuilt: 6.71E+23"),
        (9, "the id of its post was destroyed by a spreadsheet and cannot be rebuilt: 6.85E+278"),
        (10, "the comment's id is missing"),
    ]


def test_quirk_3_a_destroyed_parent_does_not_pass_for_top_level(tmp_path: Path) -> None:
    row = one_comment(tmp_path, parent="6.85E+278")
    assert row["parent_id"] == "rednote:c:6.85E+278"
    assert row["flags"] == ["parent_id_damaged"]


def test_quirk_3_a_destroyed_time_leaves_the_id_clock(tmp_path: Path) -> None:
    row = one_comment(tmp_path, published="1.75E+12")
    assert (row["exact_at"], row["damaged"], row["id_at"]) == (None, True, 0x6785E360 * 1000)


@pytest.mark.parametrize("parent", [None, "", "0", "null", " ", COMMENT, POST])
def test_quirk_18_no_parent_is_written_in_many_ways(tmp_path: Path, parent: str | None) -> None:
    assert one_comment(tmp_path, parent=parent)["parent_id"] is None


def test_quirk_16_a_nickname_is_not_identity(tmp_path: Path) -> None:
    row = one_comment(tmp_path, author=Person(None, "momo"))
    assert (row["author"], row["flags"]) == (None, ["author_by_name_only"])
    handle = one_comment(tmp_path, author=Person(None, "momo", name_is_identity=True))
    assert handle["author"] == Vault.open(tmp_path / "vault").pseudonyms.of_name("rednote", "momo")


def test_quirk_17_closed_accounts_keep_their_id_where_it_is_told(tmp_path: Path) -> None:
    known = one_comment(tmp_path, author=Person(USER, "用户已注销"))
    assert (known["author"] is not None, known["flags"]) == (True, ["account_closed"])
    gone = one_comment(tmp_path, author=Person(None, "[deleted]"))
    assert (gone["author"], gone["flags"]) == (None, ["account_closed"])
    assert one_comment(tmp_path, author=None)["flags"] == ["author_missing"]


@pytest.mark.parametrize("written", ["来自 U.S.", "发布于U.S.", "IP属地：U.S.", " U.S. "])
def test_quirk_11_location_prefixes(tmp_path: Path, written: str) -> None:
    assert one_comment(tmp_path, location=written)["location"] == "U.S."


def test_quirk_2_text_of_a_gbk_file(tmp_path: Path) -> None:
    rows = staged_rows(tmp_path, replace(ONE_COMMENT, text="好??"), encoding="GB18030")
    assert rows["comments"][0]["text_flags"] == ["lossy_encoding"]


def test_quirk_13_hashtags_from_text_and_list(tmp_path: Path) -> None:
    post = replace(ONE_POST, title="#CatTax", hashtags=("cattax", "#小红书[话题]#", "猫税"))
    assert staged_rows(tmp_path, post)["posts"][0]["hashtags"] == ["CatTax", "猫税", "小红书"]


def test_quirk_10_an_unusual_id_is_flagged_and_kept(tmp_path: Path) -> None:
    assert one_comment(tmp_path, native_id="S-001")["flags"] == ["unusual_id"]


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        (f"https://www.xiaohongshu.com/explore/{POST}?xsec_token=X&xsec_source=pc", f"https://www.xiaohongshu.com/explore/{POST}"),
        ("https://p16.tiktokcdn.com/obj/a?x-expires=1&x-signature=B%2B", "https://p16.tiktokcdn.com/obj/a"),
        ("https://www.tiktok.com/api/?device_id=0&msToken=S&count=20", "https://www.tiktok.com/api/?count=20"),
        ("https://www.youtube.com/watch?v=abc&si=1", "https://www.youtube.com/watch?v=abc&si=1"),
        ("https://a.b/c", "https://a.b/c"),
    ],
)  # fmt: skip
def test_quirk_20_tokens_are_dropped(address: str, stored: str) -> None:
    assert clean(address) == stored


@pytest.mark.parametrize(
    ("address", "names"),
    [(f"https://www.xiaohongshu.com/user/profile/{USER}", True), ("https://www.tiktok.com/@someone/video/1", True),
     ("https://x.com/someone/status/1", True), ("https://bsky.app/profile/a.b/post/c", True),
     (f"https://www.xiaohongshu.com/explore/{POST}", False), ("https://www.instagram.com/p/abc/", False),
     ("http://sns-img-qc.xhscdn.com/1040g2sg31cke7nbph6705", False)],
)  # fmt: skip
def test_addresses_that_name_accounts(address: str, names: bool) -> None:
    assert names_account(address) == names


def test_an_address_that_names_an_account_goes_to_the_vault(tmp_path: Path) -> None:
    address = f"https://www.xiaohongshu.com/user/profile/{USER}?xsec_token=X"
    assert staged_rows(tmp_path, replace(ONE_POST, url=address))["posts"][0]["url"] is None
    rows = Vault.open(tmp_path / "vault").identities("c1").to_pylist()
    assert [(row["pseudonym"], row["native"]) for row in rows if row["kind"] == "address"] == [
        (f"rednote:p:{POST}", address.partition("?")[0])
    ]


def test_ids_that_name_accounts_are_replaced(tmp_path: Path) -> None:
    address = "at://did:plc:someone/app.bsky.feed.post/3lfqf6mgcxs2b"
    post = CapturedPost(1, "bsky", address, Person("did:plc:someone", "a.b"), None, text="hi")
    row = staged_rows(tmp_path, post)["posts"][0]
    assert row["item_id"].startswith("bluesky:p:a-")
    assert row["id_basis"] == "id_exact"


def test_raw_of_a_broken_record_names_nobody() -> None:
    raw = json.dumps({"note_id": "x", "user": {"nickname": "momo"}, "nickname": "momo", "content": "@阿明 好",
                      "link": "https://www.tiktok.com/@someone?msToken=SECRET"}, ensure_ascii=False)  # fmt: skip
    kept = redacted(raw)
    assert not any(name in kept for name in ("momo", "阿明", "someone", "SECRET"))
    assert "note_id" in kept
    assert len(redacted("x" * 5000)) == 2000


def test_retrievals_keep_query_and_rank(tmp_path: Path) -> None:
    row = staged_rows(tmp_path, replace(ONE_POST, retrieval=Retrieval("cat tax", "likes", 3)))["posts"][0]
    assert (row["query"], row["ranking"], row["rank"]) == ("cat tax", "likes", 3)


def test_every_record_is_counted_once(tmp_path: Path) -> None:
    vault = Vault.create(tmp_path / "vault", seed=1)
    said: list[int] = []
    records = [ONE_POST, ONE_COMMENT, Broken(4, "repeated header"), replace(ONE_COMMENT, platform="nowhere")]
    result = stage_records(records, CaptureInfo("c1", "a", "test"), tmp_path / ".staging", vault, said.append)
    assert (result.posts, result.comments, result.quarantined, result.read) == (1, 1, 2, 4)
    assert said == [4]
    assert staged(tmp_path / ".staging", "c1") == result


def test_a_reader_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def records() -> Any:
        yield ONE_POST
        raise InputError("the file is cut short")

    vault = Vault.create(tmp_path / "vault", seed=1)
    with pytest.raises(InputError, match="cut short"):
        stage_records(records(), CaptureInfo("c1", "a", "test"), tmp_path / ".staging", vault)
    assert not is_staged(tmp_path / ".staging", "c1")
    assert list((tmp_path / ".staging").iterdir()) == []
    assert vault.captures() == ()
