"""A canonical table is adopted as it stands: nothing lost, nothing made up, nobody named, all rows counted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.capture.reading import card, envelope
from tests.capture.test_building import JANUARY, comment, made, post

from resilens.capture import canonical
from resilens.capture.building import build
from resilens.capture.canonical_rows import COLUMNS, named, named_by_path
from resilens.capture.erasing import Erasing, erase_from
from resilens.capture.reader import Options
from resilens.capture.records import CapturedPost, Person, Retrieval
from resilens.capture.registry import opened
from resilens.capture.staging import Staged, stage
from resilens.capture.synthetic import KEY
from resilens.capture.traces import ERASED, NOBODY, Traces
from resilens.corpus.engine import Corpus
from resilens.corpus.pseudonyms import Pseudonyms
from resilens.corpus.text import language_of, script_of, stored_text
from resilens.corpus.vault import Vault
from resilens.errors import InputError
from resilens.pipeline import open_study
from resilens.study.beginning import begin

MEI, JO = "u-" + "m" * 16, "n-" + "j" * 16
THEN = datetime(2025, 1, 14, 4, 8, 48, tzinfo=UTC)
POST: dict[str, Any] = {
    "post_id": "rednote:p:6785e35000000000200254ab", "platform": "rednote", "author": MEI, "published_at": THEN,
    "time_basis": "field", "time_precision": "second", "kind": "image", "title": "猫税", "text": "交税 #猫税",
    "hashtags": ["猫税"], "script": "han", "language": "zh", "likes": 76_000, "likes_bound": "rounded", "comments": 3,
    "comments_bound": "exact", "bookmarks": 10, "bookmarks_bound": "at_least", "shares_bound": "unknown",
    "location": "广东", "url": None, "media": ["a.webp"], "flags": ["text_not_captured"],
    "collected_at": THEN + timedelta(days=90), "query": "#猫税", "ranking": "likes", "rank": 7,
}  # fmt: skip
COMMENT: dict[str, Any] = {
    "comment_id": "rednote:c:6785e36000000000200254ac", "post_id": POST["post_id"], "parent_id": None,
    "platform": "rednote", "author": JO, "published_at": THEN, "text": f"welcome @{MEI}", "likes": 2,
}  # fmt: skip


def written(path: Path, rows: Sequence[dict[str, Any]], without: Sequence[str] = (), **types: pa.DataType) -> Path:
    """A canonical Parquet file of these rows, with every column that is read unless `without` it."""
    kind = "comments" if "comment_id" in rows[0] else "posts"
    fields = [pa.field(field.name, types.get(field.name, field.type)) for field in COLUMNS[kind]
              if field.name not in without]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(list(rows), pa.schema(fields)), path)
    return path


def adopted(folder: Path, *files: Path, options: Options | None = None) -> list[Staged]:
    """Stage these files as captures a0, a1, ... and build the corpus."""
    vault = Vault.create(folder / "vault", seed=2)
    results = [stage(opened(file, options), f"a{number}", folder / ".staging", vault)
               for number, file in enumerate(files)]  # fmt: skip
    build(folder / "corpus", folder / ".staging", [one.capture_id for one in results])
    return results


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    with Corpus(folder / "corpus") as corpus:
        return list(corpus.frame(corpus.table(name)).to_pylist())


def reasons(folder: Path) -> list[str]:
    return [row["reason"] for row in table(folder, "quarantine")]


def test_a_post_stands_in_the_corpus_as_it_was_captured(tmp_path: Path) -> None:
    adopted(tmp_path, written(tmp_path / "p.parquet", [POST]))
    (found,) = table(tmp_path, "posts")
    expected = {name: POST.get(name) for name in found} | {"views_bound": "unknown"}
    assert found == expected
    (seen,) = table(tmp_path, "retrievals")
    assert (seen["query"], seen["ranking"], seen["rank"], seen["collected_at"]) == (
        "#猫税", "likes", 7, POST["collected_at"],
    )  # fmt: skip
    (observed,) = table(tmp_path, "observations")
    assert (observed["likes_raw"], observed["views_raw"], observed["line"]) == ("76000", None, 1)


@pytest.mark.parametrize("basis", ["field", "field_zone_inferred", "field_zone_declared", "id_exact", "id_lower_bound"])
@pytest.mark.parametrize("precision", ["millisecond", "minute", "day", "unknown"])
def test_a_time_keeps_what_it_rests_on(tmp_path: Path, basis: str, precision: str) -> None:
    row = COMMENT | {"time_basis": basis, "time_precision": precision, "flags": ["time_rebuilt", "transcribed"]}
    adopted(tmp_path, written(tmp_path / "c.parquet", [row]))
    (found,) = table(tmp_path, "comments")
    assert (found["published_at"], found["time_basis"], found["time_precision"]) == (THEN, basis, precision)
    assert found["flags"] == ["time_rebuilt", "transcribed"]


def test_no_time_stays_none_though_the_id_has_a_clock(tmp_path: Path) -> None:
    row = COMMENT | {"published_at": None, "time_basis": "unknown", "flags": ["zone_unknown"]}
    adopted(tmp_path, written(tmp_path / "c.parquet", [row]))
    (found,) = table(tmp_path, "comments")
    assert (found["published_at"], found["time_basis"], found["time_precision"], found["flags"]) == (
        None, "unknown", "unknown", ["zone_unknown"],
    )  # fmt: skip


def test_what_is_left_out_follows_the_rules_for_all_captures(tmp_path: Path) -> None:
    wanted = canonical.REQUIRED["posts"]
    texts = ["你好", "hello\r\nyou", "こんにちは", None]
    rows = [{name: POST[name] for name in wanted} | {"post_id": f"rednote:p:{number}", "text": text, "hashtags": None}
            for number, text in enumerate(texts)]  # fmt: skip
    rows[1] |= {"author": None, "published_at": THEN + timedelta(milliseconds=5)}
    adopted(tmp_path, written(tmp_path / "p.parquet", rows, [n for n in COLUMNS["posts"].names if n not in wanted]))
    found = table(tmp_path, "posts")
    assert [(row["script"], row["language"]) for row in found] == [
        (script_of("\n" + (text or "")), language_of("\n" + (text or ""))) for text in texts
    ]
    assert [row["text"] for row in found] == ["你好", "hello\nyou", "こんにちは", None]
    assert [row["time_precision"] for row in found] == ["second", "millisecond", "second", "second"]
    assert {row["time_basis"] for row in found} == {"field"}
    assert [row["flags"] for row in found] == [[], ["author_missing"], [], []]
    assert {row["kind"] for row in found} == {row["likes_bound"] for row in found} == {"unknown"}
    assert table(tmp_path, "retrievals") == []


def small_study(folder: Path) -> Path:
    """A corpus with every oddity that must survive: bases, bounds, flags, broken threads, mentions, merged captures."""
    posts = [
        post(0, text="full text #猫税 @momo", counts={"likes": "7.6万", "comments": "5", "views": "1万+"}),
        post(1, published=(JANUARY + 1) * 1000, title="回复 momo：好", media=("a.png",), url="https://x.example/1"),
        CapturedPost(3, "bluesky", "at://did:plc:abc/app.bsky.feed.post/3lfz2xyzabc2k", None, "2025-01-14 12:08"),
        CapturedPost(4, "tiktok", "7288995634328177926", Person(None, "handle", True), "3 months ago", text="@a.b d@e"),
    ]
    comments = [
        comment(1), comment(2, 1, likes="10+", replies=3), comment(3, 99), comment(4, 3, published="1.75E+12"),
        comment(5, 6), comment(6, 5, author=Person(None, "用户已注销")), comment(7, published="2025-01-14"),
        comment(8, published=None, text="lost \ufffd \ufeff", flags=("by_post_author",)), comment(9, text=""),
    ]  # fmt: skip
    again = [post(0, counts={"likes": "80000"}, collected_at=1750000000000, retrieval=Retrieval("#猫税", "likes", 1))]
    return made(folder, [*posts, *comments], again)


def assert_faithful(corpus: Path, folder: Path) -> None:
    files = [corpus / kind / "part-0.parquet" for kind in ("posts", "comments")]
    before = [pq.read_table(file) for file in files]
    results = adopted(folder, *(file for file, rows in zip(files, before, strict=True) if len(rows)))
    assert table(folder, "quarantine") == []
    assert sum(one.read for one in results) == sum(map(len, before))
    for kind, rows in zip(("posts", "comments"), before, strict=True):
        assert pq.read_table(folder / "corpus" / kind / "part-0.parquet").equals(rows), kind


def test_a_corpus_adopted_by_another_study_is_the_same_corpus(tmp_path: Path) -> None:
    assert_faithful(small_study(tmp_path / "first"), tmp_path / "second")


@pytest.mark.shared
def test_the_corpus_of_real_captures_is_adopted_whole(tmp_path: Path, shared: Path) -> None:
    vault = Vault.create(tmp_path / "vault", seed=1)
    files = [shared / "rednote-tiktok-refugees" / "posts.csv", *sorted((shared / "zeeschuimer").glob("*.ndjson"))]
    for number, file in enumerate(files):
        stage(opened(file), f"c{number}", tmp_path / ".staging", vault)
    build(tmp_path / "corpus", tmp_path / ".staging", [f"c{number}" for number in range(len(files))])
    assert_faithful(tmp_path / "corpus", tmp_path / "second")


def test_the_same_file_gives_the_same_bytes_whatever_its_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [COMMENT | {"comment_id": f"rednote:c:{number}", "likes": number - 3} for number in range(25)]
    file = written(tmp_path / "c.parquet", rows)
    hashes = []
    for turn, size in enumerate((canonical.BATCH, canonical.BATCH, 7)):
        monkeypatch.setattr(canonical, "BATCH", size)
        (result,) = adopted(tmp_path / str(turn), file)
        assert (result.comments, result.quarantined, result.read) == (22, 3, 25)
        staged = sorted((tmp_path / str(turn) / ".staging" / "a0").glob("*.parquet"))
        corpus = sorted((tmp_path / str(turn) / "corpus").rglob("*.parquet"))
        hashes.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in (*staged, *corpus)])
    assert hashes[0] == hashes[1]
    assert hashes[0][3:] == hashes[2][3:], "the corpus does not depend on how much was read at a time"
    assert [row["line"] for row in table(tmp_path / "2", "quarantine")] == [1, 2, 3]


POST_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"post_id": None}, "id is missing"), ({"post_id": ""}, "id is missing"),
    ({"post_id": "6785e35000000000200254ab"}, "platform:p:native"), ({"post_id": "rednote:c:1"}, "platform:p:native"),
    ({"post_id": "tiktok:p:1"}, "platform:p:native"), ({"post_id": "rednote:p: "}, "platform:p:native"),
    ({"post_id": "rednote:p:a\x00"}, "platform:p:native"), ({"post_id": "rednote:p:6.85E+23"}, "spreadsheet"),
    ({"post_id": "rednote:p:https://x.example/momo"}, "names an account"),
    ({"post_id": "mastodon:p:1138", "platform": "mastodon"}, "names an account"),
    ({"platform": None}, "closed list"), ({"platform": "xhs"}, "closed list"),
    ({"author": "momo"}, "no pseudonym"), ({"author": "u-0123456789abcdef"}, "no pseudonym"),
    ({"account": "my.account"}, "no pseudonym"),
    ({"text": "nul \x00 here"}, "NUL"), ({"media": ["a", "\x00"]}, "NUL"), ({"location": "\x00"}, "NUL"),
    ({"title": "thanks @momo!"}, "by name"), ({"text": "x\n回复 小红：谢谢"}, "by name"),
    ({"published_at": datetime(1970, 1, 2, tzinfo=UTC)}, "1990"),
    ({"collected_at": datetime(2200, 1, 1, tzinfo=UTC)}, "1990"),
    ({"time_basis": "guessed"}, "time_basis is none of"), ({"time_precision": "week"}, "time_precision is none of"),
    ({"time_basis": "unknown"}, "has a time"), ({"published_at": None}, "no time"),
    ({"published_at": None, "time_basis": None}, "time_precision, but no time"),
    ({"kind": "reel"}, "kind is none of"), ({"script": "Han"}, "script is none of"),
    ({"language": "Chinese"}, "language"),
    ({"likes": -1}, "below zero"), ({"likes_bound": "about"}, "likes_bound is none of"),
    ({"likes": None}, "no likes"), ({"likes_bound": "unknown"}, "bound is unknown"),
    ({"flags": ["Seen by Momo"]}, "flag"), ({"rank": 0}, "rank"),
]  # fmt: skip
COMMENT_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"comment_id": "rednote:p:1"}, "platform:c:native"), ({"post_id": None}, "id of its post is missing"),
    ({"post_id": "tiktok:p:1"}, "id of its post"), ({"post_id": "1"}, "id of its post"),
    ({"parent_id": POST["post_id"]}, "comment it answers"), ({"parent_id": "rednote:c:1.75E+12"}, "spreadsheet"),
    ({"replies": -2}, "below zero"), ({"author": "@jo"}, "no pseudonym"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "cases"), [(POST, POST_FAULTS), (COMMENT, COMMENT_FAULTS)], ids=["posts", "comments"])
def test_each_fault_is_quarantined_with_its_reason_and_without_its_value(
    tmp_path: Path, row: dict[str, Any], cases: list[tuple[dict[str, Any], str]]
) -> None:
    (result,) = adopted(tmp_path, written(tmp_path / "f.parquet", [row, *(row | change for change, _ in cases)]))
    assert (result.read, result.quarantined) == (len(cases) + 1, len(cases))
    own_id = row["comment_id"] if row is COMMENT else row["post_id"]
    for found, (change, words) in zip(table(tmp_path, "quarantine"), cases, strict=True):
        assert words in found["reason"], (change, found["reason"])
        assert found["raw"] in ("", own_id)


@pytest.mark.parametrize("kind", ["posts", "comments"])
def test_a_missing_or_unfit_column_refuses_the_file_in_words(tmp_path: Path, kind: str) -> None:
    row = POST if kind == "posts" else COMMENT
    file = written(tmp_path / "f.parquet", [row | {"location": 1}], ["text", "author"], likes=pa.float64(),
                   location=pa.int8())  # fmt: skip
    with pytest.raises(InputError) as refused:
        opened(file)
    said = "\n".join(map(str, refused.value.faults))
    assert "f.parquet: text: this column" in said
    assert "f.parquet: author: this column" in said
    assert "likes: is double; expected int64" in said
    assert "location: is int8; expected string" in said
    naive = written(tmp_path / "naive.parquet", [row | {"published_at": THEN.replace(tzinfo=None)}],
                    published_at=pa.timestamp("us"))  # fmt: skip
    with pytest.raises(InputError, match=r"published_at: is timestamp\[us\]; expected timestamp\[ms, tz=UTC\]"):
        opened(naive)


def test_types_that_hold_the_same_are_read_and_other_columns_are_not(tmp_path: Path) -> None:
    rows = pa.Table.from_pylist([POST | {"truth": "cat tax", "depth": 9}])
    for name, wanted in (("platform", pa.dictionary(pa.int8(), pa.string())), ("text", pa.large_string()),
                         ("published_at", pa.timestamp("ns", "Asia/Shanghai")), ("likes", pa.uint32()),
                         ("hashtags", pa.large_list(pa.large_string()))):  # fmt: skip
        rows = rows.set_column(rows.column_names.index(name), name, rows[name].cast(wanted))
    pq.write_table(rows, tmp_path / "p.parquet")
    adopted(tmp_path / "plain", written(tmp_path / "plain.parquet", [POST]))
    adopted(tmp_path / "other", tmp_path / "p.parquet")
    assert table(tmp_path / "other", "posts") == table(tmp_path / "plain", "posts")


def test_a_table_with_ids_of_its_own_is_left_to_the_table_reader(tmp_path: Path) -> None:
    rows = [POST | {"post_id": "6785e35000000000200254ab", "author": "momo"}]
    assert opened(written(tmp_path / "own.parquet", rows)).reader.name == "table"
    assert opened(written(tmp_path / "forced.parquet", rows), Options(reader="canonical")).reader.name == "canonical"
    assert opened(written(tmp_path / "c.parquet", [COMMENT])).reader.name == "canonical"
    pq.write_table(COLUMNS["posts"].empty_table(), tmp_path / "empty.parquet")
    (result,) = adopted(tmp_path, tmp_path / "empty.parquet")
    assert (result.reader, result.read) == ("canonical", 0)
    with pytest.raises(InputError, match="no Parquet file"):
        opened(Path(__file__), Options(reader="canonical"))


def test_a_row_twice_is_repeated_and_threads_are_resolved(tmp_path: Path) -> None:
    answer = COMMENT | {"comment_id": "rednote:c:2", "parent_id": COMMENT["comment_id"], "flags": ["orphan"]}
    adopted(tmp_path, written(tmp_path / "c.parquet", [answer, COMMENT, COMMENT]))
    (capture,) = table(tmp_path, "captures")
    assert [capture[name] for name in ("read", "new", "repeated", "quarantined")] == [3, 2, 1, 0]
    found = {row["comment_id"]: row for row in table(tmp_path, "comments")}
    assert [(found[one["comment_id"]]["depth"], found[one["comment_id"]]["flags"]) for one in (COMMENT, answer)] == [
        (1, []), (2, []),
    ]  # fmt: skip


def test_a_declared_search_ranks_the_posts_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [POST | {"post_id": f"rednote:p:{number}"} for number in (5, 3, 5, 4)] + [POST | {"post_id": "[erased]"}]
    file = written(tmp_path / "p.parquet", rows)
    adopted(tmp_path, file, options=Options(query="cat tax", ranking="comments"))
    found = table(tmp_path, "retrievals")
    assert [(row["post_id"][-1], row["rank"]) for row in found] == [("5", 1), ("3", 2), ("4", 3)]
    assert {(row["query"], row["ranking"]) for row in found} == {("cat tax", "comments")}
    with pytest.raises(InputError, match="are columns of a canonical table"):
        adopted(tmp_path, file, options=Options(account="mine"))


def test_addresses_lose_tokens_and_go_where_they_name_an_account(tmp_path: Path) -> None:
    row = POST | {"url": "https://www.tiktok.com/@momo/video/1",
                  "media": ["https://a.example/1.png?sign=abc", None, "https://x.com/momo/1", "b.png"]}  # fmt: skip
    plain = POST | {"post_id": "rednote:p:2", "media": None, "url": "https://a.example/2"}
    adopted(tmp_path, written(tmp_path / "p.parquet", [row, plain]))
    found = {one["post_id"]: (one["url"], one["media"]) for one in table(tmp_path, "posts")}
    assert found == {POST["post_id"]: (None, ["https://a.example/1.png", "b.png"]),
                     "rednote:p:2": ("https://a.example/2", [])}  # fmt: skip


PIECES = [*"@＠ab猫.~～ \n\u3000\u2003:：,#[]\"'\\/-_%+", "回复 ", "回复", f"@{MEI}", JO, "\ufeff", "momo", "u/",
          "/user/"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_is_stored_never_seems_to_name_somebody(text: str) -> None:
    keyed = Pseudonyms(b"0123456789abcdef")
    stored, _ = stored_text(text, lambda name: keyed.of_name("reddit", name), platform="reddit")
    tests = f"SELECT {named('text')}, {named_by_path('text')}"
    found = duckdb.execute(f"{tests} FROM (SELECT $1 AS text, 'reddit' AS platform)", [stored]).fetchone()
    assert found == (False, False)


GARBAGE = {
    pa.string(): st.none() | st.text(max_size=6) | st.sampled_from([MEI, "[erased]", "rednote:p:1", "day", "\x00"]),
    pa.int64(): st.none() | st.integers(-(2**63), 2**63 - 1),
    COLUMNS["posts"].field("media").type: st.none() | st.lists(st.none() | st.text(max_size=4), max_size=3),
    COLUMNS["posts"].field("collected_at").type: st.none() | st.integers(-(2**63), 2**63 - 1),
}


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_corrupted_cells_never_crash_and_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from([POST, COMMENT]))
    kind = "comments" if row is COMMENT else "posts"
    rows = pa.Table.from_pylist([row] * data.draw(st.integers(1, 6)), COLUMNS[kind])
    for name in data.draw(st.lists(st.sampled_from(COLUMNS[kind].names), max_size=6)):
        place, column = rows.column_names.index(name), rows[name]
        plain = pa.int64() if pa.types.is_timestamp(column.type) else column.type
        cells = [data.draw(GARBAGE[column.type]) if data.draw(st.booleans()) else value
                 for value in column.cast(plain).to_pylist()]  # fmt: skip
        rows = rows.set_column(place, rows.schema.field(place), pa.array(cells, plain).cast(column.type))
    folder = tmp_path_factory.mktemp("corrupted")
    pq.write_table(rows, folder / "f.parquet")
    opened(folder / "f.parquet", Options(reader="canonical")).source.head.records  # noqa: B018
    (result,) = adopted(folder, folder / "f.parquet", options=Options(reader="canonical"))
    (capture,) = table(folder, "captures")
    assert result.read == len(rows) == capture["read"]
    assert capture["read"] == capture["new"] + capture["repeated"] + capture["quarantined"]
    for name in ("posts", "comments"):
        for found in table(folder, name):
            assert found["author"] is None or (len(found["author"]) == 18 and found["author"][:2] in ("u-", "n-"))


def test_text_that_is_no_unicode_and_a_damaged_file_are_refused(tmp_path: Path) -> None:
    rows = pa.Table.from_pylist([COMMENT], pa.schema([field for field in COLUMNS["comments"] if field.name in COMMENT]))
    broken = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff\xfe"], pa.binary()).buffers())
    bad = rows.set_column(rows.column_names.index("text"), "text", broken)
    pq.write_table(bad, tmp_path / "bad.parquet")
    file = written(tmp_path / "whole.parquet", [COMMENT] * 50)
    (tmp_path / "cut.parquet").write_bytes(file.read_bytes()[:-200])
    for name in ("bad.parquet", "cut.parquet"):
        with pytest.raises(InputError):
            adopted(tmp_path, tmp_path / name, options=Options(reader="canonical"))
        assert not (tmp_path / ".staging" / "a0").exists()


# --- forgetting, and what is made up


def test_forgetting_leaves_a_tombstone_and_takes_the_traces_out_of_others(tmp_path: Path) -> None:
    theirs, answer = COMMENT["comment_id"], "rednote:c:2"
    rows = [COMMENT, COMMENT | {"comment_id": answer, "parent_id": theirs, "author": MEI, "text": f"@{JO} 好 {theirs}"},
            COMMENT | {"comment_id": "not an id"}, COMMENT | {"comment_id": "rednote:c:3", "author": MEI}]  # fmt: skip
    file = written(tmp_path / "c.parquet", rows)
    marked = pq.read_table(file).replace_schema_metadata({KEY: "seed 7"})
    pq.write_table(marked, file)
    keyed = Pseudonyms(b"0123456789abcdef")
    traces = Traces(keyed, comments=frozenset({theirs.rpartition(":")[2]}), pseudonyms_of_author=frozenset({JO}),
                    renamed={theirs: "rednote:c:000000001234567890123456"})  # fmt: skip
    assert erase_from(file, traces, reader="canonical", change=False) == Erasing(2, 1)
    assert erase_from(file, traces, reader="canonical") == Erasing(2, 1)
    assert erase_from(file, traces, reader="canonical") == Erasing()
    content = file.read_bytes()
    assert not any(trace.encode() in content for trace in (theirs, JO))
    assert pq.read_schema(file).metadata[KEY.encode()] == b"seed 7"
    after = pq.read_table(file).to_pylist()
    assert (after[1]["parent_id"], after[1]["text"]) == (
        "rednote:c:000000001234567890123456", f"@{NOBODY} 好 rednote:c:000000001234567890123456",
    )  # fmt: skip
    assert after[3] == pq.read_table(written(tmp_path / "plain.parquet", rows[3:])).to_pylist()[0]
    (result,) = adopted(tmp_path, file, options=Options(reader="canonical"))
    assert (result.comments, result.quarantined) == (2, 2)
    assert reasons(tmp_path) == [ERASED, ERASED]


def test_a_person_is_forgotten_in_a_study_that_adopted(tmp_path: Path) -> None:
    from resilens.erasure import carry_out, plan

    corpus = small_study(tmp_path / "first")
    begin(tmp_path / "study", "tiktok-refugees", synthetic=True)
    with open_study(tmp_path / "study") as study:
        study.add([corpus / "posts" / "part-0.parquet", corpus / "comments" / "part-0.parquet"])
        before = {row["author"] for row in table(tmp_path / "study", "comments")}
        author = next(row["author"] for row in table(tmp_path / "study", "comments") if row["comment_id"].endswith("2"))
        carry_out(study, plan(study, author), "asked")
        assert {row["author"] for row in table(tmp_path / "study", "comments")} == before - {author}
        assert [(row["read"], row["quarantined"]) for row in study.captures()] == [(4, 0), (9, 1)]
        assert study.record.verify().sound
    for path in (tmp_path / "study").rglob("*"):
        assert not path.is_file() or author.encode() not in path.read_bytes(), path


def test_what_is_synthetic_enters_only_a_study_that_says_so(tmp_path: Path) -> None:
    export, crawled = tmp_path / "export.ndjson", tmp_path / "crawled.csv"
    export.write_text(json.dumps(envelope("xiaohongshu.com", card()) | {"user_agent": "SYNTHETIC (seed 7)"}), "utf-8")
    row = "6785e35000000000200254ab,好,2025-01-14 12:00,https://www.xiaohongshu.com/explore/1?xsec_token=SYNTHETIC"
    crawled.write_text(f"post_id,text,created_at,url\n{row}\n", "utf-8")
    made_up = written(tmp_path / "made_up.parquet", [POST])
    pq.write_table(pq.read_table(made_up).replace_schema_metadata({KEY: "true"}), made_up)
    files = [made_up, export, crawled]
    begin(tmp_path / "real", "tiktok-refugees")
    with open_study(tmp_path / "real") as study:
        outcome = study.add([*files, written(tmp_path / "real.parquet", [POST])])
        assert [one.name for one in outcome.additions] == ["real.parquet"]
        assert [fault.where for fault in outcome.refused] == [file.name for file in files]
        assert all("SYNTHETIC" in fault.message and "synthetic = true" in fault.message for fault in outcome.refused)
        assert len(list((tmp_path / "real" / "captures").iterdir())) == 1, "nothing of it is kept"
    begin(tmp_path / "synthetic", "tiktok-refugees", synthetic=True)
    with open_study(tmp_path / "synthetic") as study:
        assert not study.add(files).refused
