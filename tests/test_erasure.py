"""A person asks to be forgotten: every file of the study is searched for what was theirs, and nothing else changes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import resilens.erasure.carrying as carrying
from resilens.capture.traces import ERASED
from resilens.erasure import carry_out, plan
from resilens.errors import InputError
from resilens.pipeline import OpenStudy, open_study
from resilens.record.store import Draft
from resilens.study.beginning import begin

pytestmark = pytest.mark.slow
ACCOUNT, OTHER, THIRD = "5f1234567890abcdef123456", "5e00000000000000aaaa0001", "5e00000000000000aaaa0002"
NAME, OTHER_NAME = "Zorblatt泽布", "momo"
TAG = "tiktokrefugee"
THEIR_TEXTS = {
    "6785000000000000000000a1": "Paying my cat tax, hello from Ohio 你好猫税",
    "6785100000000000000000c1": "Welcome everyone, this is my very first comment 欢迎",
    "6785100000000000000000c4": "A nested answer that only Zorblatt could write",
    "6785100000000000000000c6": "在这里交税，表格里的评论",
    "6785100000000000000000c8": "a row in a spreadsheet, from the same account",
    "6785100000000000000000c9": "a row in a Parquet file, from the same account",
    "6785000000000000000000a7": "a post in a table of its own columns, by the same account",
}
THEIRS = {f"rednote:{'p' if native[-2] == 'a' else 'c'}:{native}" for native in THEIR_TEXTS}
OTHERS_TEXTS = {
    "rednote:p:6785000000000000000000a2": "An ordinary post about moving house #tiktokrefugee",
    "rednote:c:6785100000000000000000c2": "A reply by someone else, below theirs",
    "rednote:c:6785100000000000000000c3": "Another root comment",
    "rednote:c:6785100000000000000000c5": "别人的评论，在表格里",
}
POST_1, POST_2, POST_7 = (f"6785000000000000000000a{number}" for number in (1, 2, 7))


def person(native: str, name: str) -> dict[str, str]:
    return {"user_id": native, "nickname": name, "image": f"https://avatar.example/{native}.jpg"}


def envelope(
    number: int, platform: str, native: str, data: dict[str, Any], page: str = "search_result?keyword=x"
) -> str:
    return json.dumps({
        "nav_index": "1_1", "item_id": native, "timestamp_collected": 1_736_900_000_000 + number,
        "source_platform": platform, "source_platform_url": f"https://www.xiaohongshu.com/{page}",
        "source_url": f"https://x.example/?xsec_token=t{native}", "user_agent": "agent", "data": data,
    }, ensure_ascii=number % 2 == 0)  # fmt: skip


def post(native: str, account: str, name: str, text: str) -> dict[str, Any]:
    card = {
        "note_id": native, "type": "normal", "title": text[:6], "desc": text, "time": 1_736_800_000_000,
        "user": person(account, name), "tag_list": [{"name": TAG, "type": "topic"}],
        "interact_info": {"liked_count": "12", "comment_count": "3", "collected_count": "1", "share_count": "0"},
    }  # fmt: skip
    return {"id": native, "xsec_token": f"token-{native}", "model_type": "note", "note_card": card}


def comment(native: str, post_id: str, account: str, name: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": native, "note_id": post_id, "content": text, "create_time": 1_736_810_000_000, "like_count": "1",
            "user_info": person(account, name), **more}  # fmt: skip


def crawled(native: str, place: str, text: str, account: str, name: str, parent: str | int = 0) -> list[Any]:
    """A row of MediaCrawler's comments."""
    return [native, 1736810000000, place, POST_2, text, account, name, "", 0, "", parent, 1736900000000, 3]


def write_captures(folder: Path) -> None:
    """Zeeschuimer with nested replies, MediaCrawler in GB18030 and as a JSON array, a table, Excel, Parquet."""
    their = {native[-2:]: native for native in THEIR_TEXTS}
    texts = {native[-2:]: text for native, text in THEIR_TEXTS.items()}
    rows = [
        envelope(1, "xiaohongshu.com", their["a1"], post(their["a1"], ACCOUNT, NAME, texts["a1"] + f" #{TAG}"),
                 "search_result?keyword=tiktokrefugee"),
        envelope(2, "xiaohongshu.com", POST_2, post(POST_2, OTHER, OTHER_NAME, OTHERS_TEXTS[f"rednote:p:{POST_2}"]),
                 "search_result?keyword=tiktokrefugee"),
    ]  # fmt: skip
    (folder / "posts.ndjson").write_text("\n".join(rows) + "\n", "utf-8")
    other = {item.rpartition(":")[2][-2:]: text for item, text in OTHERS_TEXTS.items()}
    page = f"explore/{POST_1}?xsec_token=T"
    nested_other = comment("6785100000000000000000c2", POST_1, OTHER, OTHER_NAME, other["c2"],
                           target_comment={"id": their["c1"], "user_info": person(ACCOUNT, NAME)})  # fmt: skip
    nested_their = comment(their["c4"], POST_1, ACCOUNT, NAME, texts["c4"])
    thread = [
        envelope(3, "xiaohongshu-comments", their["c1"],
                 comment(their["c1"], POST_1, ACCOUNT, NAME, texts["c1"], sub_comments=[nested_other]), page),
        envelope(4, "xiaohongshu-comments", "6785100000000000000000c3",
                 comment("6785100000000000000000c3", POST_1, OTHER, OTHER_NAME, other["c3"],
                         sub_comments=[nested_their]), page),
        envelope(5, "xiaohongshu-comments", "6785100000000000000000d1",
                 comment("6785100000000000000000d1", POST_2, THIRD, "third", f"thank you @{NAME} and @momo",
                         at_users=[person(ACCOUNT, NAME), person(OTHER, OTHER_NAME)])),
    ]  # fmt: skip
    (folder / "comments.ndjson").write_text("\n".join(thread) + "\n", "utf-8")
    columns = ["comment_id", "create_time", "ip_location", "note_id", "content", "user_id", "nickname", "avatar",
               "sub_comment_count", "pictures", "parent_comment_id", "last_modify_ts", "like_count"]  # fmt: skip
    table = [
        columns,
        crawled("6785100000000000000000c5", "四川", other["c5"], OTHER, OTHER_NAME),
        crawled(their["c6"], "美国", texts["c6"] + "\n第二行", ACCOUNT, NAME),
        crawled("6785100000000000000000d2", "美国", f"回复 {NAME}：谢谢", OTHER, OTHER_NAME, their["c6"]),
        crawled("6.85E+23", "美国", texts["c6"], ACCOUNT, NAME),
    ]  # fmt: skip
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(table)
    (folder / "crawler.csv").write_bytes(written.getvalue().encode("gb18030"))
    again = [dict(zip(columns, row, strict=True)) for row in table[1:3]]
    (folder / "crawler.json").write_text(json.dumps(again, indent=2), "utf-8")
    write_tables(folder, their, texts)


def write_tables(folder: Path, their: dict[str, str], texts: dict[str, str]) -> None:
    table = [
        ["post id", "content", "created at", "user id", "nickname"],
        [their["a7"], texts["a7"], "2025-01-14 10:00:00", ACCOUNT, NAME],
        ["6785000000000000000000a8", "a post by the other account", "2025-01-14 11:00:00", OTHER, OTHER_NAME],
    ]
    with (folder / "own.csv").open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=";").writerows(table)
    columns = [
        "comment_id",
        "note_id",
        "content",
        "create_time",
        "user_id",
        "nickname",
        "like_count",
        "parent_comment_id",
    ]
    rows = [
        [their["c8"], POST_2, texts["c8"], 1736810000000, ACCOUNT, NAME, 1, "0"],
        ["6785100000000000000000d8", POST_2, f"I agree with @{NAME}", 1736810000000, OTHER, OTHER_NAME, 1, their["c8"]],
    ]
    book = openpyxl.Workbook()
    for row in [columns, *rows]:
        book.active.append(row)
    book.save(folder / "sheet.xlsx")
    rows[0][0], rows[0][2] = their["c9"], texts["c9"]
    rows[1][0], rows[1][-1] = "6785100000000000000000d9", their["c9"]
    parquet = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows])
    pq.write_table(parquet, folder / "columns.parquet")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with captures in seven formats, decisions of many kinds, a draw and a report."""
    root = tmp_path_factory.mktemp("made")
    captured = root / "captured"
    captured.mkdir()
    write_captures(captured)
    begin(root / "study", "tiktok-refugees", synthetic=True)
    with open_study(root / "study") as study:
        added = study.add([captured])
        assert not added.refused, added.refused
        study.draw()
        study.codebook()
        decide(study)
        study.run()
        assert study.record.verify().sound
    shutil.rmtree(captured)
    return root / "study"


def decide(study: OpenStudy) -> None:
    """Codings of theirs and of others', a round that lists both, memos, a claim, a group, a duplicate."""
    theirs, others = sorted(THEIRS), sorted(OTHERS_TEXTS)
    author = study.vault().pseudonyms.of("rednote", ACCOUNT)
    code = study.codebook().codes[0].id
    coded = [Draft("coding.set", item, {"item_id": item, "code_id": code, "memo": "seen"}, "mei", round_id="round-1")
             for item in (*theirs, *others)]  # fmt: skip
    study.record.append_all([
        Draft("round.opened", "round-1", {"mode": "independent", "coders": ["mei", "jo"], "items": [*theirs, *others]},
              "mei", round_id="round-1"),
        *coded,
        Draft("coding.set", others[0], {"item_id": others[0], "code_id": code, "memo": f"like {theirs[0]}"}, "jo",
              round_id="round-1"),
        Draft("round.frozen", "round-1", {}, "mei", round_id="round-1"),
        Draft("group.assigned", author, {"author": author, "group": "refugees", "reason": "says so"}, "mei"),
        Draft("memo.written", "m1", {"memo_id": "m1", "text": f"quote: {THEIR_TEXTS[POST_1]} #{TAG}; by {NAME}",
                                     "about": [theirs[0], others[0]]}, "mei"),
        Draft("memo.written", "m2", {"memo_id": "m2", "text": "on them alone", "about": [author]}, "mei"),
        Draft("claim.changed", "k1", {"claim_id": "k1", "statement": "Cat tax works",
                                      "evidence_for": [theirs[0], others[0]]}, "mei"),
        Draft("screening.decided", f"rednote:p:{POST_2}",
              {"item_id": f"rednote:p:{POST_2}", "decision": "duplicate", "duplicate_of": f"rednote:p:{POST_1}"},
              "mei"),
    ])  # fmt: skip


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Iterator[OpenStudy]:
    shutil.copytree(made, tmp_path / "study", symlinks=True)
    with open_study(tmp_path / "study") as opened:
        yield opened


def contents(path: Path) -> Iterator[bytes]:
    """A file's bytes, and what they hold once decompressed, opened as a table, or dumped as SQL."""
    raw = path.read_bytes()
    yield raw
    if raw.startswith(b"PAR1"):
        yield json.dumps(pq.read_table(path).to_pylist(), default=str, ensure_ascii=False).encode()
        yield repr(pq.read_metadata(path).metadata).encode()
    elif raw.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif raw.startswith(b"SQLite"):
        with sqlite3.connect(path) as connection:
            yield "\n".join(connection.iterdump()).encode()
        connection.close()


def spellings(text: str) -> Iterator[bytes]:
    for codec in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        yield text.encode(codec)
    escaped = json.dumps(text)[1:-1]
    yield escaped.encode()
    yield escaped.upper().encode()


def found_in(root: Path, needles: list[str]) -> list[str]:
    """Where in any file of the study a needle stands, in any spelling."""
    spelled = [(needle, one) for needle in needles for one in spellings(needle)]
    return [
        f"{path.relative_to(root)}: {needle}"
        for path in sorted(root.rglob("*")) if path.is_file()
        for content in contents(path) for needle, one in spelled if one in content
    ]  # fmt: skip


def texts_of(study: OpenStudy) -> dict[str, str | None]:
    with study.corpus() as corpus:
        rows = [corpus.frame(corpus.table(name).select(id=key, text="text")).to_pylist()
                for name, key in (("posts", "post_id"), ("comments", "comment_id"))]  # fmt: skip
    return {row["id"]: row["text"] for table in rows for row in table}


def needles(study: OpenStudy) -> list[str]:
    return [ACCOUNT, NAME, study.vault().pseudonyms.of("rednote", ACCOUNT), *THEIR_TEXTS, *THEIR_TEXTS.values()]


def test_a_forgotten_author_is_in_no_file_of_the_study(study: OpenStudy) -> None:
    root = study.folder.root
    before, captures = texts_of(study), study.captures()
    wanted = needles(study)
    assert before.keys() >= THEIRS
    assert {line.rpartition(": ")[2] for line in found_in(root, wanted)} == set(wanted), "the search itself must find"

    outcome = carry_out(study, plan(study, ACCOUNT), "asked by mail")

    assert found_in(root, wanted) == []
    assert outcome.leftovers == ()
    study.run()
    assert found_in(root, wanted) == []
    after = texts_of(study)
    assert after.keys() == before.keys() - THEIRS
    changed = {item for item in after if after[item] != before[item]}
    assert changed == {f"rednote:c:6785100000000000000000d{n}" for n in (1, 2, 8, 9)}, "only the mentions"
    assert {after[item] for item in OTHERS_TEXTS} == set(OTHERS_TEXTS.values())
    assert [len(after[item] or "") for item in sorted(changed)] == [len(before[item] or "") for item in sorted(changed)]
    assert study.record.verify(views=True).sound
    for old, new in zip(captures, study.captures(), strict=True):
        assert new["read"] == old["read"] == new["new"] + new["repeated"] + new["quarantined"]
        assert new["capture_id"] == old["capture_id"]


def test_threads_keep_their_shape_under_an_alias(study: OpenStudy) -> None:
    with study.corpus() as corpus:
        old = {row["comment_id"]: row for row in corpus.frame(corpus.table("comments")).to_pylist()}
    carry_out(study, plan(study, ACCOUNT), "asked")
    with study.corpus() as corpus:
        new = {row["comment_id"]: row for row in corpus.frame(corpus.table("comments")).to_pylist()}
        quarantine = corpus.frame(corpus.table("quarantine")).to_pylist()
    reply = "rednote:c:6785100000000000000000c2"
    assert old[reply]["parent_id"] == "rednote:c:6785100000000000000000c1"
    assert new[reply]["parent_id"].startswith("rednote:c:00000000")
    assert len(new[reply]["parent_id"]) == len(old[reply]["parent_id"])
    assert new[reply]["post_id"] == new["rednote:c:6785100000000000000000c3"]["post_id"] != old[reply]["post_id"]
    erased = [row for row in quarantine if row["reason"] == ERASED]
    assert len(erased) == 9  # 7 items, one of them in two captures, and a row whose id a spreadsheet destroyed
    assert {row["raw"] for row in erased} == {""}


def test_ranks_of_others_stay(study: OpenStudy) -> None:
    def ranks() -> dict[str, int]:
        with study.corpus() as corpus:
            return {row["post_id"]: row["rank"] for row in corpus.frame(corpus.table("retrievals")).to_pylist()}

    assert ranks()[f"rednote:p:{POST_2}"] == 2
    carry_out(study, plan(study, ACCOUNT), "asked")
    assert ranks() == {f"rednote:p:{POST_2}": 2}


def test_the_work_on_others_stays_in_force(study: OpenStudy) -> None:
    before = {row["item_id"]: row for row in study.record.view("codings", coder="mei")}
    carry_out(study, plan(study, ACCOUNT), "asked by Zorblatt泽布")
    record = study.record
    after = {row["item_id"]: row for row in record.view("codings", coder="mei")}
    assert after == {item: row for item, row in before.items() if item not in THEIRS}
    (jo,) = record.view("codings", coder="jo")
    assert jo["item_id"] == min(OTHERS_TEXTS)
    assert jo["memo"].startswith("like rednote:c:00000000") or jo["memo"].startswith("like rednote:p:00000000")
    (round_,) = record.view("rounds")
    assert (round_["state"], round_["items"]) == ("frozen", sorted(OTHERS_TEXTS))
    (memo,) = record.view("memos")
    assert (memo["text"], memo["about"]) == ("quote: [erased]; by [erased]", [min(OTHERS_TEXTS)])
    (claim,) = record.view("claims")
    assert claim["evidence_for"] == ["erased", min(OTHERS_TEXTS)]
    assert record.view("groups") == []
    (screening,) = record.view("screening", item_id=f"rednote:p:{POST_2}")
    assert screening["duplicate_of"].startswith("rednote:p:00000000")
    (said,) = record.events("item.erased")
    assert said.body is not None
    assert (said.subject, said.body["what"], said.body["reason"]) == ("", "author", "asked by [erased]")
    assert (said.body["records"], said.body["events"]) == (9, 14)


def test_a_draw_keeps_its_rows_and_the_record_knows_its_new_hash(study: OpenStudy) -> None:
    before = study.sampled_items()
    assert f"rednote:p:{POST_1}" in before
    carry_out(study, plan(study, ACCOUNT), "asked")
    after = study.sampled_items()  # raises where the file is not the one recorded
    assert len(after) == len(before)
    assert [item for item in after if item not in before] == [item for item in after if ":00000000" in item]


def test_an_item_alone_leaves_its_author(study: OpenStudy) -> None:
    target = "rednote:c:6785100000000000000000c1"
    before = texts_of(study)
    carry_out(study, plan(study, target), "asked")
    assert texts_of(study) == {item: text for item, text in before.items() if item != target}
    assert found_in(study.folder.root, ["6785100000000000000000c1", THEIR_TEXTS["6785100000000000000000c1"]]) == []
    assert found_in(study.folder.root, [ACCOUNT]) != []


def test_planning_changes_nothing_and_says_what_would_go(study: OpenStudy) -> None:
    before = {
        path: path.read_bytes()
        for path in study.folder.root.rglob("*")
        if path.is_file() and "sqlite-" not in path.name
    }
    said = "\n".join(plan(study, study.vault().pseudonyms.of("rednote", ACCOUNT)).lines())
    assert "captures: 9 records become tombstones" in said
    assert "7 items" in said
    assert before == {path: path.read_bytes() for path in before}


def test_an_unknown_name_is_refused_with_the_nearest(study: OpenStudy) -> None:
    with pytest.raises(InputError, match="did you mean rednote:c:6785100000000000000000d1?") as caught:
        plan(study, "rednote:c:678510000000000000000.d1")
    assert "vault" in str(caught.value)
    with pytest.raises(InputError, match="nothing in this study goes by 'nobody'"):
        plan(study, "nobody")


@pytest.mark.parametrize(
    ("step", "target"),
    [
        ("forget", ACCOUNT),
        ("_forget_in_capture", ACCOUNT),
        ("identities_of", ACCOUNT),
        ("rebuild_corpus", ACCOUNT),
        ("_rewrite_draws", f"rednote:p:{POST_1}"),
        ("_forget_in_capture", f"rednote:p:{POST_1}"),
    ],
)
def test_a_killed_erasure_is_finished_by_the_same_command(
    study: OpenStudy, monkeypatch: pytest.MonkeyPatch, step: str, target: str
) -> None:
    wanted = needles(study) if target == ACCOUNT else [POST_1, THEIR_TEXTS[POST_1]]

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def killed_after(function: Any) -> Any:
        def once(*given: Any, **named: Any) -> Any:
            function(*given, **named)
            raise KeyboardInterrupt

        return once

    with monkeypatch.context() as patch:
        if step == "rebuild_corpus":
            patch.setattr(study, step, killed)
        else:
            patch.setattr(carrying, step, killed_after(getattr(carrying, step)))
        with pytest.raises(KeyboardInterrupt):
            carry_out(study, plan(study, target), "asked")
    carry_out(study, plan(study, target), "asked")
    assert found_in(study.folder.root, wanted) == []
    assert study.record.verify(views=True).sound
    assert not texts_of(study).keys() & (THEIRS if target == ACCOUNT else {target})
    study.sampled_items()


def test_a_file_of_the_users_is_named_not_touched(study: OpenStudy) -> None:
    notes = study.folder.root / "notes.txt"
    notes.write_text(f"ask {NAME} again", "utf-16")
    planned = plan(study, ACCOUNT)
    assert "not touched, see to it yourself: notes.txt" in planned.lines()
    assert carry_out(study, planned, "asked").leftovers == ("notes.txt",)
    assert notes.read_text("utf-16") == f"ask {NAME} again"
