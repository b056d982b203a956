"""From a study on disk to its report: facts gathered from corpus and record, and a folder swapped in whole."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from PIL import Image

from resilens.coding.rounds import freeze, open_round
from resilens.corpus.engine import Corpus
from resilens.corpus.schema import TABLES
from resilens.record.clock import Ticking, seeded_identifiers
from resilens.record.events import Draft
from resilens.record.store import Record
from resilens.report.build import build, write
from resilens.report.facts import gather
from resilens.sampling.draw import draw
from resilens.study.folder import Folder
from resilens.study.model import Study
from resilens.study.reading import read

STUDY = """
[study]
title = "A small study"
zone = "UTC+08:00"
seed = 3
synthetic = true

[event]
name = "A ban"
[[event.milestone]]
date = 2025-01-14
name = "First in the store"

[[group]]
name = "refugees"
role = "newcomer"
rules = [{ hashtags = ["tiktokrefugee"], order = 2 }, { location = ["美国", "英国"] }]

[[hashtag]]
name = "猫税"
volumes = [{ as_of = 2025-01-17, discussions = 900 }, { as_of = 2025-05-01, discussions = 300 }]
[[hashtag]]
name = "cattax"
volumes = [{ as_of = 2025-05-01, discussions = 700 }]

[sample]
posts = 4
design = "ranked"
comments = 2
comment_rule = "top"

[[coder]]
name = "coder B"
lead = true
[[coder]]
name = "coder A"
"""
COLLECTED = datetime(2025, 5, 1, 12, tzinfo=UTC)


@dataclass
class Opened:
    folder: Folder
    study: Study
    corpus: Corpus
    record: Record


def post(number: int, day: int, hashtags: Sequence[str], declared: int | None) -> dict[str, Any]:
    # 17:00 UTC is the next day in the study's zone.
    return {
        "post_id": f"rednote:p:{number}", "platform": "rednote", "author": f"u-{number}",
        "published_at": datetime(2025, 1, day, 17, tzinfo=UTC), "time_basis": "field", "time_precision": "second",
        "hashtags": list(hashtags), "script": "han", "language": "zh", "likes": 10 * number, "likes_bound": "rounded",
        "comments": declared, "comments_bound": "exact" if declared is not None else "unknown",
    }  # fmt: skip


def tables() -> dict[str, list[dict[str, Any]]]:
    posts = [post(1, 12, ["猫税"], 2), post(2, 12, ["cattax", "猫税"], 5), post(3, 13, ["CatTax"], None),
             post(4, 14, ["cats"], 0)]  # fmt: skip
    comment = {
        "platform": "rednote",
        "script": "latin",
        "language": "en",
        "time_basis": "unknown",
        "likes_bound": "exact",
    }
    comments = [comment | {"comment_id": f"rednote:c:{number}", "post_id": f"rednote:p:{at}", "likes": number}
                for number, at in ((1, 1), (2, 1), (3, 2), (4, 99))]  # fmt: skip
    searches = [{"post_id": f"rednote:p:{number}", "query": "#cattax", "ranking": "likes", "rank": rank, "depth": 2,
                 "collected_at": COLLECTED, "capture_id": "0f" * 32} for rank, number in ((1, 3), (2, 2))]  # fmt: skip
    authors = [{"author": f"u-{number}", "platform": "rednote", "group": "refugees" if number < 3 else "unknown"}
               for number in range(1, 5)]  # fmt: skip
    captured = [{"capture_id": "0f" * 32, "name": "search.ndjson", "reader": "zeeschuimer", "guessed": False,
                 "read": 10, "new": 8, "repeated": 1, "quarantined": 1, "time_zone": "",
                 "time_zone_basis": ""}]  # fmt: skip
    broken = [{"capture_id": "0f" * 32, "line": 4, "reason": "the line is cut off", "raw": ""}]
    seen = [{"item_id": "rednote:p:1", "collected_at": COLLECTED, "state": "seen", "capture_id": "0f" * 32, "line": 1}]
    return {"posts": posts, "comments": comments, "retrievals": searches, "authors": authors, "captures": captured,
            "quarantine": broken, "observations": seen}  # fmt: skip


def coding(item: str, code: str, coder: str, kind: str = "human", round_id: str = "round-1") -> Draft:
    body: Mapping[str, Any] = {"item_id": item, "code_id": code} if code else {"item_id": item, "nothing_applies": True}
    return Draft("coding.set", item, body, coder, kind, round_id)  # type: ignore[arg-type]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    folder = Folder(tmp_path / "study")
    folder.root.mkdir()
    folder.study_file.write_text(STUDY, encoding="utf-8")
    for name, rows in tables().items():
        (folder.corpus / name).mkdir(parents=True)
        parquet.write_table(
            pa.Table.from_pylist(rows, schema=TABLES[name].schema), folder.corpus / name / "part-0.parquet"
        )
    clock = Ticking(datetime(2025, 5, 2, 20, tzinfo=UTC))
    with Corpus(folder.corpus) as corpus, Record.open(folder.record, clock, seeded_identifiers(3)) as record:
        yield Opened(folder, read(folder.study_file), corpus, record)


def test_the_corpus_is_counted(opened: Opened) -> None:
    facts = gather(opened.folder, opened.study, opened.corpus, opened.record)
    assert (facts.extent.posts, facts.extent.comments, facts.extent.authors, facts.extent.orphans) == (4, 4, 4, 1)
    assert (facts.extent.first, facts.extent.last, facts.extent.undated) == (date(2025, 1, 13), date(2025, 1, 15), 4)
    assert facts.coverage is not None
    assert (facts.coverage.declaring, facts.coverage.declared, facts.coverage.captured) == (3, 7, 3)
    assert [(row.hashtag, row.day.day, row.posts) for row in facts.daily] == [
        ("猫税", 13, 2), ("cattax", 13, 1), ("cattax", 14, 1), ("", 15, 1),
    ]  # fmt: skip
    assert facts.quarantine == (("the line is cut off", 1),)
    assert [(one.query, one.ranking, one.posts, one.first) for one in facts.retrievals] == [
        ("#cattax", "likes", 2, date(2025, 5, 1)),
    ]  # fmt: skip
    assert [(one.name, one.posts, one.comments) for one in facts.time_bases] == [("field", 4, 0), ("unknown", 0, 4)]
    assert next(one for one in facts.bounds if one.name == "comments of posts").unknown == 1


def test_the_design_is_told_as_declared(opened: Opened) -> None:
    facts = gather(opened.folder, opened.study, opened.corpus, opened.record)
    assert [(one.hashtag, one.quota) for one in facts.quotas] == [("猫税", 1), ("cattax", 3)]
    assert len(facts.contradictions) == 1
    assert facts.contradictions[0].startswith("#猫税: 900 discussions on 17 January 2025 but 300 on 1 May 2025")
    (group,) = facts.groups
    assert group.rules == ("a post with #tiktokrefugee", "displayed location 美国 or 英国")
    assert (group.authors, facts.ungrouped) == (2, 2)
    assert facts.dated == date(2025, 5, 1)
    assert facts.draw is None
    assert facts.frame is not None
    assert facts.frame.retrieved


def test_a_person_overrules_the_group_rules(opened: Opened) -> None:
    opened.record.append(Draft("group.assigned", "u-4", {"author": "u-4", "group": "refugees"}, "coder A", "human"))
    facts = gather(opened.folder, opened.study, opened.corpus, opened.record)
    assert (facts.groups[0].authors, facts.groups[0].by_hand, facts.ungrouped) == (3, 1, 1)


def test_the_draw_and_its_flow_are_told_from_the_record(opened: Opened) -> None:
    draw(opened.corpus, opened.study, opened.record, opened.folder.sample)
    facts = gather(opened.folder, opened.study, opened.corpus, opened.record)
    assert facts.draw is not None
    assert not facts.draw.intervals
    assert facts.dated == date(2025, 5, 3)
    assert facts.flow_all is not None
    assert (facts.draw.posts, facts.flow_all.drawn) == (2, 2)
    assert sum(row.shortfall for row in facts.flow) == facts.flow_all.shortfall == 2


def test_codes_are_told_by_coder_once_the_round_is_not_blind(opened: Opened) -> None:
    draw(opened.corpus, opened.study, opened.record, opened.folder.sample)
    open_round(opened.record, "round-1", "independent", ["coder A", "coder B"], "coder B", leads=["coder B"])
    first, second = "rednote:p:2", "rednote:p:3"
    opened.record.append_all([
        coding(first, "practice.tribute", "coder A"), coding(second, "", "coder A"), coding(first, "", "coder B"),
        coding("rednote:c:3", "affect.humour", "coder B"),
    ])  # fmt: skip
    blind = gather(opened.folder, opened.study, opened.corpus, opened.record)
    assert blind.uses == ()
    assert blind.blind == ("round-1",)
    assert blind.work == ()
    freeze(opened.record, "round-1", "coder B", leads=["coder B"])
    told = gather(opened.folder, opened.study, opened.corpus, opened.record)
    assert told.blind == ()
    assert [(one.coder, one.items, one.codings) for one in told.work] == [("coder B", 2, 2), ("coder A", 2, 2)]
    stratum = {one.item_id: one.hashtag for one in _items(opened)}
    tributes = [(one.coder, one.hashtag, one.n) for one in told.uses if one.code == "practice.tribute"]
    assert tributes == [("coder B", stratum[first], 0), ("coder A", stratum[first], 1)]
    humour = [(one.unit, one.coder, one.n, one.read) for one in told.uses if one.code == "affect.humour"]
    assert humour == [("comments", "coder B", 1, 1)]


def _items(opened: Opened) -> Sequence[Any]:
    result = draw(opened.corpus, opened.study, opened.record, opened.folder.sample)
    return result.kept.draw.items


def test_the_report_is_the_same_bytes_twice_and_names_no_place(opened: Opened) -> None:
    draw(opened.corpus, opened.study, opened.record, opened.folder.sample)
    page = build(opened.folder, opened.study, opened.corpus, opened.record)
    before = {path.relative_to(opened.folder.report): path.read_bytes() for path in opened.folder.report.rglob("*.*")}
    (opened.folder.report / "left-over.html").write_text("old")
    assert build(opened.folder, opened.study, opened.corpus, opened.record) == page
    after = {path.relative_to(opened.folder.report): path.read_bytes() for path in opened.folder.report.rglob("*.*")}
    assert before == after
    assert Path("tables/flow.csv") in after
    assert not any(str(opened.folder.root).encode() in content for content in after.values())
    rows = list(csv.DictReader(io.StringIO(after[Path("tables/quotas.csv")].decode())))
    assert [row["hashtag"] for row in rows] == ["#猫税", "#cattax"]


def test_all_formats_lie_in_one_folder_with_the_data_behind_them(opened: Opened) -> None:
    build(opened.folder, opened.study, opened.corpus, opened.record)
    found = {path.relative_to(opened.folder.report).as_posix() for path in opened.folder.report.rglob("*.*")}
    assert {"index.html", "report.docx", "report.pdf", "figures/volume.svg", "figures/volume.png", "figures/volume.csv",
            "tables/quotas.csv"} <= found  # fmt: skip
    with Image.open(opened.folder.report / "figures" / "volume.png") as picture:
        assert picture.width == 2000, "640 pixels of a page at 96 to the inch are 2,000 at 300"


@pytest.mark.slow
def test_zone_locale_hash_seed_and_place_leave_no_trace(
    tmp_path: Path, files: Mapping[str, Mapping[str, bytes]]
) -> None:
    """The report of a study made by hand in another process gives the bytes of this one, in every format."""
    elsewhere = tmp_path / "a folder with spaces" / "and 中文"
    elsewhere.mkdir(parents=True)
    code = (f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\nimport conftest, hashlib\n"
            "from resilens.report.build import render, report_of\n"
            "for name, content in sorted(render(report_of(conftest.full())).items()):\n"
            "    print(hashlib.sha256(content).hexdigest(), name)\n")  # fmt: skip
    environment = {**os.environ, "TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "99", "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=elsewhere, env=environment, capture_output=True, text=True,
                          check=True)  # fmt: skip
    here = [f"{hashlib.sha256(content).hexdigest()} {name}" for name, content in sorted(files["full"].items())]
    assert done.stdout.splitlines() == here


def test_an_empty_study_has_a_report(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.study_file.write_text('[study]\ntitle = "Nothing yet"\n', encoding="utf-8")
    with Corpus(folder.corpus) as corpus, Record.open(folder.record) as record:
        page = build(folder, read(folder.study_file), corpus, record).read_text("utf-8")
    assert "Nothing has been captured yet." in page
    assert "The record of decisions is empty." in page


def test_a_report_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    target = tmp_path / "report"
    write(target, {"index.html": b"old", "tables/a.csv": b"a"})
    with pytest.raises(OSError, match="index"):
        write(target, {"index.html": b"new", "index.html/impossible": b""})
    assert (target / "index.html").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
