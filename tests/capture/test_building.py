"""The corpus holds every item once, every appearance as an observation, and survives being killed at any point."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from resilens.capture.building import HashtagVolume, build, recover
from resilens.capture.cohorts import account_cohorts
from resilens.capture.groups import GroupRule, check_rules, registered_on
from resilens.capture.records import Broken, Captured, CapturedComment, CapturedPost, Person, Retrieval
from resilens.capture.staging import CaptureInfo, stage_records
from resilens.capture.status import status
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.corpus.vault import Vault
from resilens.errors import InputError

JANUARY = 0x6785E350
"""The second of the first post's id."""


@pytest.fixture(autouse=True, params=[5_000, -1], ids=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything here holds of small captures, which are read once, and of large ones, which are read at each step."""
    monkeypatch.setattr("resilens.capture.building.READ_AGAIN", request.param)


def native(kind: str, number: int) -> str:
    return f"{JANUARY + number:08x}{ord(kind):08x}{number:08x}"


def post(number: int, **given: Any) -> CapturedPost:
    return CapturedPost(number + 1, "rednote", native("p", number), Person(native("u", number % 3), "momo"), **given)


def comment(number: int, parent: int | None = None, **given: Any) -> CapturedComment:
    usual = {"author": Person(native("u", number), "momo"), "published": (JANUARY + number) * 1000, "text": "好"}
    return CapturedComment(number + 1, "rednote", native("c", number), native("p", 0),
                           None if parent is None else native("c", parent), **(usual | given))  # fmt: skip


def made(folder: Path, *captures: Sequence[Captured], **given: Any) -> Path:
    """The corpus of these captures, named c0, c1, ..."""
    vault = Vault.create(folder / "vault", seed=1)
    for number, records in enumerate(captures):
        info = CaptureInfo(f"c{number}", f"{number}.csv", "test", zone=given.get("zone"))
        stage_records(records, info, folder / ".staging", vault)
    given.pop("zone", None)
    build(folder / "corpus", folder / ".staging", [f"c{number}" for number in range(len(captures))], **given)
    return folder / "corpus"


def rows(corpus: Path, name: str) -> list[dict[str, Any]]:
    with Corpus(corpus) as opened:
        return opened.frame(opened.table(name)).to_pylist()


def hashes(corpus: Path) -> dict[str, str]:
    paths = sorted(corpus.rglob("*.parquet"))
    return {path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_tables_have_exactly_their_columns(tmp_path: Path) -> None:
    corpus = made(tmp_path, [post(0, text="好"), comment(1)])
    with Corpus(corpus) as opened:
        for name, table in TABLES.items():
            found = opened.frame(opened.table(name))
            assert found.column_names == table.schema.names
            assert (corpus / name / "part-0.parquet").exists()


def test_items_merged_a_few_at_a_time_are_what_they_are_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [*(post(number, text="a") for number in range(9)), *(comment(number, likes="1") for number in range(9))]
    again = [*(post(number, title="b") for number in range(2, 9)),
             *(comment(number, likes="7") for number in range(3, 9))]  # fmt: skip
    at_once = hashes(made(tmp_path / "once", first, again))
    monkeypatch.setattr("resilens.capture.building.MERGED_AT_ONCE", 2)  # in four parts
    corpus = made(tmp_path / "parts", first, again)
    assert hashes(corpus) == at_once
    assert [row["likes"] for row in rows(corpus, "comments")] == [1, 1, 1, 7, 7, 7, 7, 7, 7]
    assert [row["title"] for row in rows(corpus, "posts")] == [None, None, *"bbbbbbb"]


def test_an_empty_study_has_an_empty_corpus(tmp_path: Path) -> None:
    build(tmp_path / "corpus", tmp_path / ".staging", [])
    with Corpus(tmp_path / "corpus") as opened:
        found = status(opened)
    assert (found.posts, found.comments, found.authors, found.captures) == (0, 0, 0, [])


def test_quirk_5_the_newest_value_wins_and_every_appearance_is_kept(tmp_path: Path) -> None:
    early = post(0, text="full text #猫税", title="t", counts={"likes": "7.6万", "comments": "5"}, location="广东",
                 collected_at=1740000000000)  # fmt: skip
    overview = post(0, title="t", counts={"likes": "80000"}, collected_at=1750000000000)
    corpus = made(tmp_path, [replace(overview)], [early, early])
    (found,) = rows(corpus, "posts")
    assert (found["text"], found["location"], found["hashtags"]) == ("full text #猫税", "广东", ["猫税"])
    assert (found["likes"], found["likes_bound"], found["comments"]) == (80_000, "exact", 5)
    assert [row["likes_raw"] for row in rows(corpus, "observations")] == ["80000", "7.6万", "7.6万"]
    assert [(row["read"], row["new"], row["repeated"], row["quarantined"]) for row in rows(corpus, "captures")] == [
        (1, 1, 0, 0), (2, 0, 2, 0),
    ]  # fmt: skip


def test_a_later_text_without_loss_wins_over_a_newer_lossy_one(tmp_path: Path) -> None:
    clean, lossy = comment(1, text="好😀", collected_at=1), comment(1, text="好\ufffd", collected_at=1750000000)
    (found,) = rows(made(tmp_path, [clean], [lossy]), "comments")
    assert (found["text"], found["flags"]) == ("好😀", [])


def test_a_stated_time_wins_over_the_id_clock(tmp_path: Path) -> None:
    known = post(0, published=1736900000, collected_at=1740000000)
    (found,) = rows(made(tmp_path, [known], [post(0, collected_at=1750000000)]), "posts")
    assert (found["published_at"], found["time_basis"]) == (datetime.fromtimestamp(1736900000, UTC), "field")


def test_quirk_17_an_author_found_later_is_no_longer_missing(tmp_path: Path) -> None:
    (found,) = rows(made(tmp_path, [comment(1, author=None), comment(1)]), "comments")
    assert found["author"] is not None
    assert found["flags"] == []


def test_every_record_is_new_repeated_or_quarantined(tmp_path: Path) -> None:
    first = [comment(1), comment(1), comment(2), Broken(9, "repeated header")]
    corpus = made(tmp_path, first, [comment(2), comment(3)])
    assert [(row["read"], row["new"], row["repeated"], row["quarantined"]) for row in rows(corpus, "captures")] == [
        (4, 2, 1, 1), (2, 1, 1, 0),
    ]  # fmt: skip
    (broken,) = rows(corpus, "quarantine")
    assert (broken["capture_id"], broken["line"], broken["reason"]) == ("c0", 9, "repeated header")


def test_quirk_18_roots_and_depths_over_the_whole_corpus(tmp_path: Path) -> None:
    chain = [comment(number, parent=number - 1 if number > 1 else None) for number in range(1, 18)]
    corpus = made(tmp_path, chain[::2], chain[1::2][::-1])
    found = {row["comment_id"]: row for row in rows(corpus, "comments")}
    assert [found[f"rednote:c:{native('c', number)}"]["depth"] for number in range(1, 18)] == list(range(1, 18))
    assert {row["root_id"] for row in found.values()} == {f"rednote:c:{native('c', 1)}"}


def test_quirk_18_orphans_and_circles_have_no_depth(tmp_path: Path) -> None:
    tangled = [comment(1, 99), comment(2, 1), comment(3, 4), comment(4, 3), comment(5, 4), comment(6)]
    found = {row["comment_id"][-1]: row for row in rows(made(tmp_path, tangled), "comments")}
    assert {key: row["flags"] for key, row in found.items()} == {
        "1": ["orphan"], "2": ["broken_chain"], "3": ["parent_cycle"], "4": ["parent_cycle"], "5": ["parent_cycle"],
        "6": [],
    }  # fmt: skip
    assert [key for key, row in found.items() if row["depth"] is None and row["root_id"] is None] == list("12345")
    # The missing comment turns up in a later capture.
    found = {row["comment_id"][-2:]: row for row in rows(made(tmp_path, tangled, [comment(99)]), "comments")}
    assert (found["01"]["depth"], found["02"]["depth"], found["02"]["flags"]) == (2, 3, [])


def test_quirk_8_naive_times_by_inferred_declared_and_unknown_zones(tmp_path: Path) -> None:
    def local(number: int) -> str:
        return datetime.fromtimestamp(JANUARY + number + 8 * 3600, UTC).strftime("%Y-%m-%d %H:%M:%S")

    posts = [post(number, published=local(number)) for number in range(6)]
    corpus = made(tmp_path / "inferred", posts)
    assert {row["time_basis"] for row in rows(corpus, "posts")} == {"field_zone_inferred"}
    assert rows(corpus, "posts")[0]["published_at"] == datetime.fromtimestamp(JANUARY, UTC)
    (capture,) = rows(corpus, "captures")
    assert (capture["time_zone"], capture["time_zone_basis"]) == (
        "UTC+08:00", "inferred from the id clock: 6 of 6 posts agree on UTC+08:00",
    )  # fmt: skip
    declared = rows(made(tmp_path / "declared", posts[:1], zone="UTC+09:00"), "posts")[0]
    assert declared["published_at"] == datetime.fromtimestamp(JANUARY - 3600, UTC)
    assert declared["time_basis"] == "field_zone_declared"
    unknown = rows(made(tmp_path / "unknown", posts[:1]), "posts")[0]
    assert (unknown["published_at"], unknown["time_basis"], unknown["flags"]) == (
        datetime.fromtimestamp(JANUARY, UTC), "id_lower_bound", ["zone_unknown"],
    )  # fmt: skip


def test_quirk_3_a_destroyed_time_is_rebuilt_from_the_id(tmp_path: Path) -> None:
    (found,) = rows(made(tmp_path, [comment(1, published="1.75E+12")]), "comments")
    assert found["published_at"] == datetime.fromtimestamp(JANUARY + 1, UTC)
    assert (found["time_basis"], found["time_precision"], found["flags"]) == ("id_exact", "second", ["time_rebuilt"])


def test_retrievals_under_several_queries(tmp_path: Path) -> None:
    found = [post(0, retrieval=Retrieval("cat tax", "likes", 1)), post(1, retrieval=Retrieval("cat tax", "likes", 2)),
             post(0, retrieval=Retrieval("#猫税", None, 1)),
             post(0, retrieval=Retrieval("cat tax", "likes", 1))]  # fmt: skip
    assert [(row["post_id"][-1], row["query"], row["rank"], row["depth"]) for row in
            rows(made(tmp_path, found), "retrievals")] == [
        ("0", "cat tax", 1, 2), ("1", "cat tax", 2, 2), ("0", "#猫税", 1, 1),
    ]  # fmt: skip


def test_groups_by_the_first_rule_that_holds(tmp_path: Path) -> None:
    items = [post(0, text="#TikTokRefugee hello"), post(1, text="I'm a TikTok refugee too", location="U.S."),
             comment(5, location="广东"), comment(6, text="你好"), comment(7, text="hi")]  # fmt: skip
    rules = [GroupRule("refugees", hashtags=["tiktokrefugee"], basis="hashtags"),
             GroupRule("refugees", self_labels=["tiktok REFUGEE"], locations=["U.S."], basis="location+self_label"),
             GroupRule("natives", locations=["广东"], basis="location"),
             GroupRule("readers", languages=["zh"], basis="language")]  # fmt: skip
    corpus = made(tmp_path, items, rules=rules)
    pseudonyms = Vault.open(tmp_path / "vault").pseudonyms
    found = {row["author"]: (row["group"], row["group_basis"]) for row in rows(corpus, "authors")}
    assert [found[pseudonyms.of("rednote", native("u", number))] for number in (0, 1, 5, 6, 7)] == [
        ("refugees", "hashtags"), ("refugees", "location+self_label"), ("natives", "location"), ("readers", "language"),
        ("unknown", "unknown"),
    ]  # fmt: skip


def test_quirk_22_account_age_needs_permission_and_stays_aggregate(tmp_path: Path) -> None:
    rule = GroupRule("late", registered_from=date(2025, 1, 14), basis="account_cohort")
    with pytest.raises(InputError, match="account_cohorts = true"):
        check_rules([rule], account_cohorts=False)
    check_rules([rule], account_cohorts=True)
    corpus = made(tmp_path, [comment(number) for number in range(6)] + [comment(6, author=Person("x1", "momo"))])
    vault = Vault.open(tmp_path / "vault")
    with Corpus(corpus) as opened:
        with pytest.raises(InputError, match="account_cohorts = true"):
            account_cohorts(opened, vault, allowed=False)
        found = account_cohorts(opened, vault, allowed=True)
        assert (found.days, found.unknown_accounts) == (((date(2025, 1, 14), 6, 0, 6),), 1)
        withheld = account_cohorts(opened, vault, allowed=True, smallest=7)
        assert (withheld.days, withheld.withheld_days, withheld.withheld_accounts) == ((), 1, 6)
    build(corpus, tmp_path / ".staging", ["c0"], rules=[rule], registered=registered_on(vault, UTC))
    assert sorted(row["group"] for row in rows(corpus, "authors")) == ["late"] * 6 + ["unknown"]


def test_volumes_and_erasure(tmp_path: Path) -> None:
    volume = HashtagVolume("猫税", date(2025, 5, 1), 110_000_000, 1_454_000)
    corpus = made(tmp_path, [comment(1), comment(2)], volumes=[volume], erased=[f"rednote:c:{native('c', 1)}"])
    assert rows(corpus, "volumes") == [volume._asdict()]
    assert [row["comment_id"][-1] for row in rows(corpus, "comments")] == ["2"]
    assert [row["item_id"][-1] for row in rows(corpus, "observations")] == ["2"]


def test_quirk_19_declared_against_captured_comments(tmp_path: Path) -> None:
    elsewhere = replace(comment(9), post=native("p", 8))
    items = [post(0, counts={"comments": "1千+"}), post(1, counts={"comments": 2}), post(2), comment(3), comment(4),
             elsewhere]  # fmt: skip
    with Corpus(made(tmp_path, items)) as opened:
        found = status(opened, "UTC+08:00")
    covered = found.thread_coverage
    assert (covered.threads, covered.threads_with_count, covered.declared, covered.captured) == (3, 2, 1002, 2)
    assert (covered.declared_is_bound, covered.without_comments, covered.posts_missing) == (True, 1, 1)
    assert covered.share == pytest.approx(2 / 1002)
    assert found.bounds["comments"] == {"exact": 1, "at_least": 1, "unknown": 1}
    assert found.to_dict()["captures"][0]["read"] == 6
    assert any("2 of at least 1,002 declared comments" in line for line in found.lines())


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    items = [comment(number, parent=number // 2 if number > 5 else None, text=f"好 {number}") for number in range(3000)]
    corpus = made(tmp_path, items[:2000], items[1000:])
    before = hashes(corpus)
    build(corpus, tmp_path / ".staging", ["c0", "c1"])
    assert hashes(corpus) == before
    assert hashes(made(tmp_path / "again", items[:2000], items[1000:])) == before


POINTS = ("reading", "before naming", "before building", "while building", "before swapping", "between the renames",
          "never")  # fmt: skip
KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import test_building as t
import resilens.capture.building as building
import resilens.capture.staging as staging

kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
rename = Path.rename

def records(point):
    for number in range(300):
        if point == "reading" and number == 250:
            kill()
        yield t.comment(number)

def run(root, point):
    staging.BATCH = 100
    if point == "before building":
        building.build = kill
    elif point == "while building":
        building._write_all = kill
    elif point == "before swapping":
        building.swap = kill
    dying = {{"before naming": "c1.building", "between the renames": "corpus.building"}}.get(point)
    Path.rename = lambda path, target: kill() if path.name == dying else rename(path, target)
    vault = t.Vault.open(root / "vault")
    t.stage_records(records(point), t.CaptureInfo("c1", "b", "test"), root / ".staging", vault)
    building.build(root / "corpus", root / ".staging", ["c0", "c1"])

# One process imports, its children do the work: no thread runs yet where it forks.
for point in t.POINTS:
    child = os.fork()
    if child == 0:
        run(Path(sys.argv[1]) / point, point)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize("size", [5_000], indirect=True)  # in a process of its own, whose captures are small
def test_a_killed_import_leaves_the_previous_corpus_and_resumes(tmp_path: Path) -> None:
    before = {}
    for point in POINTS:
        before[point] = hashes(made(tmp_path / point, [comment(1), comment(2)]))
    script = KILLED.format(tests=str(Path(__file__).parent))
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert ended.stdout.split() == ["-9"] * 6 + ["0"], ended.stderr
    for point in POINTS:
        root, corpus = tmp_path / point, tmp_path / point / "corpus"
        recover(corpus)
        if point != "never":
            assert hashes(corpus) == before[point], point
        again = [comment(number) for number in range(30)]
        stage_records(again, CaptureInfo("c1", "b", "test"), root / ".staging", Vault.open(root / "vault"))
        build(corpus, root / ".staging", ["c0", "c1"])
        assert len(rows(corpus, "comments")) == 30, point
        left = {path.name for folder in (root, root / ".staging", root / "vault" / "identities")
                for path in folder.iterdir()}  # fmt: skip
        assert left == {"vault", ".staging", "corpus", ".corpus.lock", "c0", "c1", "c0.parquet", "c1.parquet"}, point
