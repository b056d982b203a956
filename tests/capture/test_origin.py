"""The real files come out exactly as their description says, from the readers and through the whole import."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.capture.reading import broken, comments, posts

from resilens import files
from resilens.capture import building, registry, staging
from resilens.capture.clocks import id_milliseconds
from resilens.capture.reader import Options
from resilens.corpus.engine import Corpus
from resilens.corpus.vault import Vault

pytestmark = pytest.mark.shared


@dataclass(frozen=True)
class Imported:
    """What an import made: the canonical tables as rows, and every byte it wrote outside the vault."""

    tables: dict[str, list[dict[str, Any]]]
    written: bytes
    vault: Vault

    def __getitem__(self, table: str) -> list[dict[str, Any]]:
        return self.tables[table]


@pytest.fixture
def imported(tmp_path: Path) -> Callable[[list[Path]], Imported]:
    """Stage captures and build the corpus, as `resilens add` does."""

    def run(paths: list[Path]) -> Imported:
        vault = Vault.create(tmp_path / "vault")
        captures = [files.sha256_of(path) for path in paths]
        for path, capture_id in zip(paths, captures, strict=True):
            staging.stage(registry.opened(path), capture_id, tmp_path / "staging", vault)
        building.build(tmp_path / "corpus", tmp_path / "staging", captures)
        names = ("captures", "posts", "comments", "authors", "retrievals", "observations", "quarantine")
        with Corpus(tmp_path / "corpus") as corpus:
            tables = {name: corpus.frame(corpus.table(name)).to_pylist() for name in names}
        written = [
            path.read_bytes()
            for folder in ("staging", "corpus")
            for path in sorted((tmp_path / folder).rglob("*"))
            if path.is_file()
        ]
        return Imported(tables, b"".join(written) + repr(tables).encode(), vault)

    return run


def milliseconds(time: Any) -> int:
    return round(time.timestamp() * 1000)


# --- rednote-tiktok-refugees: the event itself


def test_refugee_posts_are_read_without_help(shared: Path) -> None:
    capture = registry.opened(shared / "rednote-tiktok-refugees" / "posts.csv")
    assert (capture.reader.name, capture.guessed) == ("table", True)
    assert capture.source.encoding == "UTF-8 with a byte order mark"
    found = posts(list(capture.read()))
    assert len(found) == 724
    assert len({post.author.native_id for post in found if post.author}) == 676
    assert {post.platform for post in found} == {"rednote"}
    assert sum(post.kind == "video" for post in found) == 413
    assert sum(post.kind == "image" for post in found) == 311
    assert {post.location for post in found} == {"U.S."}
    assert sum(not post.hashtags for post in found) == 116
    assert all(all(post.counts[name] for name in ("likes", "comments", "bookmarks", "shares")) for post in found)
    assert all(len(post.media) >= 1 for post in found)


def test_refugee_posts_through_the_import(shared: Path, imported: Callable[[list[Path]], Imported]) -> None:
    corpus = imported([shared / "rednote-tiktok-refugees" / "posts.csv"])
    (capture,) = corpus["captures"]
    assert [capture[name] for name in ("read", "new", "repeated", "quarantined")] == [724, 724, 0, 0]
    assert capture["time_zone"] == "UTC+08:00"
    assert "720 of 724" in capture["time_zone_basis"]
    assert len(corpus["posts"]) == 724
    assert len(corpus["authors"]) == 676
    first = next(post for post in corpus["posts"] if post["post_id"] == "rednote:p:6785e35000000000200254ab")
    assert first["published_at"].isoformat() == "2025-01-14T04:08:00+00:00"
    assert (first["likes"], first["likes_bound"], first["time_basis"]) == (76000, "rounded", "field_zone_inferred")
    days = sorted(post["published_at"].date().isoformat() for post in corpus["posts"])
    assert ("2025-01-08" <= days[0] <= "2025-01-09", days[-1] <= "2025-03-08") == (True, True)
    assert b"/user/profile/" not in corpus.written
    assert b"xsec_token" not in corpus.written


def test_refugee_accounts_registered_in_the_days_of_the_event(shared: Path) -> None:
    """549 posts by accounts registered 12 to 14 January 2025, UTC; in aggregate only."""
    found = posts(list(registry.opened(shared / "rednote-tiktok-refugees" / "posts.csv").read()))
    begin, end = 1736640000, 1736899200  # 12 January 00:00 and 15 January 00:00
    seconds = [int((post.author.native_id or "")[:8], 16) for post in found if post.author]
    assert sum(begin <= one < end for one in seconds) == 549


# --- rednote-mediacrawler: files from the wild

CRAWLED = {
    "1_detail_comments_2025-07-30 (1).csv": (1396, "UTF-8 with a byte order mark"),
    "1_detail_comments_2025-07-31 (1).csv": (2098, "UTF-8 with a byte order mark"),
    "1_detail_comments_2025-08-05.csv": (3000, "GB18030"),
    "1_detail_contents_2025-07-30 (1).csv": (10, "GB18030"),
    "1_detail_contents_2025-07-30.csv": (11, "UTF-8 with a byte order mark"),
}


@pytest.mark.parametrize("name", CRAWLED)
def test_crawled_files_are_read_row_by_row(shared: Path, name: str) -> None:
    path = shared / "rednote-mediacrawler" / name
    capture = registry.opened(path)
    rows, encoding = CRAWLED[name]
    assert (capture.reader.name, capture.source.encoding) == ("mediacrawler", encoding)
    found = list(capture.read())
    assert (len(found), len(broken(found))) == (rows, 0)
    text = path.read_bytes().decode("gb18030" if encoding == "GB18030" else "utf-8-sig")
    for row, record in zip(csv.DictReader(io.StringIO(text, newline="")), found, strict=True):
        assert record.native_id == row.get("comment_id", row["note_id"])
        assert record.text == (row.get("content", row.get("desc")) or None)
        assert record.author.native_id == row["user_id"]
        if "comment_id" in row:
            assert record.parent == (None if row["parent_comment_id"] == "0" else row["parent_comment_id"])


def test_crawled_files_every_row_is_new_repeated_or_quarantined(
    shared: Path, imported: Callable[[list[Path]], Imported]
) -> None:
    corpus = imported([shared / "rednote-mediacrawler" / name for name in CRAWLED])
    found = {
        row["name"]: [row[one] for one in ("read", "new", "repeated", "quarantined")] for row in corpus["captures"]
    }
    assert found == {
        "1_detail_comments_2025-07-30 (1).csv": [1396, 1396, 0, 0],
        "1_detail_comments_2025-07-31 (1).csv": [2098, 2098, 0, 0],
        "1_detail_comments_2025-08-05.csv": [3000, 3000, 0, 0],
        "1_detail_contents_2025-07-30 (1).csv": [10, 10, 0, 0],
        "1_detail_contents_2025-07-30.csv": [11, 10, 1, 0],  # one post is in both
    }
    assert (len(corpus["comments"]), len(corpus["posts"])) == (6494, 20)
    assert len(corpus["observations"]) == 6515
    assert {row["time_basis"] for row in corpus["comments"]} == {"field"}


def excel_damage(text: str) -> tuple[str, list[str], list[int]]:
    """What a spreadsheet and an appending crawler do to a file: its text, ids with a damaged time, lines to quarantine.

    Every third time becomes 1.75E+12, ids of every 500th row are destroyed; before every 400th row stands the header
    again, or a blank row.
    """
    rows = list(csv.reader(io.StringIO(text, newline="")))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    rebuilt: list[str] = []
    lost: list[int] = []
    line = 1
    for number, row in enumerate(rows):
        if number and number % 400 == 0:
            writer.writerow([] if number % 800 else rows[0])
            lost += [line] if number % 800 == 0 else []
            line += 1
        if number and number % 500 == 0:
            row[0] = "6.85E+278"
            lost.append(line)
        elif number and number % 3 == 0:
            row[1] = "1.75E+12"
            rebuilt.append(row[0])
        writer.writerow(row)
        line += 1 + sum(cell.count("\n") for cell in row)
    return stream.getvalue(), rebuilt, lost


def test_times_damaged_by_a_spreadsheet_are_rebuilt_and_destroyed_ids_quarantined(
    shared: Path, tmp_path: Path, imported: Callable[[list[Path]], Imported]
) -> None:
    original = shared / "rednote-mediacrawler" / "1_detail_comments_2025-08-05.csv"
    text, rebuilt, lost = excel_damage(original.read_bytes().decode("gb18030"))
    damaged = tmp_path / "1_detail_comments_2025-08-05 (1).csv"
    damaged.write_bytes(text.encode("gb18030"))
    truth = {one.native_id: int(one.published) for one in comments(list(registry.opened(original).read()))}
    corpus = imported([damaged])
    (capture,) = corpus["captures"]
    assert (len(rebuilt), len(lost)) == (998, 9)
    counts = [capture[name] for name in ("read", "new", "repeated", "quarantined")]
    assert counts == [3003, 2994, 0, 9]  # 3,000 comments and 3 repeated headers; 6 ids destroyed
    assert sorted(row["line"] for row in corpus["quarantine"]) == sorted(lost)
    reasons = [row["reason"] for row in corpus["quarantine"]]
    assert sum(reason == "repeated header" for reason in reasons) == 3
    assert sum("destroyed by a spreadsheet" in reason for reason in reasons) == 6
    assert {row["capture_id"] for row in corpus["quarantine"]} == {capture["capture_id"]}
    by_id = {row["comment_id"].removeprefix("rednote:c:"): row for row in corpus["comments"]}
    assert {by_id[one]["time_basis"] for one in rebuilt} == {"id_exact"}
    apart = [abs(milliseconds(by_id[one]["published_at"]) - truth[one]) for one in rebuilt]
    assert max(apart) <= 60_000
    assert sum(one <= 1000 for one in apart) >= 0.99 * len(apart)
    clock = id_milliseconds("rednote", "c", rebuilt[0])
    assert clock is not None
    assert milliseconds(by_id[rebuilt[0]]["published_at"]) == clock[0]


# --- zeeschuimer


def test_tiktok_items_have_all_their_counts(shared: Path, imported: Callable[[list[Path]], Imported]) -> None:
    path = shared / "zeeschuimer" / "tiktok.ndjson"
    capture = registry.opened(path)
    assert capture.reader.name == "zeeschuimer"
    found = posts(list(capture.read()))
    assert len(found) == 40
    assert [post.retrieval and (post.retrieval.query, post.retrieval.rank) for post in found] == [
        ("fosfor", rank) for rank in range(1, 41)
    ]
    rows = imported([path])["posts"]
    totals = {name: sum(row[name] for row in rows) for name in ("likes", "comments", "bookmarks", "shares", "views")}
    assert totals == {"likes": 1348393, "comments": 42201, "bookmarks": 102547, "shares": 10245, "views": 20753328}
    assert all(row[f"{name}_bound"] == "exact" for row in rows for name in totals)
    assert len({row["author"] for row in rows}) == 38


def test_rednote_items_of_zeeschuimer(shared: Path, imported: Callable[[list[Path]], Imported]) -> None:
    folder = shared / "zeeschuimer"
    assert len(posts(list(registry.opened(folder / "rednote-posts.ndjson").read()))) == 109
    found = comments(list(registry.opened(folder / "rednote-comments.ndjson").read()))
    assert (len(found), sum(one.parent is not None for one in found)) == (1000, 700)
    corpus = imported([folder / "rednote-posts.ndjson", folder / "rednote-comments.ndjson", folder / "tiktok.ndjson"])
    assert (len(corpus["posts"]), len(corpus["comments"]), len(corpus["retrievals"])) == (149, 1000, 149)
    assert len({row["author"] for row in corpus["comments"]}) == 821


def test_secrets_and_accounts_are_never_stored(shared: Path, imported: Callable[[list[Path]], Imported]) -> None:
    """Neither tokens nor, outside the vault, ids and names of accounts: looked for in every byte."""
    paths = sorted((shared / "zeeschuimer").iterdir()) + sorted((shared / "rednote-api").iterdir())
    accounts: set[str] = set()
    for path in paths:
        for record in registry.opened(path).read():
            if getattr(record, "author", None):
                accounts |= {record.author.native_id}
                accounts |= {name for name in [record.author.name] if name.startswith("user_")}
    assert len(accounts) > 1000
    written = imported(paths).written
    for secret in (
        b"msToken",
        b"SECRET",
        b"device_id",
        b"user_agent",
        b"xsec_token",
        b"tt_chain_token",
        b"x-signature",
    ):
        assert secret not in written, secret
    assert [account for account in sorted(accounts) if account.encode() in written] == []


# --- rednote-api


def test_answers_are_unfolded_with_parents_and_roots(shared: Path, imported: Callable[[list[Path]], Imported]) -> None:
    folder = shared / "rednote-api"
    thread = json.loads((folder / "comment.json").read_bytes())["data"]["comments"]
    page = json.loads((folder / "sub_comment.json").read_bytes())["data"]["comments"]
    corpus = imported([folder / "feed.json", folder / "comment.json", folder / "sub_comment.json"])
    assert [[row[name] for name in ("name", "read", "new")] for row in corpus["captures"]] == [
        ["feed.json", 1, 1], ["comment.json", 19, 19], ["sub_comment.json", 5, 5],
    ]  # fmt: skip
    by_id = {row["comment_id"].removeprefix("rednote:c:"): row for row in corpus["comments"]}
    for comment in thread:
        assert by_id[comment["id"]]["parent_id"] is None
        assert by_id[comment["id"]]["root_id"] == f"rednote:c:{comment['id']}"
        assert by_id[comment["id"]]["depth"] == 1
        for reply in comment["sub_comments"]:
            assert by_id[reply["id"]]["parent_id"] == f"rednote:c:{comment['id']}"
            assert by_id[reply["id"]]["root_id"] == f"rednote:c:{comment['id']}"
            assert by_id[reply["id"]]["depth"] == 2
    for reply in page:
        row = by_id[reply["id"]]
        assert row["parent_id"] == f"rednote:c:{reply['target_comment']['id']}"
        assert row["depth"] is None  # the thread begins outside what was captured
    assert {row["post_id"] for row in corpus["comments"][:1]} <= {row["post_id"] for row in corpus["posts"]} | {
        "rednote:p:66f4f758000000001902f8e1"
    }
    (post,) = corpus["posts"]
    assert (post["likes"], post["comments"], post["bookmarks"], post["shares"]) == (44, 160, 18, 12)


def test_a_declared_query_reaches_the_retrievals(shared: Path) -> None:
    capture = registry.opened(
        shared / "rednote-tiktok-refugees" / "posts.csv", Options(query="tiktokrefugee", ranking="likes")
    )
    found = posts(list(capture.read()))
    assert [post.retrieval and post.retrieval.rank for post in found] == list(range(1, 725))
    assert {post.retrieval and post.retrieval.ranking for post in found} == {"likes"}
