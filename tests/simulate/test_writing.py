"""What a simulation leaves on disk: the same bytes for the same seed, truth apart, SYNTHETIC on everything."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.simulate.worlds import changed

import resilens
from resilens.capture.synthetic import KEY
from resilens.cli import main
from resilens.errors import InputError
from resilens.simulate import pictures, simulate
from resilens.simulate.simulation import Simulation
from resilens.simulate.tables import COMMENTS, ITEMS, POSTS, USERS
from resilens.simulate.world import World, presets, world
from resilens.simulate.writing import SYNTHETIC, write
from resilens.simulate.zeeschuimer import RANKINGS_ASIDE, shown
from resilens.study.beginning import begin

SMALL = changed("tiktok-refugees", users=3000, items=700)
SEED = 5
CAPTURED = ("simulated/posts.parquet", "simulated/comments.parquet", "simulated/posts-earlier.parquet",
            "simulated/comments-earlier.parquet")  # fmt: skip
TRUTH = ("truth/items.parquet", "truth/users.parquet", "truth/macro.parquet", "truth/events.parquet")


@pytest.fixture(scope="module", autouse=True)
def _undrawn() -> Iterator[None]:
    """Pictures are the same in every world, and have their own tests: drawing them here would only cost time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "draw", lambda *_: None)
        yield


def digests(folder: Path) -> dict[str, str]:
    """What is in every file of a folder."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulation, written once for this file and only read."""
    folder = tmp_path_factory.mktemp("made") / "world"
    write(Simulation(SMALL, SEED), folder)
    return folder


@cache
def columns(path: Path) -> dict[str, list[Any]]:
    return {name: column.to_pylist() for name, column in zip(*_read(path), strict=True)}


def _read(path: Path) -> tuple[list[str], list[pa.ChunkedArray]]:
    table = pq.read_table(path)
    return table.column_names, table.columns


# --- the same bytes -------------------------------------------------------------------------------------------------


def test_every_file_is_there(made: Path) -> None:
    assert set(digests(made)) >= {*CAPTURED, *TRUTH, "study.toml", "codings.csv", "world.json", "meta.json"}
    assert not [name for name in digests(made) if name.endswith(".tmp")]


@pytest.mark.parametrize("posts_a_chunk", [12, 60])
def test_the_size_of_chunks_changes_no_byte(made: Path, tmp_path: Path, posts_a_chunk: int) -> None:
    write(Simulation(SMALL, SEED), tmp_path / "again", posts_a_chunk=posts_a_chunk)
    assert digests(tmp_path / "again") == digests(made)


def test_row_groups_do_not_follow_the_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resilens.simulate.writing.ROW_GROUP", 100)
    written = []
    for posts_a_chunk in (25, 1000):
        write(Simulation(SMALL, SEED), tmp_path / str(posts_a_chunk), posts_a_chunk=posts_a_chunk)
        written.append(digests(tmp_path / str(posts_a_chunk)))
        groups = pq.ParquetFile(tmp_path / str(posts_a_chunk) / "truth" / "items.parquet").metadata
        assert [groups.row_group(place).num_rows for place in range(groups.num_row_groups - 1)] == [100] * (
            groups.num_row_groups - 1)  # fmt: skip
    assert written[0] == written[1]


def test_another_process_hash_seed_and_time_zone_change_no_byte(tmp_path: Path) -> None:
    own = world("tiktok-refugees").expect(users=2000, items=500)
    write(Simulation(own, SEED), tmp_path / "here")
    program = ("import sys; from pathlib import Path; from resilens.simulate import pictures; "
               "from resilens.simulate.simulation import Simulation; from resilens.simulate.world import world; "
               "from resilens.simulate.writing import write; pictures.draw = lambda *_: None; "
               "own = world('tiktok-refugees').expect(users=2000, items=500); "
               "write(Simulation(own, 5), Path(sys.argv[1]))")  # fmt: skip
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Kathmandu", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "there")], check=True, env=environment)
    assert digests(tmp_path / "there") == digests(tmp_path / "here")


def test_another_seed_is_another_corpus(made: Path, tmp_path: Path) -> None:
    write(Simulation(SMALL, SEED + 1), tmp_path / "other")
    one, other = digests(made), digests(tmp_path / "other")
    same = {"world.json", "truth/macro.parquet", "truth/events.parquet"}
    assert {name for name in one if one[name] == other.get(name)} <= same
    assert not {*columns(made / "truth/items.parquet")["item_id"]} & {
        *columns(tmp_path / "other" / "truth/items.parquet")["item_id"]}  # fmt: skip


def test_running_again_replaces(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "world"
    write(Simulation(changed("quiet", users=2000, items=300), 9), folder)
    write(Simulation(SMALL, SEED), folder, layout="zeeschuimer")
    write(Simulation(SMALL, SEED), folder)
    assert digests(folder) == digests(made)


def test_a_study_file_that_somebody_changed_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    write(Simulation(SMALL, SEED), folder)
    mine = (folder / "study.toml").read_text(encoding="utf-8").replace("posts = 200", "posts = 20")
    (folder / "study.toml").write_text(mine, encoding="utf-8")
    write(Simulation(SMALL, SEED + 1), folder)
    assert (folder / "study.toml").read_text(encoding="utf-8") == mine


# --- where it may be written ----------------------------------------------------------------------------------------


def test_a_folder_with_anything_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="no simulation wrote; name another folder"):
        write(Simulation(SMALL, SEED), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "world").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is a file; name a folder"):
        write(Simulation(SMALL, SEED), tmp_path / "world")
    assert (tmp_path / "world").read_text(encoding="utf-8") == "mine"


def test_what_stops_half_way_leaves_no_half_file(tmp_path: Path) -> None:
    def stopped(_step: str, _done: int, _of: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(Simulation(SMALL, SEED), tmp_path / "world", posts_a_chunk=20, progress=stopped)
    left = set(digests(tmp_path / "world"))
    assert "world.json" in left
    assert not left & {*CAPTURED, "truth/items.parquet", "codings.csv", "meta.json"}
    assert not [name for name in left if name.endswith(".tmp")]
    write(Simulation(SMALL, SEED), tmp_path / "world")
    assert "meta.json" in digests(tmp_path / "world")


# --- what is captured, and the truth beside it ----------------------------------------------------------------------


def test_no_captured_file_has_a_column_of_truth(made: Path) -> None:
    canonical = {*POSTS.names, *COMMENTS.names}
    truth = ({*ITEMS.names} | {*USERS.names}) - canonical
    assert {"group", "practice", "stage", "user", "has_cue", "removed_at", "state"} <= truth
    for name in CAPTURED:
        assert set(pq.read_schema(made / name).names) <= canonical
        assert not set(pq.read_schema(made / name).names) & truth


def test_the_truth_joins_the_capture_by_id(made: Path) -> None:
    truth = {row["item_id"]: row for row in pq.read_table(made / "truth/items.parquet").to_pylist()}
    for name, key in (("posts", "post_id"), ("comments", "comment_id")):
        rows = pq.read_table(made / f"simulated/{name}.parquet").to_pylist()
        assert rows
        for row in rows:
            own = truth[row[key]]
            assert own["published_at"] == row["published_at"]
            assert own["author"] == row["author"]
            assert own["post_id"] == row["post_id"]
            assert own["second_item"] == (row.get("parent_id") or (row["post_id"] if key == "comment_id" else None))
            assert own["removed_at"] is None or own["removed_at"] > row["collected_at"]
    users = {row["author"]: row for row in pq.read_table(made / "truth/users.parquet").to_pylist()}
    assert {row["author"] for row in truth.values()} <= set(users)
    assert all(users[row["author"]]["group"] == row["group"] for row in truth.values())


def test_what_is_missing_from_the_capture_was_removed_or_its_account_deleted(made: Path) -> None:
    truth = {row["item_id"]: row for row in pq.read_table(made / "truth/items.parquet").to_pylist()}
    deleted = {row["author"] for row in pq.read_table(made / "truth/users.parquet").to_pylist() if row["deleted"]}
    captured = {*columns(made / "simulated/posts.parquet")["post_id"],
                *columns(made / "simulated/comments.parquet")["comment_id"]}  # fmt: skip
    gone = {item for item, row in truth.items() if row["removed_at"] is not None or row["author"] in deleted}
    missing = set(truth) - captured
    assert missing >= gone
    for item in missing - gone:
        row, above = truth[item], truth[item]["second_item"]
        assert above in missing or row["post_id"] in missing


def test_every_parquet_file_says_synthetic(made: Path) -> None:
    assert SYNTHETIC.decode() == KEY
    for name in (*CAPTURED, *TRUTH):
        assert pq.read_schema(made / name).metadata[SYNTHETIC] == b"world tiktok-refugees, seed 5"
    assert json.loads((made / "meta.json").read_text(encoding="utf-8"))["synthetic"] is True
    assert "synthetic = true" in (made / "study.toml").read_text(encoding="utf-8")


def test_the_path_and_the_events_are_kept(made: Path) -> None:
    macro, events = columns(made / "truth/macro.parquet"), columns(made / "truth/events.parquet")
    path = Simulation(SMALL, SEED).path
    assert macro["day"] == path.times.tolist()
    assert macro["newcomers_movers_R"] == path.counts[:, 0, 0, 1].tolist()
    assert macro["discussions"] == path.discussions.tolist()
    assert set(events["kind"]) == {"deadline", "postponed", "translation", "milestone", "birth", "collected"}
    assert events["at"] == sorted(events["at"])


def test_the_world_on_disk_is_the_world(made: Path) -> None:
    said = json.loads((made / "world.json").read_text(encoding="utf-8"))
    assert World.model_validate(said) == SMALL


@pytest.mark.parametrize("name", presets())
def test_every_world_is_reproduced_by_its_json(name: str, tmp_path: Path) -> None:
    """And the same world with the same seed is the same bytes."""
    own = changed(name, users=1000, items=100)
    write(Simulation(own, SEED), tmp_path)
    assert World.model_validate(json.loads((tmp_path / "world.json").read_text(encoding="utf-8"))) == own


def test_counts_are_those_of_the_files(made: Path, tmp_path: Path) -> None:
    result = write(Simulation(SMALL, SEED), tmp_path / "again")
    items = columns(made / "truth/items.parquet")
    assert result.posts + result.comments == len(items["item_id"])
    assert result.posts == items["depth"].count(0)
    assert result.captured_posts == len(columns(made / "simulated/posts.parquet")["post_id"])
    assert result.captured_comments == len(columns(made / "simulated/comments.parquet")["comment_id"])
    assert result.users == len(columns(made / "truth/users.parquet")["user"])
    assert result.codings == len((made / "codings.csv").read_text(encoding="utf-8").splitlines()) - 1
    for code, many in result.carrying.items():
        assert many == sum(items[column].count(code) for column in (
            "practice", "stage", "affect", "politics", "identity_self", "identity_other", "relation"))  # fmt: skip
    meta = json.loads((made / "meta.json").read_text(encoding="utf-8"))
    assert meta["counts"]["posts"] == result.posts
    assert meta["carrying"] == dict(result.carrying)


# --- studies of it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", presets())
def test_every_preset_is_written_as_a_sound_study(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = write(Simulation(changed(name, users=2000, items=400), 2), tmp_path / "world")
    assert written.captured_posts
    assert written.captured_comments
    with pytest.raises(SystemExit) as ended:
        main(["--study", str(tmp_path / "world"), "check"])
    assert (ended.value.code, capsys.readouterr().err) == (0, "")
    with resilens.open(tmp_path / "world") as study:
        added = study.add([tmp_path / "world" / "simulated"])
        assert added.refused == ()
        assert all(not row["quarantined"] for row in study.captures())
        assert study.study.study.synthetic
        assert all(drawn["drawn"] > 0 for drawn in study.draw().flow)


def test_a_study_that_is_not_synthetic_refuses_the_capture(made: Path, tmp_path: Path) -> None:
    begin(tmp_path / "real")
    with resilens.open(tmp_path / "real") as study:
        outcome = study.add([made / "simulated"])
        assert len(outcome.refused) == len(CAPTURED)
        assert all("SYNTHETIC" in str(fault) for fault in outcome.refused)
        assert study.captures() == []


def corpus(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The posts and comments of the corpus that a study of a simulation builds, by id."""
    found = {}
    with resilens.open(folder) as study:
        for ranked in sorted((folder / "simulated").glob(f"{RANKINGS_ASIDE}*")):
            ranking = ranked.name.removeprefix(RANKINGS_ASIDE).removesuffix("-earlier")
            assert study.add([ranked], ranking=ranking).refused == ()
        files = [path for path in sorted((folder / "simulated").iterdir()) if path.is_file()]
        assert study.add(files).refused == ()
        with study.corpus() as tables:
            for name, key in (("posts", "post_id"), ("comments", "comment_id")):
                rows = tables.frame(tables.table(name)).to_pylist()
                found[name] = {row[key]: row for row in rows}
            found["appearances"] = {str(row): row for row in tables.frame(tables.table("retrievals")).to_pylist()}
    return found


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """The corpora of one world in both layouts."""
    folder = tmp_path_factory.mktemp("layouts")
    for layout in ("canonical", "zeeschuimer"):
        write(Simulation(SMALL, SEED), folder / layout, layout=layout)
    return corpus(folder / "canonical"), corpus(folder / "zeeschuimer")


@pytest.mark.parametrize("name", ["posts", "comments"])
def test_the_readers_find_in_an_export_what_the_canonical_tables_hold(
    name: str, layouts: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    one, other = (layout[name] for layout in layouts)
    assert set(one) == set(other)
    assert len(one) > 100
    shared = ["published_at", "location", "script", "time_precision"]
    shared += ["title", "hashtags", "comments"] if name == "posts" else ["post_id", "parent_id", "depth", "root_id"]
    people: dict[str, set[str]] = {}
    for item, row in one.items():
        again = other[item]
        assert {key: row[key] for key in shared} == {key: again[key] for key in shared}
        assert (row["text"] or None) == (again["text"] or None)  # the readers keep no empty text
        if row["likes"] < 10_000:
            assert row["likes"] == again["likes"]
        else:
            assert abs(row["likes"] - again["likes"]) <= 500
        people.setdefault(row["author"], set()).add(again["author"])
    assert all(len(names) == 1 for names in people.values())  # other names for the same people
    assert len({name for names in people.values() for name in names}) == len(people)


def test_counts_are_shown_as_the_platform_does() -> None:
    said = [shown(count) for count in (0, 9999, 10_000, 12_345, 1_234_567)]
    assert said == ["0", "9999", "1.0万", "1.2万", "123.5万"]


def test_an_export_says_synthetic_in_every_line_and_holds_no_truth(tmp_path: Path) -> None:
    write(Simulation(SMALL, SEED), tmp_path, layout="zeeschuimer")
    files = sorted((tmp_path / "simulated").glob("*.ndjson"))
    assert [path.name for path in files] == ["comments-earlier.ndjson", "comments.ndjson", "posts-earlier.ndjson",
                                             "posts.ndjson"]  # fmt: skip
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            assert record["user_agent"].startswith("SYNTHETIC")
            assert '"practice.' not in line
            assert not {"group", "practice", "stage", "state"} & {*record, *record["data"]}


def test_a_search_is_captured_with_its_ranks_in_both_layouts(tmp_path: Path) -> None:
    """Only what the searches return, at most `depth` of each, with the comments of these posts."""
    searched = changed(SMALL, observation={"capture": "search", "depth": 12, "earlier": None, "rankings": ["likes"]})
    found = []
    for layout in ("canonical", "zeeschuimer"):
        write(Simulation(searched, SEED), tmp_path / layout, layout=layout)
        found.append(corpus(tmp_path / layout))
    rows = pq.read_table(tmp_path / "canonical" / "simulated" / "posts.parquet").to_pylist()
    by_query: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        by_query.setdefault(row["query"], []).append((row["rank"], row["likes"]))
        assert row["query"] in row["hashtags"]
    assert set(by_query) == {tag.name for tag in SMALL.hashtags}
    for ranked in by_query.values():
        ranks, likes = zip(*sorted(ranked), strict=True)
        assert ranks == tuple(range(1, len(ranks) + 1))
        assert len(ranks) <= 12
        assert list(likes) == sorted(likes, reverse=True)
    one, other = found
    assert set(one["posts"]) == set(other["posts"]) == {row["post_id"] for row in rows}
    assert set(one["comments"]) == set(other["comments"])
    assert {row["post_id"] for row in one["comments"].values()} <= set(one["posts"])
    said = [{(row["post_id"], row["query"].removeprefix("#"), row["ranking"], row["rank"])
             for row in each["appearances"].values() if row["query"]} for each in found]  # fmt: skip
    assert said[0] == said[1] != set()


def test_only_rednote_is_exported_as_zeeschuimer(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only worlds on rednote can be written as zeeschuimer"):
        simulate(tmp_path / "world", "twitter-mastodon", users=2000, items=100, layout="zeeschuimer")
    assert not (tmp_path / "world").exists()


def test_the_top_comments_are_captured_with_those_above_them(tmp_path: Path) -> None:
    write(Simulation(changed(SMALL, observation={"top_comments": 2, "earlier": None}), SEED), tmp_path)
    rows = columns(tmp_path / "simulated/comments.parquet")
    captured = set(rows["comment_id"])
    assert all(parent in captured for parent in rows["parent_id"] if parent)
    every = len(columns(tmp_path / "truth/items.parquet")["item_id"])
    assert 0 < len(captured) < every / 2
    posts = columns(tmp_path / "simulated/posts.parquet")
    shown_counts = dict(zip(posts["post_id"], posts["comments"], strict=True))
    assert max(shown_counts.values()) > max(np.unique(rows["post_id"], return_counts=True)[1])


def test_an_empty_world_is_written_too(tmp_path: Path) -> None:
    result = write(Simulation(changed(SMALL, items=0), SEED), tmp_path)
    assert (result.posts, result.comments, result.codings) == (0, 0, 0)
    assert columns(tmp_path / "simulated/posts.parquet")["post_id"] == []
    assert world("tiktok-refugees").items == 20_000


def test_what_a_killed_run_left_goes_with_the_next(tmp_path: Path) -> None:
    own = world("quiet").expect(users=500, items=100)
    write(Simulation(own, 1), tmp_path / "world")
    for name in (".codings.csv.a225a41f.tmp", "truth/.items.parquet.tmp", "simulated/.posts.ndjson.tmp"):
        (tmp_path / "world" / name).touch()
    (tmp_path / "world" / "meta.json").unlink()
    write(Simulation(own, 1), tmp_path / "world")
    assert list((tmp_path / "world").rglob("*.tmp")) == []
